import { expect, test } from 'vitest'
import { guessInWords, guessOf, mayGuess } from './guessing.ts'

test('networks that hardly do better than naming the most frequent class are called so', () => {
  const guess = guessOf(Uint8Array.of(9, 9, 9, 1, 1, 2, 3, 3, 3, 3, 9, 9), { from: 3, count: 7 })
  expect(guess).toBe(4 / 7)
  expect(mayGuess([0.6, 0.62, 0.58], guess)).toBe(true)
  expect(mayGuess([0.9, 0.92, 0.88], guess)).toBe(false)
  // So few that they may be no better.
  expect(mayGuess([0.9, 0.6], guess)).toBe(true)
  // Of two the interval is wide, but neither guesses.
  expect([mayGuess([0.9, 0.8], 0.14), mayGuess([0.9], 0.14), mayGuess([0.15], 0.14)]).toEqual([false, false, true])
  expect(guessInWords([0.6, 0.62, 0.58], guess)).toEqual([
    expect.stringMatching(/mean accuracy of 60\..* and naming one class always has 57\.1/),
  ])
  expect(guessInWords([0.9, 0.92, 0.88], guess)).toEqual([])
  // Older results do not know, and images of one class do not tell.
  expect([mayGuess([0.1], undefined), mayGuess([0.9, 0.8], 1)]).toEqual([false, false])
})
