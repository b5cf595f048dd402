import { describe, expect, it } from 'vitest'
import { isComparison, parseFilter } from './filter-expression.ts'

const fields = [
  { key: 'accuracy', title: 'Accuracy' },
  { key: 'loss', title: 'Cross-entropy' },
  { key: 'nearest', title: 'Nearest distance' },
  { key: 'state' },
]
const rows = [
  { accuracy: 0.97, loss: 0.1, nearest: 12, state: 'Finished' },
  { accuracy: 0.95, loss: 0.3, nearest: 8, state: 'paused' },
  { accuracy: 0.2, loss: Number.NaN, nearest: 3, state: 'paused' },
]
/** Which rows pass. */
function kept(text: string): number[] | string {
  const parsed = parseFilter(text, fields)
  if ('refusal' in parsed) return parsed.refusal
  return [...rows.keys()].filter((at) => parsed.passes((key) => (rows[at] as Record<string, string | number>)[key]))
}

describe('a filter that compares', () => {
  it.each([
    ['accuracy > 0.95', [0]],
    ['accuracy >= 0.95', [0, 1]],
    ['accuracy>=95%', [0, 1]],
    ['ACCURACY ≤ .95', [1, 2]],
    ['accuracy != 0.95', [0, 2]],
    ['loss < 0.2 and nearest > 10', [0]],
    ['cross-entropy < 1', [0, 1]],
    ['nearest distance = 8 or accuracy < 3e-1', [1, 2]],
    ['accuracy > 0.9 or nearest < 5 and state = paused', [0, 1, 2]],
    ['(accuracy > 0.9 or nearest < 5) and state = paused', [1, 2]],
    ['not state = "finished"', [1, 2]],
    ['not (accuracy > 0.9 and loss < 0.2)', [1, 2]],
  ])('%s', (text, wanted) => {
    expect(isComparison(text)).toBe(true)
    expect(kept(text)).toEqual(wanted)
  })

  it('passes nothing by a value that is not there', () => {
    expect(kept('loss > 0 or loss <= 0 or loss != 1')).toEqual([0, 1])
  })

  it.each([
    ['acuracy > 0.95', '“acuracy” cannot be filtered by.'],
    ['accuracy >', 'A value is missing after “>”.'],
    ['accuracy 0.95', 'A sign such as > or <= is missing after “accuracy”.'],
    ['> 3', 'A name is missing.'],
    ['(accuracy > 3', 'A bracket is not closed.'],
    ['accuracy > 3 loss < 2', '“loss < 2” is not understood here.'],
    ['accuracy > 3 and', 'A name is missing.'],
  ])('says what is wrong with %s, and gives an example', (text, sentence) => {
    expect(kept(text)).toBe(`${sentence} Write, for example, “accuracy > 0.95”, with accuracy, cross-entropy, nearest distance, state.`)
  })

  it('is told apart from words', () => {
    expect(isComparison('run 9')).toBe(false)
  })
})
