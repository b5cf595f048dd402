/** Networks that hardly do better than guessing: what is told of how they lie says little of good ones. */
import { percentWithin } from '../shared/statistics/in-words.ts'
import { meanInterval } from '../shared/statistics/intervals.ts'
import { meanOf } from '../shared/statistics/moments.ts'
import { percent } from '../shared/wording.ts'

/** Of the way from guessing to all right, what a network should have gone. */
const leastGone = 0.1

/** Share of images that always naming their most frequent class gets right. */
export function guessOf(labels: Uint8Array, { from, count }: { from: number; count: number }): number {
  const counts = new Map<number, number>()
  for (const label of labels.subarray(from, from + count)) counts.set(label, (counts.get(label) ?? 0) + 1)
  return Math.max(0, ...counts.values()) / count
}

/** Whether a network hardly does better; of images of one class nothing is known. @param guess of the same images */
export const isGuess = (accuracy: number, guess: number): boolean => guess < 1 && accuracy < guess + leastGone * (1 - guess)

/**
 * Whether networks may hardly do better on average; not where each of them does, however wide the interval of a few is.
 * @param guess of the same images; undefined: the result is too old to know
 */
export function mayGuess(accuracies: readonly number[], guess: number | undefined): boolean {
  if (guess === undefined || !accuracies.some((accuracy) => isGuess(accuracy, guess))) return false
  return isGuess(meanInterval(accuracies, 0, 1)?.low ?? 0, guess)
}

export const guessInWords = (accuracies: readonly number[], guess: number | undefined): string[] =>
  guess !== undefined && mayGuess(accuracies, guess)
    ? [
        `These networks have a mean accuracy of ${percentWithin(meanOf(accuracies), meanInterval(accuracies, 0, 1))}, and naming one class always has ${percent(guess)}: what is told of networks that hardly do better than guessing says little of good ones.`,
      ]
    : []
