import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileKernels } from '../../../scripts/build-simd.mjs'
import { distancesBySlices } from '../diversity/distances.ts'
import { randomStream } from '../random/stream.ts'
import { Workbench } from './kernels.ts'

const normals = (seed: number, count: number): Float32Array => {
  const stream = randomStream(seed, 'map', 0, 0)
  return Float32Array.from({ length: count }, () => stream.normal())
}

describe('the vector kernels', () => {
  it('are what kernels.wat.ts compiles to', async () => {
    expect(readFileSync(new URL('kernels-wasm.ts', import.meta.url), 'utf8')).toBe(await compileKernels())
  })

  it('measure L1 distances of rows of any length', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 70 }), fc.integer({ min: 2, max: 5 }), (seed, length, n) => {
        const vectors = normals(seed, n * length)
        const slices = distancesBySlices(vectors, n, new Workbench())
        let slice = slices.next()
        while (slice.done !== true) slice = slices.next()
        for (let i = 0; i < n; i++) {
          for (let j = i + 1; j < n; j++) {
            let sum = 0
            for (let k = 0; k < length; k++) sum += Math.abs(vectors[i * length + k] - vectors[j * length + k])
            expect(Math.abs(slice.value[i * n + j] - sum)).toBeLessThan(1e-5 * (1 + sum))
          }
        }
      }),
    )
  })
})
