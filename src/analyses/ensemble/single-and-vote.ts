/** The mean single network beside the vote, told as a table: for window, terminal and report. */
import { z } from 'zod'
import { momentsSchema } from '../../shared/statistics/schemas.ts'
import { fractionCell, inColumn, numberCell, percentCell, pointsCell, type ColumnFigure } from '../../shared/statistics/in-columns.ts'
import { imagesInterval, meanInterval, pairedInterval, shareInterval } from '../../shared/statistics/intervals.ts'
import type { Interval } from '../../shared/statistics/intervals.ts'
import type { Moments } from '../../shared/statistics/moments.ts'
import { count, plural } from '../../shared/wording.ts'

/** Over images: of the mean single network, of the vote, and of how far the vote lies above it on each. */
const pair = z.object({ single: momentsSchema, vote: momentsSchema, gain: momentsSchema })
export const besideVote = z.object({
  accuracy: pair,
  /** Nats. */
  loss: pair,
  /** Confidence less right (1 or 0). */
  excess: pair,
  /** Calibration error of each network. */
  errors: z.array(z.number()),
})
export type BesideVote = z.infer<typeof besideVote>

/** Of an ensemble's result what it is told from. */
interface Told {
  beside?: BesideVote | undefined
  n: number
  images: number
  split: string
  calibrationError: number
  calibrationOver?: { interval: Interval | null } | undefined
}

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
export function singleAndVote(result: Told, picked: boolean, inReport = false): SingleAndVote | undefined {
  const { beside, n, images, split, calibrationError, calibrationOver } = result
  if (beside === undefined || n < 2) return undefined
  const { accuracy, loss, excess, errors } = beside
  const share = inReport ? fractionCell : percentCell
  const right = (of: Moments): ColumnFigure => share(of.mean, shareInterval(of, images))
  const nats = (of: Moments, least?: number): ColumnFigure => numberCell(of.mean, imagesInterval(of, images, least))
  const points = (of: Moments): ColumnFigure => pointsCell(of.mean, pairedInterval(of, images))
  const meanError = errors.reduce((sum, error) => sum + error, 0) / n
  return {
    title: 'A single network and the vote',
    columns: [`on ${plural(images, `${split} image`)}`, 'mean single network', `vote of all ${count(n)}`, 'vote less single'],
    // What is read against each other stands beside each other: all of a row have as many decimals.
    rows: [
      ['accuracy', right(accuracy.single), right(accuracy.vote), points(accuracy.gain)],
      ['loss, nats', nats(loss.single, 0), nats(loss.vote, 0), nats(loss.gain)],
      ['confidence minus accuracy', points(excess.single), points(excess.vote), points(excess.gain)],
      [
        'calibration error',
        share(meanError, picked ? null : meanInterval(errors, 0, 1), picked ? '[none: picked by hand]' : ''),
        share(calibrationError, calibrationOver?.interval),
        '',
      ],
    ].map(inColumn),
    explanation: `Mean-probability vote, on the same ${plural(images, `${split} image`)}; in brackets 95 % intervals over images, of differences over pairs, of the single calibration error over networks. Of calibration errors no difference is told: both grow by chance, and not alike; the sign and size of confidence minus accuracy can be compared.`,
  }
}
