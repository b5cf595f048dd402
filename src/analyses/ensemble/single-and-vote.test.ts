import { expect, it } from 'vitest'
import { resultIn, syntheticInput } from '../../main/report/testing/synthetic-input.ts'
import type { EnsembleResult } from './definition.ts'
import { ensemble } from './definition.ts'
import { singleAndVote } from './single-and-vote.ts'

const record = resultIn(syntheticInput(), 'ensemble')
const moments = (mean: number, square: number) => ({ mean, square })
const result: EnsembleResult = {
  ...record.result,
  n: 20,
  images: 1000,
  split: 'validation',
  calibrationError: 0.02,
  calibrationOver: { interval: { low: 0.01, high: 0.03 }, excess: { mean: -0.01, square: 0.05 } },
  beside: {
    accuracy: { single: moments(0.95, 0.92), vote: moments(0.964, 0.964), gain: moments(0.014, 0.01) },
    loss: { single: moments(0.2, 0.3), vote: moments(0.13, 0.1), gain: moments(-0.07, 0.09) },
    excess: { single: moments(0.012, 0.04), vote: moments(-0.01, 0.04), gain: moments(-0.022, 0.002) },
    errors: [
      0.02, 0.03, 0.025, 0.035, 0.03, 0.02, 0.03, 0.025, 0.035, 0.03, 0.02, 0.03, 0.025, 0.035, 0.03, 0.02, 0.03, 0.025, 0.035, 0.03,
    ],
  },
}

it('tells the single network, the vote and their difference, each with what it can be off by', () => {
  const table = singleAndVote(result, false)!
  const rows = table.rows.map((row) => row.join(' | ').replaceAll('\u00a0', ' '))
  expect(rows).toEqual([
    'accuracy | 95.00 % [94.11, 95.76] | 96.40 % [95.06, 97.39] | +1.40 points [+0.75, +2.04]',
    'loss, nats | 0.200 [0.171, 0.234] | 0.130 [0.113, 0.149] | −0.070 [−0.088, −0.052]',
    'confidence minus accuracy | +1.2 points [−0.1, +2.4] | −1.0 points [−2.2, +0.3] | −2.2 points [−2.5, −1.9]',
    'calibration error | 2.80 % [2.56, 3.04] | 2.00 % [1.00, 3.00] | ',
  ])
  expect(table.columns).toEqual(['on 1,000 validation images', 'mean single network', 'vote of all 20', 'vote less single'])
  expect(ensemble.show({ ...record, result } as never).tables?.map(({ title }) => title)).toEqual(['Three votes', table.title])
})

it('tells nothing of one network or of an older result, and of those picked by hand nothing of others', () => {
  const { beside: _beside, ...older } = result
  expect(singleAndVote(older, false)).toBeUndefined()
  expect(singleAndVote({ ...result, n: 1 }, false)).toBeUndefined()
  expect(singleAndVote(result, true)?.rows[3][1]).toBe('2.80\u00a0% [none: picked by hand]')
})
