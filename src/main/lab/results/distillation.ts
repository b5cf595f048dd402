/** Distillation: one classifier that has learned what an ensemble of sampled networks says. */
import { defaultDistilOptions, type DistilOptions } from '../../../shared/distil-options.ts'
import type { DistilResult } from '../../../shared/results.ts'
import type { StudentRecord } from '../../store/types.ts'
import { chosenNetworks, onImages } from '../runs/network-choice.ts'
import type { ChosenNetworks, ImageChoice, NetworkChoice } from '../runs/network-choice.ts'
import type { LabContext } from '../context/lab-context.ts'
import { lines } from '../runs/run-log.ts'
import type { RunService } from '../runs/runs.ts'

export interface DistilRequest extends NetworkChoice, ImageChoice {
  /** Networks in the ensemble that teaches. */
  count: number
  /** Their indices, where they are not simply the first ones. */
  networks?: readonly number[]
  options?: Partial<DistilOptions>
}

export class DistillationService {
  readonly #context: LabContext
  readonly #runs: RunService

  constructor(context: LabContext, runs: RunService) {
    this.#context = context
    this.#runs = runs
  }

  /** Trains a student on what the first `count` networks of a seed say of the training images, and keeps it. */
  async distil(id: string, request: DistilRequest): Promise<DistilResult & { path: string }> {
    const { result, path } = await this.record(id, request)
    return { ...result, path }
  }

  /** As `distil`, with all that decides it. */
  record(id: string, request: DistilRequest): Promise<StudentRecord> {
    return this.#runs.using(id, request, (chosen) => this.#recordOf(chosen, request))
  }

  async #recordOf(chosen: ChosenNetworks, request: DistilRequest): Promise<StudentRecord> {
    const members = request.networks === undefined ? null : chosenNetworks(request.networks)
    const { run, checkpoint } = chosen
    const key = onImages(chosen, members?.length ?? request.count, request)
    const options = { ...defaultDistilOptions, ...request.options }
    const { result, weights, target } = await this.#context.jobs.submit<'distil'>(
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
    const { store } = this.#context
    const record = await store.students.add(
      { run: run.id, checkpoint: hash, seed, count, networks: members, dataset, target, result },
      weights,
    )
    store.events.add(run.id, lines.student(record))
    return record
  }

  /** The newest student of a run. */
  newest(run: string): StudentRecord | undefined {
    return this.#context.store.students.list(run).at(-1)
  }
}
