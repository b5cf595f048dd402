/** The map that is shown, how it is coloured, and which of its networks are chosen. */
import { components, networkAt } from '../../../analyses/map/definition.ts'
import type { RunPart } from '../../../analyses/run-part.ts'
import { colourValues } from '../../../analyses/network-values.ts'
import type { NamedArrays } from '../../../analyses/analysis.ts'
import type { LabClient, ResultOf } from '../../../shared/contract.ts'
import type { AnalysisResult } from '../../../shared/contract/analyses.ts'
import type { NetworkBookmark } from '../../../shared/contract/networks.ts'
import type { Task } from '../../../shared/contract/tasks.ts'
import { LabError } from '../../../shared/errors.ts'
import { NetworkChoice, nobody } from '../../state/network-choice.svelte.ts'
import { asLabError, wasCancelled } from '../../state/errors.ts'
import { coloursOf, domainOf, groupColoursOf } from '../../charts/scatter/colour-scale.ts'
import { emphasise } from '../../charts/scatter/points.ts'
import { narrow, searchTexts } from '../../components/tables/table.ts'
import { basisOf, imagesInWords } from '../../../analyses/basis.ts'
import { count as integers } from '../../../shared/wording.ts'
import { fieldsOf, measuresOf } from '../measures.ts'
import { planeOf, planesOf } from './planes.ts'

/** A stored map: float32 [n, 2], and a value a network by name to colour by. */
export interface MapPoints {
  map: AnalysisResult<'map'>
  coordinates: Float32Array
  values: Record<string, Float32Array>
  /** The first principal components by name, [n] each; none in old maps. */
  components: Record<string, Float32Array>
  /** Nearest networks of each, nearest first, [n, k]; null: not known. */
  nearest: { k: number; neighbours: Float32Array; distances: Float32Array } | null
}
/** A map while it is laid out. */
export interface MapDraft {
  iteration: number
  iterations: number
  coordinates: Float32Array
}

const none = new Float32Array(0)
/** Numbers written beside points, at most: more could not be read. */
const maxLabels = 100

export class ManifoldState {
  readonly run: string
  /** The stored map at hand. */
  points = $state.raw<MapPoints | null>(null)
  error = $state.raw<LabError | null>(null)
  /** The map that is being laid out. */
  draft = $state.raw<MapDraft | null>(null)
  bookmarks = $state.raw<readonly NetworkBookmark[]>([])
  /** What the person wants points coloured by, if the map has it; else by run where there are several. */
  wanted = $state('')
  hovered = $state(-1)
  dark = $state(false)
  /** Colours to tell runs apart by, `rgb(1, 2, 3)` each. */
  series = $state.raw<readonly string[]>([])
  /** What is typed over the table: the map hides what it leaves out, too. */
  filter = $state('')
  /** Whether all but the chosen networks are hidden. */
  chosenOnly = $state(false)
  /** Whether chosen networks have their number written beside them. */
  labelled = $state(false)
  /** Which plane is asked for, if the map has it. */
  wantedPlane = $state('map')
  readonly #client: LabClient
  readonly #choice: NetworkChoice
  #reading: AbortController | null = null
  /** How many of the last ones to be chosen could not be, and what was chosen instead. */
  #refused = $state.raw<{ count: number; chosen: ReadonlySet<number> } | null>(null)

