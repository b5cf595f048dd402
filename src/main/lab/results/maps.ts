/** Maps: sampled networks as points in the plane, with values to colour them by. */
import { join } from 'node:path'
import { writeWhole } from '../../store/files/files.ts'
import { LabError } from '../../../shared/errors.ts'
import { largest } from '../../../shared/largest.ts'
import { keepColours } from '../../../shared/map-colours.ts'
import { mapOptions } from '../../../shared/map-options.ts'
import type { MapOptions } from '../../../shared/map-options.ts'
import type { MapResult } from '../../../shared/results.ts'
import type { MapRecord, ProbabilityCache, ProbabilityKey } from '../../store/types.ts'
import { onImages } from '../runs/network-choice.ts'
import type { ChosenNetworks, ImageChoice, NetworkChoice } from '../runs/network-choice.ts'
import type { EvaluationService } from './evaluation.ts'
import type { LabContext } from '../context/lab-context.ts'
import { lines } from '../runs/run-log.ts'
import type { RunService } from '../runs/runs.ts'

export interface MapRequest extends NetworkChoice {
  count: number
  method: 'pca' | 'tsne'
  options?: Partial<MapOptions>
  /** Images on which points get their accuracy, loss and disagreement; null: coordinates only. */
  colours: ImageChoice | null
}

export interface MapOutcome extends MapResult {
  record: MapRecord
  coordinates: Float32Array
  values: Record<string, Float32Array>
}

export class MapService {
  readonly #context: LabContext
  readonly #runs: RunService
  readonly #evaluation: EvaluationService

  constructor(context: LabContext, runs: RunService, evaluation: EvaluationService) {
    this.#context = context
    this.#runs = runs
    this.#evaluation = evaluation
  }

  /**
   * Lays out the first `count` networks of a seed, and keeps the map.
   * @throws LabError `invalid-argument` when the perplexity does not fit so few networks
   */
  async map(id: string, request: MapRequest): Promise<MapOutcome> {
    const options = mapOptions(request.count, request.method, request.options)
    return this.#runs.using(id, request, (chosen) => this.#mapOf(chosen, request, options))
  }

  async #mapOf(chosen: ChosenNetworks, { count, method, colours }: MapRequest, options: MapOptions): Promise<MapOutcome> {
    const { store, jobs } = this.#context
    const { run, checkpoint, seed } = chosen
    const on = colours === null ? null : onImages(chosen, count, colours)
    const coloured = on === null ? {} : await this.#colours(chosen, on)
    const job = await jobs.submit<'map'>(
      { kind: 'map', document: checkpoint.document, checkpoint: checkpoint.state, seed, count, method, options },
      { run: run.id, total: method === 'tsne' ? options.iterations : 1 },
    ).result
    const values = { ...coloured, ...job.values }
    const kept = { ...options, ...(on === null ? {} : keepColours(on)) }
    const record = await store.maps.add(
      { run: run.id, checkpoint: checkpoint.record.hash, seed, count, result: job.result, options: kept },
      job.coordinates,
      values,
    )
    store.events.add(run.id, lines.map(record))
    return { ...job.result, record, coordinates: job.coordinates, values }
  }

  async #colours(chosen: ChosenNetworks, key: ProbabilityKey): Promise<Record<string, Float32Array>> {
    const { accuracies, losses } = (await this.#evaluation.recordOf(chosen, key)).record.result
    const cache = await this.#evaluation.probabilities(chosen, key)
    return {
      accuracy: Float32Array.from(accuracies),
      loss: Float32Array.from(losses),
      disagreement: await this.#disagreement(cache, key.count),
    }
  }

  /** Share of images on which each network differs from the majority vote of all, [count]. */
  async #disagreement(cache: ProbabilityCache, count: number): Promise<Float32Array> {
    const { images, classes } = cache
    const chosen = new Uint8Array(count * images)
    const votes = new Uint32Array(images * classes)
    const part = Math.max(1, Math.floor(8e6 / (images * classes)))
    for (let first = 0; first < count; first += part) {
      const probabilities = await this.#context.store.probabilities.read(cache, first, Math.min(part, count - first))
      for (let row = 0; row * classes < probabilities.length; row++) {
        const best = largest(probabilities, row * classes, classes)
        chosen[first * images + row] = best
        votes[(row % images) * classes + best]++
      }
    }
    const majority = Uint8Array.from({ length: images }, (_, image) => largest(votes, image * classes, classes))
    return Float32Array.from({ length: count }, (_, network) => {
      let different = 0
      for (let image = 0; image < images; image++) if (chosen[network * images + image] !== majority[image]) different++
      return different / images
    })
  }

  /** A stored map, as when it was made. @throws LabError `corrupt` */
  async open(record: MapRecord): Promise<MapOutcome> {
    return { ...record.result, record, ...(await this.#context.store.maps.read(record)) }
  }

  /** A stored map by its id. @throws LabError `not-found`, `corrupt` */
  async stored(id: string, map: number): Promise<MapOutcome> {
    const run = this.#runs.get(id)
    const record = this.#context.store.maps.list(run.id).find((one) => one.id === map)
    if (record === undefined)
      throw new LabError('not-found', `${run.id} has no map ${map}.`, 'See which it has.', { action: 'show-run', run: run.id })
    return this.open(record)
  }

  /**
   * Writes a map as CSV (a row a network: index, x, y, values) or JSON.
   * @param path default: in the run's folder
   * @returns where it is
   * @throws LabError `disk`
   */
  async write(outcome: MapOutcome, format: 'csv' | 'json', path?: string): Promise<string> {
    const { run, id, result } = outcome.record
    const place = path ?? join(this.#context.store.runs.folder(run), `map-${id}-${result.method}-${result.n}.${format}`)
    await writeWhole(place, Buffer.from(format === 'json' ? toJson(outcome) : toCsv(outcome)), 'write the map')
    return place
  }
}

function toCsv({ coordinates, values, n }: MapOutcome): string {
  const names = Object.keys(values)
  const lines = [['index', 'x', 'y', ...names].join(',')]
  for (let i = 0; i < n; i++) {
    lines.push([i, coordinates[2 * i], coordinates[2 * i + 1], ...names.map((name) => values[name][i])].join(','))
  }
  return lines.join('\n') + '\n'
}

function toJson({ record, coordinates, values, n, method, klDivergence, explained }: MapOutcome): string {
  const { run, checkpoint, seed, options } = record
  const points = Array.from({ length: n }, (_, i) => ({
    index: i,
    x: coordinates[2 * i],
    y: coordinates[2 * i + 1],
    ...Object.fromEntries(Object.entries(values).map(([name, column]) => [name, column[i]])),
  }))
  return JSON.stringify({ run, checkpoint, seed, method, options, klDivergence, explained, points }, null, 1) + '\n'
}
