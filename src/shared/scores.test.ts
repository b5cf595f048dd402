import { expect, test } from 'vitest'
import { accuracyOf, disagreements, lossOf, predictions, score } from './scores.ts'

test('a probability of nothing counts as 1e-30: the loss stays finite', () => {
  expect(lossOf(0)).toBeCloseTo(-Math.log(1e-30), 12)
  expect(lossOf(1e-20)).toBeCloseTo(-Math.log(1e-20), 12)
  expect(lossOf(1)).toBeCloseTo(0, 12)
})

test('of equal classes the lowest is predicted, and NaN never is unless there is nothing else', () => {
  expect([...predictions([0.5, 0.5, NaN, 0.2, NaN, NaN], 2)]).toEqual([0, 1, 0])
})

test('accuracy and loss are means over images', () => {
  const { accuracy, loss } = score([0.75, 0.25, 0.5, 0.5], [0, 1], 2)
  expect(accuracy).toBe(0.5)
  expect(loss).toBeCloseTo((Math.log(4 / 3) + Math.log(2)) / 2, 12)
  expect(accuracyOf([1, 2, 3], [1, 2, 0])).toBeCloseTo(2 / 3, 12)
})

test('networks differ from what most of them predict; a tie goes to the lower class', () => {
  expect([
    ...disagreements(
      [
        [0, 1],
        [0, 0],
        [1, 1],
      ],
      2,
    ),
  ]).toEqual([0, 0.5, 0.5])
  expect([...disagreements([[0], [1]], 2)]).toEqual([0, 1])
})
