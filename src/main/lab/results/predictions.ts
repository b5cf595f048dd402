/** What networks say of an image from outside: one of them, and the first ones of the seed by their mean. */
import type { NetworkPrediction } from '../../../shared/contract/networks.ts'
import { LabError } from '../../../shared/errors.ts'
import { availableNetworks } from '../../../shared/network-count.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import type { DatasetService } from '../imports/datasets.ts'
import type { ImportService } from '../imports/imports.ts'
import type { NetworkChoice } from '../runs/network-choice.ts'
import type { RunService } from '../runs/runs.ts'
import type { SamplingService } from './sampling.ts'

export interface PredictionRequest extends NetworkChoice {
  /** Index of the network. */
  index: number
  /** Networks that answer together. */
  count: number
  /** Id of an import that has one file, the image: it is not kept. */
  import: string
}

export class PredictionService extends LabService<
  LabContext & { runs: RunService; datasets: DatasetService; imports: ImportService; sampling: SamplingService }
> {
  /**
   * Brings the image to the form of the run's data and asks the networks.
   * @throws LabError `conflict` while the engine is busy, `bad-input` for what is no image, `not-found`
   */
  async predict(id: string, { index, count, import: file, ...choice }: PredictionRequest): Promise<NetworkPrediction> {
    const { runs, datasets, imports, sampling, thread, jobs } = this.context
    const run = runs.get(id)
    if (jobs.list().length > 0)
      throw new LabError('conflict', 'Networks cannot be sampled while the engine is busy.', 'Try again when the running task has ended.')
    const { classNames } = datasets.get(run.document.data.id)
    return runs.using(id, choice, async ({ checkpoint, seed }) => {
      const { target } = checkpoint.document
      const { height, width, channels } = target.input
      const pixels = await imports.picture(file, { height, width, channels: channels === 1 ? 1 : 3, fit: 'crop' })
      const many = availableNetworks(checkpoint.document, count)
      const sampled = (first: number, size: number) => sampling.completeInMemory(run, checkpoint, { seed, first, count: size })
      const voters = await sampled(0, many)
      const size = voters.length / many
      const own = index < many ? voters.slice(index * size, (index + 1) * size) : await sampled(index, 1)
      const said = await thread.run('predict', {
        target,
        weights: [own, voters],
        pixels: Float32Array.from(pixels, (value) => value / 255),
      })
      const [network, ensemble] = said
      return {
        run: run.id,
        step: checkpoint.record.step,
        seed,
        index,
        classNames,
        network,
        ensemble,
        count: many,
        height,
        width,
        channels,
        pixels,
      }
    })
  }
}
