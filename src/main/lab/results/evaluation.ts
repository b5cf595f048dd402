/**
 * Evaluations of sampled networks. Each network's probabilities are kept in a cache file, from which
 * votes, calibration and disagreement are computed without running networks again.
 */
import type { JobOf } from '../../../shared/engine-protocol.ts'
import type { EvaluationResult } from '../../../shared/results.ts'
import { layOut } from '../../../shared/target-layout.ts'
import type { EvaluationRecord, ProbabilityCache, ProbabilityKey } from '../../store/types.ts'
import { onImages } from '../runs/network-choice.ts'
import type { ChosenNetworks, ImageChoice, NetworkChoice } from '../runs/network-choice.ts'
import type { LabContext } from '../context/lab-context.ts'
import { lines } from '../runs/run-log.ts'
import type { RunService } from '../runs/runs.ts'

export interface EvaluateRequest extends NetworkChoice, ImageChoice {
  count: number
  /** Run the networks again although the result is stored. */
  fresh?: boolean
}

export interface Evaluated {
  record: EvaluationRecord
  /** It was computed before. */
  reused: boolean
}

export class EvaluationService {
  readonly #context: LabContext
  readonly #runs: RunService

  constructor(context: LabContext, runs: RunService) {
    this.#context = context
    this.#runs = runs
  }

  /**
   * Accuracy and loss of each of the first `count` networks of a seed; at once if they were computed before.
   * @throws LabError `invalid-argument` when there are fewer images, `not-found`
   */
  async evaluate(id: string, request: EvaluateRequest): Promise<EvaluationResult & { reused: boolean }> {
    const { record, reused } = await this.record(id, request)
    return { ...record.result, reused }
  }

  /** As `evaluate`, with all that decides it. */
  record(id: string, request: EvaluateRequest): Promise<Evaluated> {
    return this.#runs.using(id, request, (chosen) =>
      this.recordOf(chosen, onImages(chosen, request.count, request), { fresh: request.fresh === true }),
    )
  }

  /** As `record`, of networks that were chosen. */
  async recordOf(chosen: ChosenNetworks, key: ProbabilityKey, { fresh = false } = {}): Promise<Evaluated> {
    // An evaluation leaves the probabilities behind, for votes and cards: where these are gone it is done again.
    const stored = fresh || this.#context.store.probabilities.find(key) === null ? undefined : this.#stored(key)
    if (stored !== undefined) return { record: stored, reused: true }
    return { record: (await this.#run(chosen, key)).record, reused: false }
  }

  /** The probabilities of at least `count` networks, evaluating them first where they are not kept yet. */
  async probabilities(chosen: ChosenNetworks, key: ProbabilityKey): Promise<ProbabilityCache> {
    return this.#context.store.probabilities.find(key) ?? (await this.#run(chosen, key)).cache
  }

  #stored(key: ProbabilityKey): EvaluationRecord | undefined {
    return this.#context.store.evaluations
      .list(key.run, { during: false, split: key.split })
      .find(
        ({ checkpoint, seed, dataset, result }) =>
          checkpoint === key.checkpoint &&
          seed === key.seed &&
          dataset === key.dataset &&
          result.n === key.count &&
          result.images === key.images,
      )
  }

  async #run({ run, checkpoint }: ChosenNetworks, key: ProbabilityKey): Promise<{ record: EvaluationRecord; cache: ProbabilityCache }> {
    const { store, jobs } = this.#context
    const job: JobOf<'evaluate'> = {
      kind: 'evaluate',
      document: checkpoint.document,
      data: await this.#runs.data(run),
      checkpoint: checkpoint.state,
      seed: key.seed,
      count: key.count,
      split: key.split,
      images: key.images,
    }
    const writer = await store.probabilities.begin(key, layOut(checkpoint.document.target).classes)
    try {
      const { result } = await jobs.submit(job, {
        run: run.id,
        total: key.count,
        onEvent: async (event) => {
          if (event.type === 'probabilities') await writer.write(event.first, event.probabilities)
        },
      }).result
      const cache = await writer.commit()
      const { run: runId, checkpoint: hash, seed, dataset, split } = key
      const record = store.evaluations.add({ run: runId, step: checkpoint.record.step, checkpoint: hash, seed, dataset, split, result })
      store.events.add(runId, lines.evaluation(record))
      return { record, cache }
    } catch (thrown) {
      await writer.discard()
      throw thrown
    }
  }
}
