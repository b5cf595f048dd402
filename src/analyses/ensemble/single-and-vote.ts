/** The mean single network beside the vote, told as a table: for window, terminal and report. */
import { fractionWithin, numberWithin, percentWithin, pointsWithin } from '../../shared/statistics/in-words.ts'
import { imagesInterval, meanInterval, pairedInterval, shareInterval } from '../../shared/statistics/intervals.ts'
import type { Moments } from '../../shared/statistics/intervals.ts'
import { count } from '../../shared/wording.ts'
import type { EnsembleResult } from './definition.ts'

interface SingleAndVote {
  title: string
  columns: string[]
  rows: string[][]
  /** How to read it. */
  explanation: string
}

/**
 * Undefined: an older result does not say, or there is one network.
 * @param picked by hand: their mean says nothing of other networks
 * @param inReport shares are fractions of 1
 */
export function singleAndVote(result: EnsembleResult, picked: boolean, inReport = false): SingleAndVote | undefined {
  const { beside, n, images, split, calibrationError, calibrationOver } = result
  if (beside === undefined || n < 2) return undefined
  const { accuracy, loss, excess, errors } = beside
  const share = inReport ? fractionWithin : percentWithin
  const right = (of: Moments): string => share(of.mean, shareInterval(of, images))
  const nats = (of: Moments): string => numberWithin(of.mean, imagesInterval(of, images))
  const points = (of: Moments): string => pointsWithin(of.mean, pairedInterval(of, images))
  const meanError = errors.reduce((sum, error) => sum + error, 0) / n
  return {
    title: 'A single network and the vote',
    columns: [`on ${count(images)} ${split} images`, 'mean single network', `vote of all ${count(n)}`, 'vote less single'],
    rows: [
      ['accuracy', right(accuracy.single), right(accuracy.vote), points(accuracy.gain)],
      ['loss, nats', nats(loss.single), nats(loss.vote), nats(loss.gain)],
      ['confidence minus accuracy', points(excess.single), points(excess.vote), points(excess.gain)],
      [
        'calibration error',
        share(meanError, picked ? null : meanInterval(errors), picked ? '[none: picked by hand]' : ''),
        share(calibrationError, calibrationOver?.interval),
        '',
      ],
    ],
    explanation: `Mean-probability vote, on the same ${count(images)} ${split} images; in brackets 95 % intervals over images, of differences over pairs, of the single calibration error over networks. Of calibration errors no difference is told: both grow by chance, and not alike; the sign and size of confidence minus accuracy can be compared.`,
  }
}
