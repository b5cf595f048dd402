/** How good the networks were that are sampled while a run trains. */
import type { RunSummary } from './contract/runs.ts'
import { percentWithin } from './statistics/in-words.ts'
import { wilson } from './statistics/intervals.ts'
import { percent, plural } from './wording.ts'

interface Tested extends Pick<RunSummary, 'accuracy'> {
  /** On the first so many validation images. */
  tested: { images: number } | null
}

/**
 * A mean over networks with the interval of one network on as many images: that of the mean is known only where each
 * image's share was kept, and is no wider.
 */
export const sampledWithin = (accuracy: number, images: number): string => percentWithin(accuracy, wilson(accuracy, images))

/** "97.3 % [96.2, 98.2] of 1,000 validation images" */
export const sampledAccuracy = ({ accuracy, tested }: Tested, one = 'image'): string =>
  accuracy === null || tested === null ? percent(accuracy) : `${sampledWithin(accuracy, tested.images)} of ${plural(tested.images, one)}`
