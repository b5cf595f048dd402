import { beforeAll, describe, expect, it } from 'vitest'
import { loadTensorFlow } from '../../../main/engine-host/load-tensorflow.ts'
import { Hypernetwork } from '../generator/hypernetwork.ts'
import { layOut } from '../../../engine/target-network/layout.ts'
import { shownFilters } from '../../../engine/training/shown-filters.ts'
import { initialState } from '../training/training-state.ts'
import { smallDocument } from '../../../engine/training/testing/small-run.ts'
import { Sampler } from './sampler.ts'

describe('sampled networks', () => {
  let sampler: Sampler
  beforeAll(async () => {
    await loadTensorFlow()
    const hypernetwork = new Hypernetwork(smallDocument.method, layOut(smallDocument.target))
    sampler = new Sampler(hypernetwork, initialState(hypernetwork, 3))
  })

  it('are the same bits chosen one by one as in a row', () => {
    const { weightCount } = sampler.target
    const all = sampler.sample(7, 0, 120)
    const chosen = [119, 3, 4, 51, 3, ...Array.from({ length: 55 }, (_, i) => 2 * i)]
    const seen: number[] = []
    for (const { first, count, weights } of sampler.select(7, chosen)) {
      for (let i = 0; i < count; i++) {
        const index = chosen[first + i]
        seen.push(index)
        expect(weights.subarray(i * weightCount, (i + 1) * weightCount)).toEqual(
          all.subarray(index * weightCount, (index + 1) * weightCount),
        )
      }
    }
    expect(seen).toEqual(chosen)
  })

  it('show their first filters one by one', () => {
    const shown = shownFilters(sampler, 7, 5)!
    expect(shown).toMatchObject({ step: 5, networks: 4, filters: 4, kernel: 3, channels: 1 })
    const weights = sampler.sample(7, 0, 4)
    const { weightCount } = sampler.target
    // Network 2, filter 3, row 1, column 2.
    expect(shown.values[(2 * 4 + 3) * 9 + 5]).toBe(weights[2 * weightCount + 5 * 4 + 3])
  })
})
