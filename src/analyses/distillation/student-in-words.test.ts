import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endedEarly, gainRetained, studentAdvice, studentInWords } from './student-in-words.ts'
import type { Standing } from './student-in-words.ts'

const members = { bestMember: 0.97, meanMember: 0.96 }

/** Numbers keep their sign by a space that does not break. */
const told = (result: Standing) => studentInWords(result, (value) => value.toFixed(3)).replaceAll('\u00a0', ' ')

describe('what a student keeps', () => {
  it('is its share of the lead over the mean member', () => {
    expect(gainRetained({ student: 0.975, ensemble: 0.98, meanMember: 0.96 })).toBeCloseTo(0.75)
    expect(gainRetained({ student: 0.9, ensemble: 0.98, meanMember: 0.96 })).toBe(0)
    expect(gainRetained({ student: 0.99, ensemble: 0.98, meanMember: 0.96 })).toBe(1)
    expect(gainRetained({ student: 0.975, ensemble: 0.96, meanMember: 0.96 })).toBeNull()
    expect(gainRetained({ student: 0.975, ensemble: NaN, meanMember: 0.96 })).toBeNull()
  })

  it('is said beside whom it beats', () => {
    expect(told({ ...members, student: 0.975, ensemble: 0.98 })).toBe(
      'With an accuracy of 0.975 the student is better than every single member, and keeps 75 % of what the ensemble gains over its mean member.',
    )
    expect(told({ ...members, student: 0.965, ensemble: 0.98 })).toContain(
      'better than the mean member, but not than the best, and keeps 25 %',
    )
    expect(told({ ...members, student: 0.985, ensemble: 0.98 })).toContain('better than the ensemble that taught it, and keeps all')
    expect(told({ ...members, student: 0.98, ensemble: 0.98 })).toContain('exactly as good as the ensemble that taught it, and keeps all')
  })

  it('is nothing for a student that is worse than the mean member', () => {
    const poor = { ...members, student: 0.91, ensemble: 0.983 }
    expect(told(poor)).toContain('worse than the mean member, and keeps nothing of what the ensemble gains')
    expect(studentAdvice(poor)).toContain('More steps')
    expect(studentAdvice({ ...poor, student: 0.96 })).toBeNull()
  })

  it('is not spoken of where the ensemble gains nothing', () => {
    expect(told({ ...members, student: 0.95, ensemble: 0.96 })).toContain('The ensemble itself gains nothing over its mean member')
    expect(told({ ...members, student: 0.955, ensemble: 0.95 })).toContain(
      'better than the ensemble that taught it, but worse than the mean member. The ensemble itself gains nothing',
    )
  })

  it('is never negative, never above all, and all or nothing only where it is', () => {
    const accuracy = fc.integer({ min: 0, max: 10_000 }).map((right) => right / 10_000)
    fc.assert(
      fc.property(accuracy, accuracy, accuracy, accuracy, (student, ensemble, one, other) => {
        const result = { student, ensemble, bestMember: Math.max(one, other), meanMember: Math.min(one, other) }
        const words = told(result)
        expect(words).not.toMatch(/-|NaN|Infinity|\b0 %|100 %/)
        if (ensemble > result.meanMember) {
          expect(words.includes('keeps all')).toBe(student >= ensemble)
          expect(words.includes('keeps nothing')).toBe(student <= result.meanMember)
        }
      }),
    )
  })
})

it('says where a student ended before its steps were done', () => {
  const curve = [{ step: 600 }, { step: 1200 }]
  expect(endedEarly({ steps: 3000, curve })).toBeNull()
  expect(endedEarly({ steps: 3000, curve, best: 600 })).toBe(
    'It no longer improved, so it ended at step 1,200 of 3,000, and is the student of step 600: the best on validation images.',
  )
})
