import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Pooling } from './pooling.ts'

/** Max of each SAME window plus bias, by the definition. */
function pooledPlainly(
  input: Float32Array,
  [batch, height, width, channels]: readonly [number, number, number, number],
  side: number,
  bias: Float32Array,
): number[] {
  const out: number[] = []
  const rows = Math.ceil(height / side)
  const columns = Math.ceil(width / side)
  const top = Math.floor((rows * side - height) / 2)
  const left = Math.floor((columns * side - width) / 2)
  for (let b = 0; b < batch; b++) {
    for (let r = 0; r < rows; r++) {
      for (let q = 0; q < columns; q++) {
        for (let c = 0; c < channels; c++) {
          let best = -Infinity
          for (let y = r * side - top; y < (r + 1) * side - top; y++) {
            for (let x = q * side - left; x < (q + 1) * side - left; x++) {
              if (y >= 0 && y < height && x >= 0 && x < width) best = Math.max(best, input[((b * height + y) * width + x) * channels + c])
            }
          }
          out.push(Math.fround(best + bias[c]))
        }
      }
    }
  }
  return out
}

const cases = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    channels: fc.integer({ min: 1, max: 4 }),
    side: fc.integer({ min: 1, max: 8 }),
  })
  .chain(({ batch, height, width, channels, side }) =>
    fc.record({
      shape: fc.constant([batch, height, width, channels] as const),
      side: fc.constant(side),
      input: fc
        .float32Array({
          minLength: batch * height * width * channels,
          maxLength: batch * height * width * channels,
          noNaN: true,
          min: -3,
          max: 3,
        })
        .map((values) => values.map((v) => v + 0)), // no -0
    }),
  )

describe('Pooling', () => {
  it('takes the largest of each window, bit for bit, and sends gradients to one of the largest', () => {
    fc.assert(
      fc.property(cases, ({ shape, side, input }) => {
        const pooling = new Pooling(shape, side, false)
        const bias = new Float32Array(shape[3])
        pooling.forward(input, bias)
        expect([...pooling.output]).toEqual(pooledPlainly(input, shape, side, bias))
        const dOutput = Float32Array.from(pooling.output, (_, i) => i + 1)
        pooling.backward(dOutput)
        const sum = (values: Float32Array) => values.reduce((a, b) => a + b, 0)
        expect(sum(pooling.dInput)).toBe(sum(dOutput))
        for (const [i, d] of pooling.dInput.entries()) if (d !== 0) expect(input[i]).toBe(pooling.output[d - 1])
      }),
    )
  })

  it('tells floats of 2 x 2 windows apart to the last bit, whatever their signs', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 4, maxLength: 4, noNaN: true }), (input) => {
        const pooling = new Pooling([1, 2, 2, 1], 2, false)
        pooling.forward(input, new Float32Array(1))
        expect(pooling.output[0]).toBe(Math.max(...input) + 0)
      }),
    )
  })

  it('adds the bias before the ReLU and stops gradients where it is zero', () => {
    const pooling = new Pooling([1, 2, 4, 1], 2, true)
    pooling.forward(Float32Array.of(1, 2, -5, -6, 3, 0, -7, -8), Float32Array.of(0.5))
    expect([...pooling.output]).toEqual([3.5, 0])
    pooling.backward(Float32Array.of(10, 20))
    expect([...pooling.dInput]).toEqual([0, 0, 0, 0, 10, 0, 0, 0])
    expect([...pooling.dBias]).toEqual([10])
  })

  it('lets NaN through', () => {
    for (const [height, width] of [
      [2, 2],
      [3, 3],
    ] as const) {
      const pooling = new Pooling([1, height, width, 1], 2, true)
      pooling.forward(new Float32Array(height * width).fill(NaN), Float32Array.of(0))
      expect(pooling.output[0]).toBeNaN()
    }
  })
})