  /** Indices of networks chosen by lasso or in the table, here or in another view. */
  readonly chosen = $derived.by(() => (this.points === null ? nobody : this.#choice.of(this.points.map)))
  /** Networks of other runs that were to be chosen with these, and could not be. */
  readonly leftOut = $derived(this.#refused?.chosen === this.chosen ? this.#refused.count : 0)
  readonly planes = $derived(this.points === null || this.draft !== null ? [] : planesOf(this.points))
  readonly plane = $derived(this.planes.find(({ value }) => value === this.wantedPlane) ?? this.planes.at(0) ?? null)
  readonly coordinates = $derived(
    this.draft?.coordinates ?? (this.points === null ? none : planeOf(this.points, this.plane?.value ?? 'map')),
  )
  /** Whose networks they are, where they are of several runs. */
  readonly runs = $derived(this.draft === null ? (this.points?.map.result.runs ?? []) : [])
  /** What they are called: by their names, where these tell them apart. */
  readonly runNames = $derived(
    this.runs.map(({ run, name }) => (this.runs.filter((other) => other.name === name || other.run === name).length > 1 ? run : name)),
  )
  readonly values = $derived.by((): Readonly<Record<string, Float32Array>> => {
    if (this.draft !== null || this.points === null) return {}
    if (this.runs.length === 0) return this.points.values
    return { ...this.points.values, run: Float32Array.from(this.runs.flatMap(({ count }, at) => Array<number>(count).fill(at))) }
  })
  readonly measures = $derived(measuresOf(this.values, this.points?.map.images ?? null, this.runNames))
  /** Which images its networks were tried on: "5,000 validation images"; empty: none. */
  readonly triedOn = $derived(this.points === null || this.points.map.images === null ? '' : imagesInWords(basisOf(this.points.map)))
  readonly measure = $derived(
    this.measures.find(({ key }) => key === this.wanted) ??
      this.measures.find(({ names }) => names !== undefined) ??
      this.measures.at(0) ??
      null,
  )
  /** The same where what the points are coloured by was measured on images; else empty. */
  readonly measuredOn = $derived(['accuracy', 'loss', 'disagreement'].includes(this.measure?.key ?? '') ? this.triedOn : '')
  readonly domain = $derived(domainOf(this.measure === null ? [] : this.values[this.measure.key]))
  readonly #colours = $derived(this.coloursIn(this.dark, this.series))
  readonly fields = $derived(fieldsOf(this.values, this.runNames, (point) => this.networkAt(point).index))
  /** Networks that may be shown: all, or the chosen ones. */
  readonly offered = $derived.by(() => {
    const all = Array.from({ length: this.coordinates.length >> 1 }, (_, index) => index)
    return this.chosenOnly && this.chosen.size > 0 ? all.filter((index) => this.chosen.has(index)) : all
  })
  /** Those of them that pass the filter. */
  readonly visible = $derived(narrow(this.offered, this.fields, this.filter, searchTexts(this.fields)).rows)
  readonly #emphasised = $derived(emphasise(this.#colours, this.chosen, this.draft === null ? this.visible : null))
  /** Networks with their names beside them: bookmarks, and the chosen ones if that is wanted. */
  readonly labels = $derived.by(() => {
    if (!this.labelled) return []
    const shown = new Set(this.visible)
    const bookmarks = this.bookmarksOnMap.filter(({ index }) => shown.has(index)).map(({ index, label }) => ({ index, text: label }))
    const named = new Set(bookmarks.map(({ index }) => index))
    const chosen = this.visible.filter((index) => this.chosen.has(index) && !named.has(index)).slice(0, maxLabels)
    return [...bookmarks, ...chosen.map((index) => ({ index, text: String(index) }))]
  })
  readonly cloud = $derived({ coordinates: this.coordinates, ...this.#emphasised })
  /** Bookmarked networks that are on the map. */
  readonly bookmarksOnMap = $derived.by(() => {
    const { points, draft } = this
    if (points === null || draft !== null) return []
    const { checkpoint, seed, count } = points.map
    return this.bookmarks.filter((one) => one.checkpoint === checkpoint && one.seed === seed && one.index < count)
  })

  constructor(client: LabClient, run: string, choice = new NetworkChoice()) {
    this.#client = client
    this.#choice = choice
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
      this.points = points
      this.error = null
      this.hovered = -1
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

  /** Networks of the run itself: what is done with chosen ones is done with one run's. */
  choose(indices: Iterable<number>, add = false): void {
    if (this.points === null) return
    const { map } = this.points
    const all = [...indices]
    const own = all.filter((index) => index < map.count)
    this.#choice.choose(map, own, add)
    this.#refused = { count: all.length - own.length, chosen: this.chosen }
  }

  /** The network that a point is. */
  networkAt(point: number): RunPart & { index: number } {
    if (this.points === null) throw new Error('There is no map')
    return networkAt(this.points.map, point)
  }

  /** As it is called: by its index, and its run where there are several. */
  nameOf(point: number): string {
    if (this.runs.length === 0) return `Network ${integers(point)}`
    const { run, index } = this.networkAt(point)
    return `Network ${integers(index)} of ${this.runNames[this.runs.findIndex((one) => one.run === run)]}`
  }

  /** Colour of each point, uint8 [n, 4]. @param series to tell runs apart by */
  coloursIn(dark: boolean, series: readonly string[]): Uint8Array {
    const { measure, values, coordinates, domain } = this
    if (measure?.names !== undefined) return groupColoursOf(values[measure.key], series)
    return coloursOf(measure === null ? null : values[measure.key], coordinates.length >> 1, domain, dark)
  }

  /** What shows the networks of one run alone. */
  onlyRun(name: string): string {
    return `run = "${name.replaceAll('"', '')}"`
  }

  /** Shows them, or all again. */
  toggleRun(name: string): void {
    this.filter = this.filter === this.onlyRun(name) ? '' : this.onlyRun(name)
  }

  /** The networks nearest to one in weight space, nearest first; null: the map does not know them. */
  neighboursOf(index: number): { index: number; distance: number }[] | null {
    const nearest = this.points?.nearest ?? null
    if (nearest === null) return null
    const { k, neighbours, distances } = nearest
    return Array.from({ length: k }, (_, rank) => ({ index: neighbours[index * k + rank], distance: distances[index * k + rank] }))
  }

  /** One network's values in the order of the measures. */
  summaryOf(index: number): { key: string; title: string; text: string }[] {
    return this.measures.map(({ key, title, format, told }) => ({ key, title, text: (told ?? format)(this.values[key][index]) }))
  }
}

function pointsOf({ result, arrays }: ResultOf<'results.arrays'>): MapPoints {
  if (result.kind !== 'map') throw new LabError('not-found', `Result ${result.id} is no map.`, 'Choose another one.')
  return {
    map: result,
    coordinates: arrays['coordinates'].data,
    values: colourValues(arrays),
    components: components(arrays),
    nearest: nearestOf(arrays),
  }
}

function nearestOf(arrays: Partial<NamedArrays>): MapPoints['nearest'] {
  const { neighbours, distances } = arrays
  return neighbours === undefined || distances === undefined
    ? null
    : { k: neighbours.shape[1], neighbours: neighbours.data, distances: distances.data }
}
