/** What networks say of images that the farm does not hold: those of another data set, or images that were changed. */
import type { AnalysisTask } from './analysis-task.ts'
import type { Pacer } from '../job/pacer.ts'
import type { ImageSet } from '../target-network/program.ts'
import { createTargetProgram } from '../target-network/target-program.ts'

/** Images at a time, as an evaluation has them, so that messages come in. */
const AT_ONCE = 1000

/** Some images of a set that follow each other. */
export interface AskedImages {
  set: ImageSet
  from: number
  count: number
}

/**
 * Asks one network after the other.
 * @yields of each, what it says of each of the sets asked about: [images, classes]
 */
export async function* answersOn(
  { job, source }: Pick<AnalysisTask<object>, 'job' | 'source'>,
  asked: readonly AskedImages[],
  pacer: Pacer,
): AsyncGenerator<Float32Array[]> {
  const networks = await source()
  const { weightCount, classes } = networks.target
  const program = await createTargetProgram(networks.target)
  const blocks = job.members === undefined ? networks.networks(job.seed, 0, job.count) : networks.select(job.seed, job.members)
  for (const block of blocks) {
    for (let i = 0; i < block.count; i++) {
      const weights = block.weights.subarray(i * weightCount, (i + 1) * weightCount)
      const said: Float32Array[] = []
      for (const { set, from, count } of asked) {
        const own = new Float32Array(count * classes)
        for (let first = 0; first < count; first += AT_ONCE) {
          const indices = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, at) => from + first + at)
          own.set(program.probabilitiesOn(weights, program.prepare(set, indices), 1), first * classes)
          await pacer.yieldToEventLoop()
        }
        said.push(own)
      }
      yield said
      pacer.progress(block.first + i + 1, job.count)
    }
  }
}
