/**
 * Evaluations of sampled networks. Each network's probabilities are kept in a cache file, from which
 * votes, calibration and disagreement are computed without running networks again.
 */
import type { JobOf } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import type { EvaluationResult, Split } from '../../shared/results.ts'
import { layOut } from '../../shared/target-layout.ts'
import type { EvaluationRecord, LoadedCheckpoint, ProbabilityCache, ProbabilityKey, Run } from '../store/types.ts'
import type { LabParts } from './parts.ts'
import { lines } from './run-log.ts'
import type { RunService } from './runs.ts'
import type { NetworkChoice } from './sampling.ts'

/** Which images, and how many. */
export interface ImageChoice {
  split: Split
  /** The first images of the split; absent: all of them. */
  images?: number
}

export interface EvaluateRequest extends NetworkChoice, ImageChoice {
  count: number
  /** Run the networks again although the result is stored. */
  fresh?: boolean
}

/** Everything that decides an evaluation's bits, resolved. */
export interface ResolvedEvaluation {
  run: Run
  checkpoint: LoadedCheckpoint
  key: ProbabilityKey
  classes: number
}

export class EvaluationService {
  readonly #parts: LabParts
  readonly #runs: RunService

  constructor(parts: LabParts, runs: RunService) {
    this.#parts = parts
    this.#runs = runs
  }

  /**
   * Accuracy and loss of each of the first `count` networks of a seed; at once if they were computed before.
   * @throws LabError `wrong-use` when there are fewer images, `not-found`
   */
  async evaluate(id: string, request: EvaluateRequest): Promise<EvaluationResult & { reused: boolean }> {
    const { record, reused } = await this.record(id, request)
    return { ...record.result, reused }
  }

  /** As `evaluate`, with all that decides it. */
  async record(id: string, request: EvaluateRequest): Promise<{ record: EvaluationRecord; reused: boolean }> {
    const resolved = await this.resolve(id, request)
    const stored = request.fresh === true ? undefined : this.#stored(resolved.key)
    if (stored !== undefined) return { record: stored, reused: true }
    return { record: (await this.#run(resolved)).record, reused: false }
  }

  /** The probabilities of at least `count` networks, evaluating them first where they are not kept yet. */
  async probabilities(resolved: ResolvedEvaluation): Promise<ProbabilityCache> {
    return this.#parts.store.probabilities.find(resolved.key) ?? (await this.#run(resolved)).cache
  }

  async resolve(id: string, request: EvaluateRequest): Promise<ResolvedEvaluation> {
    const run = this.#runs.get(id)
    const checkpoint = await this.#runs.checkpoint(run.id, request.at)
    const { document } = run
    const available = document.data.split[request.split]
    const images = request.images ?? available
    if (available === 0) {
      throw new LabError('wrong-use', `The data of ${run.id} has no ${request.split} images.`, 'Choose another split with --split.')
    }
    if (images > available) {
      throw new LabError(
        'wrong-use',
        `${images} images were asked for, and the ${request.split} split of ${run.id} has ${available}.`,
        `Ask for at most --images ${available}.`,
      )
    }
    return {
      run,
      checkpoint,
      classes: layOut(document.target).classes,
      key: {
        run: run.id,
        checkpoint: checkpoint.record.hash,
        seed: request.seed ?? document.seed,
        count: request.count,
        dataset: document.data.id,
        split: request.split,
        images,
      },
    }
  }

  #stored(key: ProbabilityKey): EvaluationRecord | undefined {
    return this.#parts.store.evaluations
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

  async #run({ run, checkpoint, key, classes }: ResolvedEvaluation): Promise<{ record: EvaluationRecord; cache: ProbabilityCache }> {
    const { store, jobs } = this.#parts
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
    const writer = await store.probabilities.begin(key, classes)
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
