import { expect, it } from 'vitest'
import type { ResultRecord } from '../analysis.ts'
import { distanceChart, evaluation, type Diversity, type EvaluationResult } from './definition.ts'

const diversity: Diversity = {
  ...{ networks: 5, nearest: [10, 12.4, 12.6, 19, 20], entropyError: 2 },
  pairs: { from: 10, to: 20, counts: [4, 3, 2, 1], mean: 13 },
}

it('distances to the nearest network are counted in the bins of those of all pairs', () => {
  // From 10 to 12.5, to 15, to 17.5, and to 20.
  expect(distanceChart(diversity)).toMatchObject({
    ...{ from: 10, to: 20 },
    groups: [
      { name: 'Nearest neighbour', counts: [2, 1, 0, 2] },
      { name: 'All pairs', counts: [4, 3, 2, 1] },
    ],
  })
})

it('the entropy has Student’s interval over as many other networks', () => {
  const figure = evaluation.figures!.find(({ label }) => label === 'Entropy')!
  const of = (entropyError: number | null, networks: number[] | null = null) =>
    figure.of({ networks, result: { n: 5, entropy: 100, diversity: { ...diversity, entropyError } } } as unknown as ResultRecord<
      Record<string, never>,
      EvaluationResult
    >)!
  // 97.5th percentile of four degrees of freedom: 2.77645.
  const { value, interval } = of(2)
  expect(value).toBe(100)
  expect(interval!.low).toBeCloseTo(94.4471, 3)
  expect(interval!.high).toBeCloseTo(105.5529, 3)
  expect(of(null)).toEqual({ value: 100, why: '[no interval: under 30 networks]' })
  expect(of(2, [1, 2, 3, 4, 9]).why).toBe('[none: they were picked by hand]')
})
