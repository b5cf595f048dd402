import fc from 'fast-check'
import { expect, it } from 'vitest'
import { randomStream } from '../random/stream.ts'
import { workbench } from '../simd/kernels.ts'
import type { WeightedLayout } from '../target-network/layout.ts'
import { PlainLoops } from './plain-loops.ts'
import { VectorLoops } from './vector-loops.ts'

const normals = (seed: number, count: number): Float32Array => {
  const stream = randomStream(seed, 'map', 0, 0)
  return Float32Array.from({ length: count }, () => stream.normal())
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) expect(Math.abs(found[i] - expected[i])).toBeLessThan(1e-4 * (1 + Math.abs(expected[i])))
}

it('takes layers through vector kernels as it does through JavaScript, whatever was on the workbench', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 6 }),
      fc.boolean(),
      fc.boolean(),
      (seed, channels, fours, places, pushed, biased) => {
        const [fanIn, filters] = [channels * places, 4 * fours]
        const width = fanIn + (biased ? 1 : 0)
        const layer = { fanIn, rows: width, filters, input: [1, places, channels] } as unknown as WeightedLayout
        const rows = normals(seed, filters * width)
        const push = pushed ? Float64Array.from(normals(seed + 1, channels), Math.abs) : null
        const factors = Float64Array.from(normals(seed + 2, filters))
        const radial = Float64Array.from(normals(seed + 3, filters))
        const upstream = normals(seed + 4, fanIn * filters)
        workbench().reserve(4096).fill(NaN)
        const [found, expected] = [VectorLoops, PlainLoops].map((Loops) => {
          const loops = new Loops(layer)
          const kernel = new Float32Array(fanIn * filters)
          const result = new Float32Array(filters * width)
          loops.load(rows, push)
          const squares = Float64Array.from(loops.squares())
          loops.writeKernel(factors, kernel)
          const along = Float64Array.from(loops.along(upstream))
          const below = loops.pullBack(factors, radial, result)
          for (let f = 0; biased && f < filters; f++) result[f * width + fanIn] = 0 // the caller's
          return [squares, kernel, along, result, below]
        })
        for (const [i, values] of expected.entries()) expectClose(found[i], values)
      },
    ),
  )
})
