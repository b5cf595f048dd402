import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseScale, rangeDoubt, toBytes, ValueRange } from './scale.ts'

function scaled(values: number[]): number[] {
  const range = new ValueRange()
  expect(range.add(values)).toBe(-1)
  const scale = chooseScale(range, undefined, 'images.npy')
  return Array.from(toBytes(values, scale))
}

test.each<[string, number[], number[]]>([
  ['bytes stay', [0, 100, 255], [0, 100, 255]],
  ['0 to 1', [0, 0.5, 1], [0, 128, 255]],
  ['0 and 1', [0, 1, 1], [0, 255, 255]],
  ['-1 to 1', [-1, 0, 1], [0, 128, 255]],
  ['0 to 1, but for rounding', [-1e-8, 0.5, 1.0000001], [0, 128, 255]],
  ['0 to 16', [0, 8, 16], [0, 128, 255]],
  ['12 bits', [0, 2048, 4095], [0, 128, 255]],
  ['16 bits', [0, 32768, 65535], [0, 128, 255]],
  ['signed bytes', [-128, 0, 127], [0, 128, 255]],
  ['fractions', [0.4, 200.6, 254.5], [0, 201, 255]],
  ['nothing but black', [0, 0], [0, 0]],
])('%s', (_what, values, expected) => {
  expect(scaled(values)).toEqual(expected)
})

test.each<[string, number[], { from: number; to: number }[]]>([
  [
    'standardised',
    [-2.3, 0, 2.3],
    [
      { from: -2.3, to: 2.3 },
      { from: 0, to: 2.3 },
    ],
  ],
  ['beyond 16 bits', [0, 70000], [{ from: 0, to: 70000 }]],
  [
    '0 to 16',
    [0, 8, 16],
    [
      { from: 0, to: 16 },
      { from: 0, to: 255 },
    ],
  ],
  [
    '11 bits',
    [0, 2047],
    [
      { from: 0, to: 4095 },
      { from: 0, to: 2047 },
    ],
  ],
  [
    '0 to 100',
    [0, 100],
    [
      { from: 0, to: 255 },
      { from: 0, to: 127 },
      { from: 0, to: 100 },
    ],
  ],
  [
    '0 to 1 less a half',
    [-0.5, 0.5],
    [
      { from: -0.5, to: 0.5 },
      { from: -1, to: 1 },
    ],
  ],
  [
    'a part of -1 to 1',
    [-1, 0.3],
    [
      { from: -1, to: 1 },
      { from: -1, to: 0.3 },
    ],
  ],
  [
    'almost black',
    [0, 0.02],
    [
      { from: 0, to: 1 },
      { from: 0, to: 0.02 },
    ],
  ],
])('%s is a doubt, with the ranges that it may be', (_what, values, ranges) => {
  const range = new ValueRange()
  range.add(values)
  const [doubt] = rangeDoubt(chooseScale(range, undefined, 'images.npy'))
  expect(doubt.code).toBe('pixel-range')
  const told = (value: number) => (Number.isInteger(value) ? String(value) : value.toPrecision(3))
  expect(doubt.choices).toEqual(
    ranges.map((one) => ({ words: `${told(one.from)} is black, ${told(one.to)} white.`, options: { range: one } })),
  )
  // Each answer settles it.
  for (const one of ranges) expect(rangeDoubt(chooseScale(range, one, 'images.npy'))).toEqual([])
})

test('what is no finite number is found by its place', () => {
  for (const wrong of [NaN, Infinity, -Infinity]) expect(new ValueRange().add([1, 2, wrong, 3])).toBe(2)
})

test('brighter stays brighter', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 60000, noNaN: true }), { minLength: 2 }), (values) => {
      const bytes = scaled(values)
      values.forEach((value, i) => {
        if (i > 0 && value >= values[i - 1]) expect(bytes[i]).toBeGreaterThanOrEqual(bytes[i - 1])
      })
    }),
  )
})
