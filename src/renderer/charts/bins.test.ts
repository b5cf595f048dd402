import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { binned } from './bins.ts'

describe('bins', () => {
  it('count every finite value once, within increasing edges', () => {
    const values = fc.array(fc.oneof(fc.float(), fc.constant(Number.NaN), fc.constant(3)))
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (some, bins) => {
        const { edges, counts } = binned(some, bins)
        const finite = some.filter(Number.isFinite)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(finite.length)
        if (finite.length > 0) expect(edges).toHaveLength(bins + 1)
        for (const [index, edge] of edges.slice(1).entries()) expect(edge).toBeGreaterThanOrEqual(edges[index])
      }),
    )
  })

  it('give a lone value a bin around it', () => {
    const { edges, counts } = binned([0.97, 0.97], 4)
    expect(counts).toContain(2)
    expect(edges[0]).toBeLessThan(0.97)
  })
})
