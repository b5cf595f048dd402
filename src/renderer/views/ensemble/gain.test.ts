import { describe, expect, it } from 'vitest'
import { gainKept, studentInWords } from './gain.ts'

const members = { bestMember: 0.97, meanMember: 0.96, n: 100 }

/** Numbers keep their sign by a space that does not break. */
const told = (result: Parameters<typeof studentInWords>[0]) => studentInWords(result).replaceAll('\u00a0', ' ')

describe('what a student keeps', () => {
  it('is its share of the lead over the mean member', () => {
    expect(gainKept({ student: 0.975, ensemble: 0.98, meanMember: 0.96 })).toBeCloseTo(0.75)
    expect(gainKept({ student: 0.975, ensemble: 0.96, meanMember: 0.96 })).toBeNull()
  })

  it('is said beside whom it beats', () => {
    expect(told({ ...members, student: 0.975, ensemble: 0.98 })).toBe(
      'The student is right on 97.50 %: better than every single member, and keeps 75 % of what the ensemble gains over its mean member.',
    )
    expect(told({ ...members, student: 0.985, ensemble: 0.98 })).toContain('as good as the ensemble or better, and keeps 100 %')
    expect(told({ ...members, student: 0.965, ensemble: 0.98 })).toContain('better than the mean member, not than the best')
    expect(told({ ...members, student: 0.9, ensemble: 0.98 })).toBe(
      'The student is right on 90.00 %: worse than the mean member: more steps or a wider student may help.',
    )
  })
})
