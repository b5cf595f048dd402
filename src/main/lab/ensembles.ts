/** Ensembles: how three votes grow with the number of networks, from the probability cache. */
import { LabError } from '../../shared/errors.ts'
import type { EnsembleResult } from '../../shared/results.ts'
import type { EvaluationService, ImageChoice } from './evaluation.ts'
import type { LabParts } from './parts.ts'
import type { RunService } from './runs.ts'
import type { NetworkChoice } from './sampling.ts'

export interface EnsembleRequest extends NetworkChoice, ImageChoice {
  /** Networks an ensemble. */
  sizes: readonly number[]
  /** Networks to draw ensembles from; default: the largest size. */
  count?: number
}

/** Random ensembles a size, at most: their percentiles are the curve's bands. */
const draws = 100

export class EnsembleService {
  readonly #parts: LabParts
  readonly #runs: RunService
  readonly #evaluation: EvaluationService

  constructor(parts: LabParts, runs: RunService, evaluation: EvaluationService) {
    this.#parts = parts
    this.#runs = runs
    this.#evaluation = evaluation
  }

  /**
   * Accuracy of each vote at each size. Networks not evaluated yet are evaluated first.
   * @throws LabError `wrong-use` when a size is larger than `count`, `memory`
   */
  async vote(id: string, request: EnsembleRequest): Promise<EnsembleResult> {
    const sizes = [...new Set(request.sizes)].sort((a, b) => a - b)
    const largest = sizes[sizes.length - 1]
    const count = request.count ?? largest
    if (largest > count) {
      throw new LabError(
        'wrong-use',
        `An ensemble of ${largest} cannot be drawn from ${count} networks.`,
        `Ask for at least -n ${largest}, or smaller --sizes.`,
      )
    }
    const resolved = await this.#evaluation.resolve(id, { ...request, count })
    const { run, key, classes } = resolved
    const { store, jobs } = this.#parts
    const stored = store.ensembles
      .list(run.id)
      .findLast(
        (record) =>
          record.checkpoint === key.checkpoint &&
          record.seed === key.seed &&
          record.count === key.count &&
          record.dataset === key.dataset &&
          record.split === key.split &&
          record.images === key.images &&
          record.sizes.join() === sizes.join(),
      )
    if (stored !== undefined) return stored.result

    const bytes = 4 * count * key.images * classes
    const available = process.availableMemory()
    if (bytes > available) {
      throw new LabError(
        'memory',
        `The probabilities of ${count} networks on ${key.images} images take ${Math.ceil(bytes / 1e6)} MB, and ${Math.floor(available / 1e6)} MB are available.`,
        'Ask for fewer networks or images (-n, --images).',
      )
    }
    const cache = await this.#evaluation.probabilities(resolved)
    const { result } = await jobs.submit<'ensemble'>(
      {
        kind: 'ensemble',
        probabilitiesPath: cache.path,
        networks: count,
        images: key.images,
        classes,
        data: await this.#runs.data(run),
        split: key.split,
        sizes,
        draws,
        seed: key.seed,
      },
      { run: run.id, total: sizes.length },
    ).result
    store.ensembles.add({ ...key, sizes, result })
    return result
  }
}
