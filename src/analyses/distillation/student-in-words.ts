/** What a student is worth beside its teachers, in one sentence that holds however it turned out: for window, terminal and report. */
import { noInterval, percentWithin, pointsWithin } from '../../shared/statistics/in-words.ts'
import { pairedInterval, ratioInterval, wilson } from '../../shared/statistics/intervals.ts'
import type { Interval } from '../../shared/statistics/intervals.ts'
import type { Moments } from '../../shared/statistics/moments.ts'
import { count, plural } from '../../shared/wording.ts'

/** In the order of products. */
const names = ['student', 'ensemble', 'bestMember', 'meanMember'] as const
type Name = (typeof names)[number]

/** What the sentence is told from: accuracies, fractions of 1, and means of their products over images where these are known. */
export type Standing = Readonly<Record<Name, number> & { images?: number; products?: readonly (readonly number[])[] | undefined }>

/**
 * Share of the ensemble's lead over its mean member that the student has: 0 at most as good as that member,
 * 1 at least as good as the ensemble; null: the ensemble has no lead (or a number is missing).
 */
export function gainRetained({ student, ensemble, meanMember }: Omit<Standing, 'bestMember'>): number | null {
  const gain = ensemble - meanMember
  if (!(gain > 0) || !Number.isFinite(student)) return null
  return Math.min(Math.max((student - meanMember) / gain, 0), 1)
}

/** A share of 1 with its 95 % interval. */
type Within = (share: number, interval: Interval | null) => string

const told = ({ student, images }: Standing, within: Within): string =>
  within(student, images === undefined ? null : wilson(student, images))

/**
 * The result in a sentence, or two where the ensemble itself gains nothing.
 * @param within writes the student's accuracy with its interval as its surroundings do
 */
export function studentInWords(result: Standing, within: Within): string {
  const { products, images } = result
  if (products !== undefined && images !== undefined) return surely(result, products, images, within)
  const old = images === undefined ? '' : ` ${noInterval}`
  const stands = `With an accuracy of ${told(result, within)} the student is ${standing(result)}`
  const kept = gainRetained(result)
  if (kept === null) return `${stands}. The ensemble itself gains nothing over its mean member, so there is no gain to keep.${old}`
  return `${stands}, and keeps ${amount(kept)} of what the ensemble gains over its mean member.${old}`
}

/** The lead of one over another, over images. */
export function lead(result: Standing, a: Name, b: Name): { points: Moments; interval: Interval | null } | null {
  const { products, images } = result
  if (products === undefined || images === undefined) return null
  const [i, j] = [names.indexOf(a), names.indexOf(b)]
  const points = { mean: result[a] - result[b], square: Math.max(0, products[i][i] - 2 * products[i][j] + products[j][j]) }
  return { points, interval: pairedInterval(points, images) }
}

/** The share of the gain that is kept, with its interval; null where it has none. */
export function keptInterval(result: Standing): Interval | null {
  const { products, images } = result
  const [x, y] = [lead(result, 'student', 'meanMember')?.points, lead(result, 'ensemble', 'meanMember')?.points]
  if (products === undefined || images === undefined || x === undefined || y === undefined || !(y.mean > 0)) return null
  return ratioInterval({ x, y, product: products[0][1] - products[0][3] - products[1][3] + products[3][3] }, images)
}

/** Only what its interval carries is called better or worse. */
function surely(result: Standing, products: NonNullable<Standing['products']>, images: number, within: Within): string {
  const against = (other: Name) => {
    const { interval } = lead({ ...result, products, images }, 'student', other)!
    return interval === null ? 0 : interval.low > 0 ? 1 : interval.high < 0 ? -1 : 0
  }
  const [ensemble, best, mean] = [against('ensemble'), against('bestMember'), against('meanMember')]
  const on = `on ${plural(images, 'image')}`
  const words =
    ensemble > 0
      ? 'better than the ensemble that taught it'
      : best > 0
        ? 'better than every single member'
        : mean > 0
          ? `better than the mean member${best < 0 ? ', but not than the best' : `; ${on} it cannot be told from the best, which was chosen on these same images`}`
          : mean < 0
            ? 'worse than the mean member'
            : `not to be told from the mean member ${on}`
  const behind = lead(result, 'student', 'ensemble')!
  const beside = ensemble > 0 ? '' : ` Against the ensemble: ${pointsWithin(behind.points.mean, behind.interval)}.`
  const kept = keptInterval(result)
  const gain = result.ensemble - result.meanMember
  const share = (result.student - result.meanMember) / gain
  const keeps =
    kept === null
      ? ` What the ensemble gains over its mean member is too little to say ${on} what share of it is kept.`
      : ` It keeps ${percentWithin(share, kept)} of what the ensemble gains over its mean member.`
  return `With an accuracy of ${told(result, within)} the student is ${words}.${beside}${keeps}`
}

/** Why a student learned for fewer steps than planned; null: it did not. */
export const endedEarly = ({
  best,
  steps,
  curve,
}: {
  best?: number | undefined
  steps: number
  curve: readonly { step: number }[]
}): string | null =>
  best === undefined
    ? null
    : `It no longer improved, so it ended at step ${count(curve[curve.length - 1].step)} of ${count(steps)}, and is the student of step ${count(best)}: the best on validation images.`

/** What may make a weak student better; null: it is no worse than the mean member. */
export const studentAdvice = ({ student, meanMember }: Standing): string | null =>
  student < meanMember ? 'More steps, more labelled images or a wider student may help.' : null

/** All that is to be said of a student. */
export const studentNotes = (result: Parameters<typeof studentInWords>[0] & Parameters<typeof endedEarly>[0], within: Within): string[] =>
  [studentInWords(result, within), endedEarly(result), studentAdvice(result)].filter((note) => note !== null)

function standing({ student, ensemble, bestMember, meanMember }: Standing): string {
  if (student >= ensemble) {
    const against = student > ensemble ? 'better than the ensemble that taught it' : 'exactly as good as the ensemble that taught it'
    return student < meanMember ? `${against}, but worse than the mean member` : against
  }
  if (student > bestMember) return 'better than every single member'
  if (student === bestMember) return 'as good as the best member'
  if (student > meanMember) return 'better than the mean member, but not than the best'
  return student === meanMember ? 'as good as the mean member' : 'worse than the mean member'
}

/** Rounded towards the middle: only all is called all, and only nothing nothing. */
function amount(share: number): string {
  if (share === 0) return 'nothing'
  if (share === 1) return 'all'
  const whole = Math.round(share * 100)
  return whole === 0 ? 'less than 1\u00a0%' : `${Math.min(whole, 99)}\u00a0%`
}
