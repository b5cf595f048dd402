import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { philox } from './philox.ts'
import { fillNormal, fillSigned, randomStream } from './stream.ts'

const block = (key: number[], counter: number[]): string[] => {
  const out = new Uint32Array(4)
  philox(key[0], key[1], counter[0], counter[1], counter[2], counter[3], out)
  return [...out].map((word) => word.toString(16).padStart(8, '0'))
}

describe('philox', () => {
  // Known-answer vectors published with Random123 (kat_vectors, philox4x32 10).
  it('gives the published vectors', () => {
    expect(block([0, 0], [0, 0, 0, 0])).toEqual(['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8'])
    const ones = 0xffffffff
    expect(block([ones, ones], [ones, ones, ones, ones])).toEqual(['408f276d', '41c83b0e', 'a20bc7c6', '6d5451fd'])
    expect(block([0xa4093822, 0x299f31d0], [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344])).toEqual([
      'd16cfe09',
      '94fdcceb',
      '5001e420',
      '24126ea1',
    ])
  })
})

describe('random streams', () => {
  it('depend on nothing but their coordinates', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(1e6), fc.nat(1e6), (seed, step, index) => {
        const first = randomStream(seed, 'training-noise', step, index)
        randomStream(seed, 'training-noise', step, index).word()
        const again = randomStream(seed, 'training-noise', step, index)
        for (let i = 0; i < 9; i++) expect(again.word()).toBe(first.word())
        expect(randomStream(seed, 'image-batch', step, index).word()).not.toBe(randomStream(seed, 'training-noise', step, index).word())
      }),
      { numRuns: 50 },
    )
  })

  it('have the moments they should', () => {
    const stream = randomStream(7, 'training-noise', 0, 0)
    const n = 200_000
    let uniformSum = 0
    let normalSum = 0
    let normalSquares = 0
    let truncatedSquares = 0
    for (let i = 0; i < n; i++) {
      uniformSum += stream.uniform()
      const normal = stream.normal()
      normalSum += normal
      normalSquares += normal * normal
      truncatedSquares += stream.truncatedNormal() ** 2
    }
    expect(uniformSum / n).toBeCloseTo(0.5, 2)
    expect(normalSum / n).toBeCloseTo(0, 1)
    expect(normalSquares / n).toBeCloseTo(1, 1)
    // A normal cut at two sigma has standard deviation 0.8796.
    expect(Math.sqrt(truncatedSquares / n)).toBeCloseTo(0.8796, 2)
  })

  it('fill arrays on vector kernels with the very numbers that they give one by one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.nat(),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 1, max: 23 }),
        (seed, step, index, count) => {
          const stream = randomStream(seed, 'sampling-noise', step, index)
          const found = new Float32Array(count)
          fillSigned(seed, 'sampling-noise', step, index, found)
          expect(found).toEqual(Float32Array.from(found, () => 2 * stream.uniform() - 1))
          const normals = randomStream(seed, 'training-noise', step, index)
          fillNormal(seed, 'training-noise', step, index, found)
          expect(found).toEqual(Float32Array.from(found, () => normals.normal()))
        },
      ),
    )
  })

  it('draw integers evenly', () => {
    const counts = new Array<number>(10).fill(0)
    const stream = randomStream(3, 'image-batch', 5, 1)
    for (let i = 0; i < 100_000; i++) counts[stream.integer(10)]++
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })
})
