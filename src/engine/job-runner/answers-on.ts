/** What networks say of images that the farm does not hold: those of another data set, or images that were changed. */
import type { AnalysisTask } from './analysis-task.ts'
import type { Pacer } from '../job/pacer.ts'
import { blocksOf } from '../methods/network-source.ts'
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

/** Asks the networks about some images, which may be let go of after: [images, classes] of each network, one after the other. */
export type Ask = (asked: readonly AskedImages[]) => AsyncGenerator<Float32Array>

/** Draws the networks once, however often they are then asked. */
export async function answersOn(task: Pick<AnalysisTask<object>, 'job' | 'source' | 'images' | 'data'>, pacer: Pacer): Promise<Ask> {
  const { job } = task
  const networks = await task.source()
  const { weightCount, classes } = networks.target
  const program = await createTargetProgram(networks.target, { reference: { images: task.images, trainCount: task.data.split.train } })
  const weights: Float32Array[] = []
  for (const block of blocksOf(networks, job)) {
    for (let i = 0; i < block.count; i++) weights.push(block.weights.slice(i * weightCount, (i + 1) * weightCount))
    await pacer.yieldToEventLoop()
  }
  return async function* (asked) {
    const chunks = asked.flatMap(({ set, from, count }) =>
      Array.from({ length: Math.ceil(count / AT_ONCE) }, (_, chunk) => {
        const first = chunk * AT_ONCE
        return program.prepare(
          set,
          Array.from({ length: Math.min(AT_ONCE, count - first) }, (_one, at) => from + first + at),
        )
      }),
    )
    const images = chunks.reduce((sum, { count }) => sum + count, 0)
    for (const own of weights) {
      const said = new Float32Array(images * classes)
      let at = 0
      for (const chunk of chunks) {
        said.set(program.probabilitiesOn(own, chunk, 1), at)
        at += chunk.count * classes
        await pacer.yieldToEventLoop()
      }
      yield said
    }
  }
}
