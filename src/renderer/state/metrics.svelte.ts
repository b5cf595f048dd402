/** The curves of one run: read once, thinned by the store, then followed; finer where one zooms in. */
import type { LabClient } from '../../shared/contract.ts'
import type { Series } from '../../shared/contract/runs.ts'
import { SeriesBuffer } from './series.ts'

/** Points of a curve at first; the store keeps each part's least and greatest. */
const maxPoints = 4000
/** A curve that has grown beyond is read anew, thinned. */
const tooMany = 20_000

export interface Points {
  steps: Float64Array
  values: Float64Array
}

const none: Points = { steps: new Float64Array(0), values: new Float64Array(0) }

export class MetricsState {
  readonly names: readonly string[]
  ready = $state(false)
  readonly #client: LabClient
  readonly #run: string
  readonly #buffers = new Map<string, SeriesBuffer>()
  #version = $state(0)
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
    void this.#version
    return this.#fine?.get(name) ?? this.#buffers.get(name)?.points ?? none
  }

  /** Its newest value; null: none yet. */
  last(name: string): number | null {
    void this.#version
    const points = this.#buffers.get(name)?.points
    return points === undefined || points.values.length === 0 ? null : points.values[points.values.length - 1]
  }

  /** Mean of its last points; null: none yet. */
  recentMean(name: string): number | null {
    void this.#version
    const recent = this.#buffers.get(name)?.points.values.subarray(-50)
    return recent === undefined || recent.length === 0 ? null : recent.reduce((sum, value) => sum + value, 0) / recent.length
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
    for (const { name, ...points } of series) this.#bufferOf(name).append(points)
    this.#version++
    const long = [...this.#buffers.values()].some(({ points }) => points.steps.length > tooMany)
    if (gap || long) void this.#readAll().catch(() => undefined) // It goes on with what it has; the next gap tries again.
  }

  async #readAll(): Promise<void> {
    const read = await this.#client.call('metrics.read', { run: this.#run, names: [...this.names], maxPoints: maxPoints })
    if (!this.#following) return
    for (const { name, ...points } of read) this.#bufferOf(name).replace(points)
    this.#version++
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

  #bufferOf(name: string): SeriesBuffer {
    const buffer = this.#buffers.get(name) ?? new SeriesBuffer()
    this.#buffers.set(name, buffer)
    return buffer
  }
}
