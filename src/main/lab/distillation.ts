/** Distillation: one classifier that has learned what an ensemble of sampled networks says. */
import type { DistilOptions } from '../../shared/engine-protocol.ts'
import type { DistilResult } from '../../shared/results.ts'
import type { StudentRecord } from '../store/types.ts'
import { chosenNetworks } from './ensembles.ts'
import type { EvaluationService, ImageChoice } from './evaluation.ts'
import type { LabParts } from './parts.ts'
import { lines } from './run-log.ts'
import type { RunService } from './runs.ts'
import type { NetworkChoice } from './sampling.ts'

export const defaultDistilOptions: DistilOptions = {
  labelled: 20_000,
  steps: 1200,
  imageBatch: 64,
  learningRate: 2e-3,
  temperature: 1,
  labelWeight: 0,
  width: 1,
}

export interface DistilRequest extends NetworkChoice, ImageChoice {
  /** Networks in the ensemble that teaches. */
  count: number
  /** Their indices, where they are not simply the first ones. */
  networks?: readonly number[]
  options?: Partial<DistilOptions>
}

export class DistillationService {
  readonly #parts: LabParts
  readonly #runs: RunService
  readonly #evaluation: EvaluationService

  constructor(parts: LabParts, runs: RunService, evaluation: EvaluationService) {
    this.#parts = parts
    this.#runs = runs
    this.#evaluation = evaluation
  }

  /** Trains a student on what the first `count` networks of a seed say of the training images, and keeps it. */
  async distil(id: string, request: DistilRequest): Promise<DistilResult & { path: string }> {
    const { result, path } = await this.record(id, request)
    return { ...result, path }
  }

  /** As `distil`, with all that decides it. */
  async record(id: string, request: DistilRequest): Promise<StudentRecord> {
    const members = request.networks === undefined ? null : chosenNetworks(request.networks)
    const { run, checkpoint, key } = await this.#evaluation.resolve(id, { ...request, count: members?.length ?? request.count })
    const options = { ...defaultDistilOptions, ...request.options }
    const { result, weights, target } = await this.#parts.jobs.submit<'distil'>(
      {
        kind: 'distil',
        document: checkpoint.document,
        data: await this.#runs.data(run),
        checkpoint: checkpoint.state,
        seed: key.seed,
        count: key.count,
        ...(members === null ? {} : { members }),
        split: key.split,
        images: key.images,
        options,
      },
      { run: run.id, total: options.steps },
    ).result
    const { checkpoint: hash, seed, count, dataset } = key
    const { store } = this.#parts
    const record = await store.students.add(
      { run: run.id, checkpoint: hash, seed, count, networks: members, dataset, target, result },
      weights,
    )
    store.events.add(run.id, lines.student(record))
    return record
  }

  /** The newest student of a run. */
  newest(run: string): StudentRecord | undefined {
    return this.#parts.store.students.list(run).at(-1)
  }
}
