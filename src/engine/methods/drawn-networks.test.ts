import { expect, it } from 'vitest'
import type { TargetLayout } from '../target-network/layout.ts'
import { DrawnNetworks } from './drawn-networks.ts'
import type { SampledNetworks } from './network-source.ts'

/** Each network is its seed and its index. */
const source = new DrawnNetworks({ weightCount: 2 } as TargetLayout, (seed, index, into) => into.set([seed, index]))
/** Indices by place, from blocks that the next are written over. */
const placed = (blocks: Iterable<SampledNetworks>): number[] => {
  const found: number[] = []
  for (const { first, count, weights } of blocks)
    for (let i = 0; i < count; i++) {
      expect(weights[2 * i]).toBe(7)
      found[first + i] = weights[2 * i + 1]
    }
  return found
}

it('of more networks than one block has, each stands at its place', () => {
  const chosen = Array.from({ length: 120 }, (_, at) => (at * 37) % 500)
  expect(placed(source.select(7, chosen))).toEqual(chosen)
  expect(placed(source.networks(7, 1000, 120)).slice(1000)).toEqual(Array.from({ length: 120 }, (_, i) => 1000 + i))
  expect(Array.from(source.sample(7, 5, 60)).filter((_, at) => at % 2 === 1)).toEqual(Array.from({ length: 60 }, (_, i) => 5 + i))
})
