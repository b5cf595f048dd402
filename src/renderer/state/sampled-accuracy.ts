/** How good the networks were that are sampled while a run trains, and what that was measured on. */
import { standsOn } from '../../analyses/basis.ts'
import type { Line } from '../charts/lines.ts'
import type { RunSummary } from '../../shared/contract/runs.ts'
import { percentWithin } from '../../shared/statistics/in-words.ts'
import { wilson } from '../../shared/statistics/intervals.ts'
import { count, percent } from '../../shared/wording.ts'

type Tested = Pick<RunSummary, 'accuracy' | 'tested'>

/**
 * A mean over networks with the interval of one network on as many images: that of the mean is known only where each
 * image's share was kept, and is no wider.
 */
export const sampledWithin = (accuracy: number, images: number): string => percentWithin(accuracy, wilson(accuracy, images))

/** "97.3 % [96.2, 98.2] of 1,000 validation images" */
export const sampledAccuracy = ({ accuracy, tested }: Tested, images = 'images'): string =>
  accuracy === null || tested === null
    ? percent(accuracy)
    : `${sampledWithin(accuracy, tested.images)} of ${count(tested.images)} ${images}`

/** "20 networks on 1,000 validation images" */
export const sampledOn = ({ networks, images }: NonNullable<RunSummary['tested']>): string =>
  standsOn({ networks: { count: networks, chosen: 'first' }, images: { split: 'validation', count: images } })

/** For the legend of its curve: values with their intervals and number of images, where these are known. */
export const told = (run: Pick<RunSummary, 'tested'> | undefined): Pick<Line, 'told'> => {
  const tested = run?.tested ?? null
  return tested === null ? {} : { told: (accuracy) => sampledAccuracy({ accuracy, tested }, 'validation images') }
}
