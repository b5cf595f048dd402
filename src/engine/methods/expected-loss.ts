/** The loss of networks drawn from a distribution that is learned: each draw's gradient goes back to what it was made from. */
import { meanOf } from '../../shared/statistics/moments.ts'
import type { Farm } from '../farm/farm.ts'

export interface Draws {
  /** Networks drawn, each for images of its own. */
  readonly count: number
  /** Puts the weights of draw i into `into`, [weights]. */
  draw: (i: number, into: Float32Array) => void
  /** @param gradient of the loss of draw i by its weights, [weights]: to be added to that of the mean over draws, which is a `count`-th of it */
  pullBack: (i: number, gradient: Float32Array) => void
}

/** Mean over the draws of a step, by the names of metrics; {@link Draws.pullBack} has been given each gradient. */
export async function expectedLoss(
  farm: Farm,
  step: number,
  size: number,
  { count, draw, pullBack }: Draws,
): Promise<{ crossEntropy: number; trainingAccuracy: number }> {
  const weights = new Float32Array(count * size)
  for (let i = 0; i < count; i++) draw(i, weights.subarray(i * size, (i + 1) * size))
  const { loss, accuracy, gradient } = await farm.lossAndGradient(step, weights, count)
  for (let i = 0; i < count; i++) pullBack(i, gradient.subarray(i * size, (i + 1) * size))
  return { crossEntropy: meanOf(loss), trainingAccuracy: meanOf(accuracy) }
}
