/** The map that is shown, how it is coloured, and which of its networks are chosen. */
import { colourValues } from '../../../analyses/map/definition.ts'
import type { LabClient, ResultOf } from '../../../shared/contract.ts'
import type { AnalysisResult } from '../../../shared/contract/analyses.ts'
import type { NetworkBookmark } from '../../../shared/contract/networks.ts'
import type { Task } from '../../../shared/contract/tasks.ts'
import { LabError } from '../../../shared/errors.ts'
import { asLabError, wasCancelled } from '../../state/errors.ts'
import { coloursOf, domainOf } from '../../charts/scatter/colour-scale.ts'
import { emphasise } from '../../charts/scatter/points.ts'
import { measuresOf } from './measures.ts'

/** A stored map: float32 [n, 2], and a value a network by name to colour by. */
export interface MapPoints {
  map: AnalysisResult<'map'>
  coordinates: Float32Array
  values: Record<string, Float32Array>
}
/** A map while it is laid out. */
export interface MapDraft {
  iteration: number
  iterations: number
  coordinates: Float32Array
}

const none = new Float32Array(0)

export class ManifoldState {
  readonly run: string
  /** The stored map at hand. */
  points = $state.raw<MapPoints | null>(null)
  error = $state.raw<LabError | null>(null)
  /** The map that is being laid out. */
  draft = $state.raw<MapDraft | null>(null)
  bookmarks = $state.raw<readonly NetworkBookmark[]>([])
  /** What the person wants points coloured by, if the map has it. */
  wanted = $state('accuracy')
  hovered = $state(-1)
  /** Indices of networks chosen by lasso or in the table. */
  chosen = $state.raw<ReadonlySet<number>>(new Set())
  dark = $state(false)
  readonly #client: LabClient
  #reading: AbortController | null = null

  readonly coordinates = $derived(this.draft?.coordinates ?? this.points?.coordinates ?? none)
  readonly values = $derived<Readonly<Record<string, Float32Array>>>(this.draft === null ? (this.points?.values ?? {}) : {})
  readonly measures = $derived(measuresOf(this.values))
  readonly measure = $derived(this.measures.find(({ key }) => key === this.wanted) ?? this.measures.at(0) ?? null)
  readonly domain = $derived(domainOf(this.measure === null ? [] : this.values[this.measure.key]))
  readonly #colours = $derived(
    coloursOf(this.measure === null ? null : this.values[this.measure.key], this.coordinates.length >> 1, this.domain, this.dark),
  )
  readonly #emphasised = $derived(emphasise(this.#colours, this.chosen))
  readonly cloud = $derived({ coordinates: this.coordinates, ...this.#emphasised })
  /** Bookmarked networks that are on the map. */
  readonly bookmarksOnMap = $derived.by(() => {
    const { points, draft } = this
    if (points === null || draft !== null) return []
    const { checkpoint, seed, count } = points.map
    return this.bookmarks.filter((one) => one.checkpoint === checkpoint && one.seed === seed && one.index < count)
  })

  constructor(client: LabClient, run: string) {
    this.#client = client
    this.run = run
  }

  /** Shows a stored map; the one at hand stays until it is there. */
  async show(id: number): Promise<void> {
    this.#reading?.abort()
    const reading = new AbortController()
    this.#reading = reading
    try {
      const points = pointsOf(await this.#client.call('results.arrays', { run: this.run, id }, { signal: reading.signal }))
      if (reading.signal.aborted) return
      const other = this.points === null || !isSameSource(this.points, points)
      this.points = points
      this.error = null
      this.hovered = -1
      if (other) this.chosen = new Set()
    } catch (thrown) {
      if (reading.signal.aborted || wasCancelled(thrown)) return
      this.error = asLabError(thrown)
    }
  }

  /** Follows a map on its way until the returned function is called. */
  follow(task: string): () => void {
    const watching = this.#client.open(
      'analyses.watch',
      { task },
      {
        item: ({ done, total, arrays }) => {
          this.draft = { iteration: done, iterations: total, coordinates: arrays['coordinates'].data }
          this.hovered = -1
        },
      },
    )
    return () => {
      watching.close()
    }
  }

  /** The task has ended: its map is shown, or the one before it again. */
  async settle(task: Task): Promise<number | null> {
    const made = task.made.find(({ kind }) => kind === 'map')
    if (made !== undefined) await this.show(Number(made.id))
    this.draft = null
    return made === undefined ? null : Number(made.id)
  }

  async readBookmarks(): Promise<void> {
    this.bookmarks = await this.#client.call('networks.bookmarks', { run: this.run })
  }

  choose(indices: Iterable<number>, add = false): void {
    this.chosen = new Set(add ? [...this.chosen, ...indices] : indices)
  }

  /** One network's values in the order of the measures. */
  summaryOf(index: number): { key: string; title: string; text: string }[] {
    return this.measures.map(({ key, title, format }) => ({ key, title, text: format(this.values[key][index]) }))
  }
}

function pointsOf({ result, arrays }: ResultOf<'results.arrays'>): MapPoints {
  if (result.kind !== 'map') throw new LabError('not-found', `Result ${result.id} is no map.`, 'Choose another one.')
  return { map: result, coordinates: arrays['coordinates'].data, values: colourValues(arrays) }
}

function isSameSource({ map: a }: MapPoints, { map: b }: MapPoints): boolean {
  return a.checkpoint === b.checkpoint && a.seed === b.seed && a.count === b.count
}
