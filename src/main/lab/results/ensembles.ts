/** Ensembles: how three votes grow with the number of networks, from the probability cache. */
import { LabError } from '../../../shared/errors.ts'
import type { EnsembleResult } from '../../../shared/results.ts'
import { layOut } from '../../../shared/target-layout.ts'
import type { EnsembleRecord } from '../../store/types.ts'
import { chosenNetworks, onImages } from '../runs/network-choice.ts'
import type { ChosenNetworks, ImageChoice, NetworkChoice } from '../runs/network-choice.ts'
import type { EvaluationService } from './evaluation.ts'
import type { LabContext } from '../context/lab-context.ts'
import { lines } from '../runs/run-log.ts'
import type { RunService } from '../runs/runs.ts'

export interface EnsembleRequest extends NetworkChoice, ImageChoice {
  /** Networks an ensemble. */
  sizes: readonly number[]
  /** Networks to draw ensembles from; default: the largest size. */
  count?: number
  /** Their indices, where they are not simply the first ones. */
  networks?: readonly number[]
}

/** Random ensembles a size, at most: their percentiles are the curve's bands. */
const draws = 100

export class EnsembleService {
  readonly #context: LabContext
  readonly #runs: RunService
  readonly #evaluation: EvaluationService

  constructor(context: LabContext, runs: RunService, evaluation: EvaluationService) {
    this.#context = context
    this.#runs = runs
    this.#evaluation = evaluation
  }

  /**
   * Accuracy of each vote at each size. Networks not evaluated yet are evaluated first.
   * @throws LabError `invalid-argument` when a size is larger than `count`, `memory`
   */
  async vote(id: string, request: EnsembleRequest): Promise<EnsembleResult> {
    return (await this.record(id, request)).result
  }

  /** As `vote`, with all that decides it. */
  record(id: string, request: EnsembleRequest): Promise<EnsembleRecord> {
    return this.#runs.using(id, request, (chosen) => this.#recordOf(chosen, request))
  }

  async #recordOf(chosen: ChosenNetworks, request: EnsembleRequest): Promise<EnsembleRecord> {
    const sizes = [...new Set(request.sizes)].sort((a, b) => a - b)
    const largest = sizes[sizes.length - 1]
    const members = request.networks === undefined ? null : chosenNetworks(request.networks)
    const count = members === null ? (request.count ?? largest) : Math.max(...members) + 1
    const available = members?.length ?? count
    if (largest > available) {
      throw new LabError(
        'invalid-argument',
        `An ensemble of ${largest} cannot be drawn from ${available} networks.`,
        'Choose more networks, or smaller sizes.',
        { settings: { count: largest, sizes: null } },
      )
    }
    const { run, checkpoint } = chosen
    const key = onImages(chosen, count, request)
    const { classes } = layOut(checkpoint.document.target)
    const { store, jobs } = this.#context
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
          record.sizes.join() === sizes.join() &&
          record.networks?.join() === members?.join(),
      )
    if (stored !== undefined) return stored

    const bytes = 4 * count * key.images * classes
    const free = process.availableMemory()
    if (bytes > free) {
      throw new LabError(
        'memory',
        `The probabilities of ${count} networks on ${key.images} images take ${Math.ceil(bytes / 1e6)} MB, and ${Math.floor(free / 1e6)} MB are available.`,
        'Ask for fewer networks or images.',
        { settings: { count: null, images: null } },
      )
    }
    const cache = await this.#evaluation.probabilities(chosen, key)
    // The engine reads the file itself, and cannot tell a damaged one.
    await store.probabilities.verify(cache)
    const { result } = await jobs.submit<'ensemble'>(
      {
        kind: 'ensemble',
        probabilitiesPath: cache.path,
        networks: count,
        ...(members === null ? {} : { members }),
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
    const record = store.ensembles.add({ ...key, sizes, networks: members, result })
    store.events.add(run.id, lines.ensemble(record))
    return record
  }
}
