import { expect, it } from 'vitest'
import type { ResultRecord } from './analysis.ts'
import { onTest } from './chosen.ts'
import { findAnalysis } from './registry.ts'

const chosen = {
  ...{ id: 1, run: 'heron', kind: 'ensemble', step: 100, checkpoint: 'c', seed: 7, count: 50, networks: null },
  ...{ dataset: 'd', split: 'validation', images: 5000, createdAt: 1, result: {} },
  options: findAnalysis('ensemble')!.options.parse({}),
} as unknown as ResultRecord
const tested = { ...chosen, id: 2, split: 'test', images: 10_000 } as ResultRecord

it('what was asked again on all test images is of the same networks with the same options', () => {
  expect(onTest([tested], chosen, 10_000)).toBe(tested)
  // Of results that are older than an option, this is as it is unasked.
  expect(onTest([{ ...tested, options: {} }], chosen, 10_000)).toBeDefined()
  for (const other of [
    ...[{ kind: 'evaluation' }, { checkpoint: 'e' }, { seed: 8 }, { count: 51 }, { networks: [1, 2] }, { dataset: 'f' }],
    ...[{ split: 'validation' }, { images: 9_999 }, { options: { ...chosen.options, draws: 7 } }],
  ])
    expect(onTest([{ ...tested, ...other } as ResultRecord], chosen, 10_000), JSON.stringify(other)).toBeUndefined()
})
