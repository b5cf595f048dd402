import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layOut } from '../../../engine/target-network/layout.ts'
import { testNumbers } from '../../../engine/target-network/testing.ts'
import { PatchInput, patchSide, suitsPatches } from './patches.ts'
import { pooledConvolution, type PooledConvolution } from './pooled-convolution.ts'

interface Case {
  kernel: number
  pool: number
  rows: number
  columns: number
  channels: number
}

const firstLayer = ({ rows, columns, ...one }: Case): PooledConvolution => layerOf(one, rows * one.pool, columns * one.pool)

function layerOf({ kernel, pool, channels }: Omit<Case, 'rows' | 'columns'>, height: number, width: number): PooledConvolution {
  const { layers } = layOut({
    input: { height, width, channels },
    layers: [
      { kind: 'convolution', kernel, filters: 2, activation: 'relu' },
      ...(pool === 1 ? [] : [{ kind: 'max-pool', size: pool } as const]),
      { kind: 'dense', units: 2, activation: 'none' },
    ],
  })
  return pooledConvolution(layers)!
}

/** The patches of one image by the definition. */
function patchesPlainly(pixels: Uint8Array, { kernel, pool, rows, columns, channels }: Case): number[] {
  const out: number[] = []
  const pad = Math.floor((kernel - 1) / 2)
  const side = patchSide(kernel, pool)
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      for (let r = 0; r < side; r++) {
        for (let q = 0; q < side; q++) {
          const [py, px] = [y * pool + r - pad, x * pool + q - pad]
          const inside = py >= 0 && py < rows * pool && px >= 0 && px < columns * pool
          for (let c = 0; c < channels; c++) out.push(inside ? pixels[(py * columns * pool + px) * channels + c] : 0)
        }
      }
      out.push(255)
    }
  }
  return out
}

const cases = fc.record({
  kernel: fc.integer({ min: 1, max: 7 }),
  pool: fc.integer({ min: 1, max: 2 }),
  rows: fc.integer({ min: 1, max: 5 }),
  columns: fc.integer({ min: 1, max: 5 }),
  channels: fc.integer({ min: 1, max: 4 }),
})

describe('PatchInput', () => {
  it('lays out bytes and floats by the definition, image after image', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 1e6 }), (one, seed) => {
        const input = new PatchInput(firstLayer(one))
        const size = one.rows * one.columns * one.pool ** 2 * one.channels
        const pixels = Uint8Array.from(testNumbers(2 * size, seed), (v) => 128 + v * 127)
        const swapped = [...pixels.subarray(size), ...pixels.subarray(0, size)]
        const expected = [...patchesPlainly(pixels.subarray(size), one), ...patchesPlainly(pixels.subarray(0, size), one)]
        const bytes = input.layOut(Uint8Array.from(swapped), 2)
        expect([...bytes]).toEqual(expected)
        const floats = input.layOut(Float32Array.from(swapped), 2)
        const patch = patchSide(one.kernel, one.pool) ** 2 * one.channels + 1
        expect([...floats]).toEqual(expected.map((value, i) => (i % patch === patch - 1 ? 1 : value)))
      }),
    )
  })
})

describe('suitsPatches', () => {
  it.each([
    [{ kernel: 5, pool: 2, rows: 14, columns: 14, channels: 1 }, true],
    [{ kernel: 3, pool: 2, rows: 16, columns: 16, channels: 3 }, true],
    [{ kernel: 3, pool: 1, rows: 7, columns: 9, channels: 4 }, true],
    [{ kernel: 1, pool: 2, rows: 14, columns: 14, channels: 1 }, false],
    [{ kernel: 5, pool: 3, rows: 9, columns: 9, channels: 1 }, false],
    [{ kernel: 7, pool: 2, rows: 14, columns: 14, channels: 4 }, false],
  ] as const)('%j: %s', (one, suits) => {
    expect(suitsPatches(firstLayer(one))).toBe(suits)
  })

  it.each([
    [16, 16, true],
    [15, 16, false],
    [16, 15, false],
    [15, 15, false],
  ])('%i x %i pixels, which windows of 2 x 2 tile or not: %s', (height, width, suits) => {
    expect(suitsPatches(layerOf({ kernel: 3, pool: 2, channels: 1 }, height, width))).toBe(suits)
  })
})
