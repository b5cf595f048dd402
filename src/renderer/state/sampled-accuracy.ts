/** How good the networks were that are sampled while a run trains, and what that was measured on. */
import { standsOn } from '../../analyses/basis.ts'
import type { Line } from '../charts/lines.ts'
import type { RunSummary } from '../../shared/contract/runs.ts'
import { sampledAccuracy } from '../../shared/sampled-accuracy.ts'

/** "20 networks on 1,000 validation images" */
export const sampledOn = ({ networks, images }: NonNullable<RunSummary['tested']>): string =>
  standsOn({ networks: { count: networks, chosen: 'first' }, images: { split: 'validation', count: images } })

/** For the legend of its curve: values with their intervals and number of images, where these are known. */
export const told = (run: Pick<RunSummary, 'tested'> | undefined): Pick<Line, 'told'> => {
  const tested = run?.tested ?? null
  return tested === null ? {} : { told: (accuracy) => sampledAccuracy({ accuracy, tested }, 'validation image') }
}
