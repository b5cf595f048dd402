/** What each image gives to figures that are means over images, from what an evaluation kept. */
import type { AnswersOf } from '../../../analyses/analysis.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Data } from '../../../shared/experiment.ts'
import { predictions, score, type ImageSums } from '../../../shared/scores.ts'
import { splitRange } from '../../../shared/split.ts'
import type { Store } from '../../store/open-store.ts'
import type { StoredResult } from '../../store/types.ts'

/** [images] each. */
export type ImageAnswers = Record<AnswersOf, Float64Array>

/** Networks whose answers are in memory at once. */
const readAtOnce = 16

/**
 * Of the networks and images of a result; null: what its networks said is not kept, or they were picked by hand.
 * @param data of its run
 */
export async function imageAnswers(store: Store, data: Data, result: StoredResult): Promise<ImageAnswers | null> {
  const { run, checkpoint, seed, count, networks, dataset, split, images } = result
  if (checkpoint === null || seed === null || dataset === null || split === null || images === null || networks !== null) return null
  const cache = store.probabilities.find({ run, checkpoint, seed, count, dataset, split, images })
  if (cache === null) return null
  const { classes } = cache
  const { from } = splitRange(data.split, split)
  const labels = (await store.datasets.labels(data)).subarray(from, from + images)
  const sums: ImageSums = { right: new Float64Array(images), loss: new Float64Array(images) }
  const together = new Float64Array(images * classes)
  try {
    for (let first = 0; first < count; first += readAtOnce) {
      const said = await store.probabilities.read(cache, first, Math.min(readAtOnce, count - first))
      for (let at = 0; at < said.length; at += together.length) {
        const own = said.subarray(at, at + together.length)
        score(own, labels, classes, sums)
        for (let i = 0; i < own.length; i++) together[i] += own[i]
      }
    }
  } catch (error) {
    // A damaged cache is dropped as it is read, and made anew by the next evaluation.
    if (error instanceof LabError && error.code === 'corrupt') return null
    throw error
  }
  const mean = (sum: number): number => sum / count
  const voted = predictions(together, classes)
  return {
    right: sums.right.map(mean),
    loss: sums.loss.map(mean),
    vote: Float64Array.from(labels, (label, image) => Number(voted[image] === label)),
  }
}
