/** The curves of one run: read once, thinned by the store, then followed; finer where one zooms in. */
import type { LabClient } from '../../shared/contract.ts'
import type { Series } from '../../shared/contract/runs.ts'
import { extended, noPoints } from './series.ts'
import type { Points } from './series.ts'

/** Points of a curve at first; the store keeps each part's least and greatest. */
const maxPoints = 4000
/** Points that a mean rests on at least. */
const fewest = 5
/** A curve that has grown beyond is read anew, thinned. */
const tooMany = 20_000

export class MetricsState {
  readonly names: readonly string[]
  ready = $state(false)
  readonly #client: LabClient
  readonly #run: string
  #points = $state.raw<ReadonlyMap<string, Points>>(new Map())
  #fine = $state.raw<ReadonlyMap<string, Points> | null>(null)
  #zooms = 0
  #watching: { close(): void } | null = null
  #following = false

  constructor(client: LabClient, run: string, names: readonly string[]) {
    this.#client = client
    this.#run = run
    this.names = names
  }

  /** Points of a metric, in the part that is zoomed to as fine as they were measured. */
  of(name: string): Points {
    return this.#fine?.get(name) ?? this.#points.get(name) ?? noPoints
  }

  /** Its newest value; null: none yet. */
  last(name: string): number | null {
    return this.#points.get(name)?.values.at(-1) ?? null
  }

  /** Mean of its last points, without the very first, whose time is mostly set-up; null: too few yet. */
  recentMean(name: string): number | null {
    const recent = this.#points.get(name)?.values.subarray(1).subarray(-50)
    return recent === undefined || recent.length < fewest ? null : recent.reduce((sum, value) => sum + value, 0) / recent.length
  }

  /** Reads and follows until the returned function is called. @throws nothing: what cannot be read stays empty and is told by `failed` */
  follow(failed: (error: unknown) => void): () => void {
    this.#following = true
    this.#readAll().catch(failed)
    return () => {
      this.#following = false
      this.#watching?.close()
    }
  }

  /** Fetches finer points of a part of the steps; null: back to the whole. */
  async zoom(range: { min: number; max: number } | null): Promise<void> {
    const zoom = ++this.#zooms
    if (range === null) {
      this.#fine = null
      return
    }
    const read = await this.#client.call('metrics.read', {
      run: this.#run,
      names: [...this.names],
      from: Math.floor(range.min),
      to: Math.ceil(range.max),
      maxPoints: maxPoints,
    })
    if (zoom === this.#zooms) this.#fine = new Map(read.map(({ name, steps, values }) => [name, { steps, values }]))
  }

  /** @param gap points were passed over: what is there is read anew */
  take(series: readonly Series[], gap: boolean): void {
    this.#set(series, (name, more) => extended(this.#points.get(name) ?? noPoints, more))
    const long = [...this.#points.values()].some(({ steps }) => steps.length > tooMany)
    if (gap || long) void this.#readAll().catch(() => undefined) // It goes on with what it has; the next gap tries again.
  }

  async #readAll(): Promise<void> {
    const read = await this.#client.call('metrics.read', { run: this.#run, names: [...this.names], maxPoints: maxPoints })
    if (!this.#following) return
    // Points alone: a metric's own name would take the place of a line's.
    this.#set(read, (_, { steps, values }) => ({ steps, values }))
    this.ready = true
    this.#watching?.close()
    // The newest step once more: what is measured of it afterwards, on sampled networks, comes late.
    const from = Math.max(0, ...read.map(({ steps }) => (steps[steps.length - 1] ?? 0) - 1))
    this.#watching = this.#client.open(
      'metrics.watch',
      { run: this.#run, names: [...this.names], from },
      { item: ({ series, gap }) => this.take(series, gap) },
    )
  }

  #set(series: readonly Series[], pointsOf: (name: string, series: Points) => Points): void {
    this.#points = new Map([...this.#points, ...series.map((one): [string, Points] => [one.name, pointsOf(one.name, one)])])
  }
}
