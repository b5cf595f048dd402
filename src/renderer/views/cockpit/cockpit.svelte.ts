/** A place among latent vectors that a person moves through, and the network there: asked one at a time, the newest place next. */
import { cockpitDirections, pointOn, type Axes, type AxesRequest, type Point } from '../../../shared/cockpit.ts'
import type { LabClient } from '../../../shared/contract.ts'
import type { LabError } from '../../../shared/errors.ts'
import { asLabError } from '../../state/errors.ts'

export class CockpitState {
  readonly #client: LabClient
  readonly #run: { run: string; at: number }
  axes = $state.raw<Axes | null>(null)
  point = $state.raw<Point | null>(null)
  error = $state.raw<LabError | null>(null)
  /** Along each direction, -1 to 1. */
  amounts = $state.raw<readonly number[]>(Array.from({ length: cockpitDirections }, () => 0))
  /** Milliseconds from a place to its network. */
  took = $state<number | null>(null)
  shown = $state.raw({ layer: 1, channel: 0 })
  #asking = false
  #stale = false
  #turn = 0

  constructor(client: LabClient, run: string, at: number) {
    this.#client = client
    this.#run = { run, at }
  }

  get z(): Float32Array | null {
    return this.axes === null ? null : pointOn(this.axes, this.amounts)
  }

  /** Takes other directions, and begins in their middle. */
  async turn(request: AxesRequest): Promise<void> {
    const turn = ++this.#turn
    try {
      const axes = await this.#client.call('networks.axes', { ...this.#run, ...request })
      if (turn !== this.#turn) return
      this.axes = axes
      this.move(this.amounts.map(() => 0))
    } catch (thrown) {
      if (turn === this.#turn) this.error = asLabError(thrown)
    }
  }

  move(amounts: readonly number[]): void {
    this.amounts = amounts.map((amount) => Math.round(100 * Math.min(1, Math.max(-1, amount))) / 100)
    void this.#ask()
  }

  look(layer: number, channel: number): void {
    this.shown = { layer, channel }
    void this.#ask()
  }

  async #ask(): Promise<void> {
    if (this.#asking) {
      this.#stale = true
      return
    }
    this.#asking = true
    // A place that could not be asked about is no reason to leave out the newest.
    do {
      this.#stale = false
      await this.#askOnce()
    } while (this.#stale as boolean)
    this.#asking = false
  }

  async #askOnce(): Promise<void> {
    const { z } = this
    if (z === null) return
    const from = performance.now()
    try {
      this.point = await this.#client.call('networks.point', { ...this.#run, z, ...this.shown })
      this.took = performance.now() - from
      this.error = null
    } catch (thrown) {
      this.error = asLabError(thrown)
    }
  }
}
