import { describe, expect, it } from 'vitest'
import { enough, enoughInWords } from './enough.ts'

const votes = (accuracy: number) => ({ majority: accuracy - 0.002, meanProbability: accuracy, mostConfident: accuracy - 0.004 })
const size = (size: number, accuracy: number) => ({
  size,
  draws: 10,
  ...votes(accuracy),
  low: votes(accuracy - 0.01),
  high: votes(accuracy + 0.01),
})
const result = (...sizes: [number, number][]) => ({ sizes: sizes.map(([n, accuracy]) => size(n, accuracy)) })

/** Numbers keep their sign by a space that does not break. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('which size is enough', () => {
  it('is the smallest whose mean vote is within 0.1 points of the largest', () => {
    const tried = result([1, 0.95], [5, 0.979], [10, 0.984], [50, 0.985], [100, 0.985])
    expect(enough(tried)?.size).toBe(10)
    expect(plain(enoughInWords(tried))).toBe(
      '10 networks are enough: their mean vote reaches 98.40 %, within 0.1 percentage points of all 100 (98.50 %). One alone: 95.00 %.',
    )
  })

  it('does not depend on the order in which sizes were tried', () => {
    expect(enough(result([100, 0.985], [1, 0.95], [10, 0.984]))?.size).toBe(10)
  })

  it('is all of them where no smaller size comes near', () => {
    expect(enoughInWords(result([1, 0.9], [10, 0.94]))).toMatch(/^All 10 are needed/)
  })

  it('may be a single one', () => {
    expect(enoughInWords(result([1, 0.9852], [10, 0.985]))).toMatch(/^One network is enough/)
  })

  it('says what is missing where there is nothing to compare', () => {
    expect(enoughInWords(result([1, 0.9]))).toMatch(/an ensemble needs more/)
    expect(enoughInWords({ sizes: [] })).toBe('Nothing was tried.')
  })
})
