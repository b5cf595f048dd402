/** What of an ensemble's gain its student keeps. */
import type { DistilResult } from '../../../shared/results.ts'
import { percent } from '../../state/format.ts'

/** Share of the ensemble's lead over its mean member that the student has; null: there is no lead. */
export function gainKept({ student, ensemble, meanMember }: Pick<DistilResult, 'student' | 'ensemble' | 'meanMember'>): number | null {
  const gain = ensemble - meanMember
  return gain > 0 ? (student - meanMember) / gain : null
}

/** The result in a sentence. */
export function studentInWords(result: Pick<DistilResult, 'student' | 'ensemble' | 'bestMember' | 'meanMember' | 'n'>): string {
  const kept = gainKept(result)
  const beside =
    result.student >= result.ensemble
      ? 'as good as the ensemble or better'
      : result.student >= result.bestMember
        ? 'better than every single member'
        : result.student >= result.meanMember
          ? 'better than the mean member, not than the best'
          : 'worse than the mean member: more steps or a wider student may help'
  const share =
    kept === null || kept < 0 ? '' : `, and keeps ${percent(Math.min(kept, 1), 0)} of what the ensemble gains over its mean member`
  return `The student is right on ${percent(result.student)}: ${beside}${share}.`
}
