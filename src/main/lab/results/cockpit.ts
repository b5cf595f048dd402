/** The latent cockpit: one checkpoint's networks held ready in a process, for as long as somebody moves among them. */
import { cockpitImages, type Axes, type AxesRequest, type Point, type PointRequest } from '../../../shared/cockpit.ts'
import type { Exploration } from '../../../shared/engine-host.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { LabError } from '../../../shared/errors.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import type { NetworkChoice } from '../runs/network-choice.ts'
import type { RunService } from '../runs/runs.ts'

/** Milliseconds for which it is kept when nobody asks. */
const idleMilliseconds = 120_000

export class CockpitService extends LabService<LabContext & { runs: RunService }> {
  #held: { checkpoint: string; exploration: Exploration } | undefined
  #opening: Promise<unknown> = Promise.resolve()
  #idle: NodeJS.Timeout | undefined
  #asked = 0

  /** @throws LabError `not-found`; `invalid-argument` where there are no latent vectors, or not that layer */
  async axes(id: string, { at }: NetworkChoice, request: AxesRequest): Promise<Axes> {
    return this.#asking(async () => (await this.#explore(id, at, request.layer)).axes(request))
  }

  /** @throws LabError as `axes` */
  async point(id: string, { at }: NetworkChoice, request: PointRequest): Promise<Point> {
    return this.#asking(async () => (await this.#explore(id, at, request.layer)).point(request))
  }

  /** Nothing is closed while somebody waits for it. */
  async #asking<T>(ask: () => Promise<T>): Promise<T> {
    clearTimeout(this.#idle)
    this.#asked++
    try {
      return await ask()
    } finally {
      if (--this.#asked === 0) {
        this.#idle = setTimeout(() => void this.#held?.exploration.close(), idleMilliseconds)
        this.#idle.unref()
      }
    }
  }

  /** One checkpoint at a time: whoever asks for another has gone on. */
  #explore(id: string, at: number | undefined, layer: number | undefined): Promise<Exploration> {
    const found = this.#opening.then(() => this.#open(id, at, layer))
    this.#opening = found.catch(() => undefined)
    return found
  }

  async #open(id: string, at: number | undefined, layer: number | undefined): Promise<Exploration> {
    const { runs, explore } = this.context
    const run = runs.get(id)
    const { hash } = runs.checkpointRecord(run.id, at)
    const { weighted } = layOut(run.document.target)
    if (layer !== undefined && layer > weighted.length)
      throw new LabError('invalid-argument', `There is no layer ${layer} with weights.`, `Name one of 1 to ${weighted.length}.`)
    if (this.#held?.checkpoint === hash && this.#held.exploration.isOpen) return this.#held.exploration
    await this.#held?.exploration.close()
    const checkpoint = await runs.checkpoint(run.id, at)
    const exploration = explore({
      document: checkpoint.document,
      checkpoint: checkpoint.state,
      data: await runs.data(run),
      count: Math.min(cockpitImages, run.document.data.split.validation),
    })
    this.#held = { checkpoint: hash, exploration }
    return exploration
  }
}
