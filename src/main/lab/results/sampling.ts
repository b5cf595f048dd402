/** Sampled networks: their weights in a file, or in memory when they are few. */
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { dataNotes } from '../formats/data-notes.ts'
import { formatByEnding } from '../formats/ending.ts'
import { defect } from '../../../shared/errors.ts'
import type { JobOf } from '../../../shared/engine-protocol.ts'
import { hasStatistics, layOut, type TargetLayout } from '../../../shared/target-layout.ts'
import type { LoadedCheckpoint, Run } from '../../store/types.ts'
import type { ChosenNetworks, NetworkChoice } from '../runs/network-choice.ts'
import { beginRows } from '../formats/weight-rows.ts'
import type { RowsWriter } from '../formats/weight-rows.ts'
import type { LabContext } from '../context/lab-context.ts'
import type { RunService } from '../runs/runs.ts'
import { LabService } from '../context/lab-service.ts'

export type WeightFormat = 'npz' | 'safetensors'

/** How many networks and from which on; or those of latent vectors, [count, latent]. */
interface Wanted {
  count: number
  first?: number
  z?: Float32Array
}

type ChosenIndices = Pick<JobOf<'sample'>, 'seed' | 'first' | 'count' | 'z' | 'data'>

export interface SampleResult {
  n: number
  seconds: number
  path: string
}

export class SamplingService extends LabService<LabContext & { runs: RunService }> {
  /**
   * Samples networks into a file, with the receipts to sample each again; memory does not grow with their number.
   * @throws LabError `invalid-argument` for an ending that is no known format, `not-found`, `disk`
   */
  async toFile(id: string, request: NetworkChoice & Wanted & { path: string; format?: WeightFormat }): Promise<SampleResult> {
    const format = request.format ?? formatOf(request.path)
    return this.context.runs.using(id, request, (chosen) => this.#write(chosen, { ...request, format }))
  }

  async #write(
    { run, checkpoint, seed }: ChosenNetworks,
    { count, path, format, first = 0, z }: Wanted & { path: string; format: WeightFormat },
  ): Promise<SampleResult> {
    const { data, target } = checkpoint.document
    const completed = await this.#dataFor(layOut(target), run)
    const writer = await beginRows(path, format, {
      target,
      checkpoint: checkpoint.record.hash,
      seed,
      first,
      count,
      z,
      data: dataNotes(this.context.store.datasets.get(data.id), data),
    })
    try {
      const seconds = await this.#sample(run, checkpoint, { seed, first, count, ...completed, ...omitUndefined({ z }) }, writer)
      await writer.finish()
      return { n: count, seconds, path }
    } catch (thrown) {
      await writer.discard()
      throw thrown
    }
  }

  /** Weights of few networks, canonical flat layout, float32 [count, weights]. */
  async inMemory(run: Run, checkpoint: LoadedCheckpoint, choice: ChosenIndices): Promise<Float32Array> {
    return this.#gathered(run, checkpoint, choice, layOut(checkpoint.document.target).weightCount)
  }

  /** Few networks as they answer: behind the weights of each the statistics of its reference batch, where it normalises over the batch. */
  async completeInMemory(run: Run, checkpoint: LoadedCheckpoint, choice: ChosenIndices): Promise<Float32Array> {
    const layout = layOut(checkpoint.document.target)
    return this.#gathered(run, checkpoint, { ...choice, ...(await this.#dataFor(layout, run)) }, layout.completeCount)
  }

  /** What complete networks are found with; nothing where weights are all there is. */
  async #dataFor(layout: TargetLayout, run: Run): Promise<Pick<JobOf<'sample'>, 'data'>> {
    return hasStatistics(layout) ? { data: await this.context.runs.data(run) } : {}
  }

  async #gathered(run: Run, checkpoint: LoadedCheckpoint, choice: ChosenIndices, numbers: number): Promise<Float32Array> {
    const weights = new Float32Array(choice.count * numbers)
    let done = 0
    await this.#sample(run, checkpoint, choice, {
      write: (rows) => {
        weights.set(rows, done)
        done += rows.length
        return Promise.resolve()
      },
    })
    return weights
  }

  /** Seconds in which so many networks are drawn, one after the other; they are not kept. */
  timed(id: string, count: number): Promise<number> {
    return this.context.runs.using(id, {}, ({ run, checkpoint, seed }) =>
      this.#sample(run, checkpoint, { seed, first: 0, count }, { write: () => Promise.resolve() }),
    )
  }

  async #sample(run: Run, checkpoint: LoadedCheckpoint, choice: ChosenIndices, sink: Pick<RowsWriter, 'write'>): Promise<number> {
    let next = choice.first
    const job = this.context.jobs.submit<'sample'>(
      { kind: 'sample', document: checkpoint.document, checkpoint: checkpoint.state, ...choice },
      {
        run: run.id,
        total: choice.count,
        onEvent: async (event) => {
          if (event.type !== 'weights') return
          if (event.first !== next) throw defect(`Network ${event.first} came where ${next} was due.`)
          next += event.count
          await sink.write(event.weights)
        },
      },
    )
    const { seconds } = await job.result
    if (next !== choice.first + choice.count) throw defect(`Only ${next - choice.first} of ${choice.count} networks came.`)
    return seconds
  }
}

/** @throws LabError `invalid-argument` when the ending is neither .npz nor .safetensors */
export const formatOf = (path: string): WeightFormat => formatByEnding(path, ['npz', 'safetensors'], 'format')
