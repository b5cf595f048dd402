import { expect, it } from 'vitest'
import { bandOf, perVote, type EnsembleSize } from './definition.ts'

const size = (of: number, mean: number, low: number, high: number): EnsembleSize => ({
  ...{ size: of, draws: 50 },
  ...perVote(() => mean),
  ...{ low: perVote(() => low), high: perVote(() => high) },
})

it('has a band for other ensembles, which differ more than those of the same networks do', () => {
  // Of 25 of 100 networks in variance by 125 to 75.
  const { low, high } = bandOf(size(25, 0.9, 0.88, 0.91), 100)
  expect(low.majority).toBeCloseTo(0.9 - 0.02 * Math.sqrt(5 / 3), 12)
  expect(high.mostConfident).toBeCloseTo(0.9 + 0.01 * Math.sqrt(5 / 3), 12)
  expect(bandOf(size(25, 0.99, 0.5, 0.999), 100).high.majority).toBe(1)
})

it('has none from a third of all networks on, and of few draws', () => {
  for (const one of [size(34, 0.9, 0.88, 0.91), { ...size(5, 0.9, 0.88, 0.91), draws: 9 }])
    expect(bandOf(one, 100)).toEqual({ low: one, high: one })
})
