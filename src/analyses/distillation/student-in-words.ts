/** What a student is worth beside its teachers, in one sentence that holds however it turned out: for window, terminal and report. */
import { count } from '../../shared/wording.ts'

/** What the sentence is told from: accuracies, fractions of 1. */
export type Standing = Readonly<Record<'student' | 'ensemble' | 'bestMember' | 'meanMember', number>>

/**
 * Share of the ensemble's lead over its mean member that the student has: 0 at most as good as that member,
 * 1 at least as good as the ensemble; null: the ensemble has no lead (or a number is missing).
 */
export function gainRetained({ student, ensemble, meanMember }: Omit<Standing, 'bestMember'>): number | null {
  const gain = ensemble - meanMember
  if (!(gain > 0) || !Number.isFinite(student)) return null
  return Math.min(Math.max((student - meanMember) / gain, 0), 1)
}

/**
 * The result in a sentence, or two where the ensemble itself gains nothing.
 * @param accuracy writes the student's accuracy as its surroundings do
 */
export function studentInWords(result: Standing, accuracy: (fraction: number) => string): string {
  const stands = `With an accuracy of ${accuracy(result.student)} the student is ${standing(result)}`
  const kept = gainRetained(result)
  if (kept === null) return `${stands}. The ensemble itself gains nothing over its mean member, so there is no gain to keep.`
  return `${stands}, and keeps ${amount(kept)} of what the ensemble gains over its mean member.`
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
