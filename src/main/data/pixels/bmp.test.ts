import { expect, test } from 'vitest'
import { bmpHeader } from '../testing/pictures.ts'
import { readBmp, readBmpHeader } from './bmp.ts'

/** Red, green, blue of each entry as a palette: blue, green, red, nothing. */
const entries = (...colours: readonly (readonly number[])[]): number[] => colours.flatMap(([r, g, b]) => [b, g, r, 0])
const [red, green, blue, white] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
]

interface Case {
  width: number
  height: number
  bits: number
  packing?: number
  between?: number[]
  pixels: number[]
}

function bitmap({ pixels, ...parts }: Case): Uint8Array {
  const bytes = bmpHeader({ ...parts, pixels: pixels.length })
  bytes.set(pixels, bytes.length - pixels.length)
  return bytes
}

test.each<[string, Case, number[][]]>([
  [
    'one bit a pixel, rows from below, each of whole words',
    { width: 3, height: 2, bits: 1, between: entries(blue, white), pixels: [0b01000000, 0, 0, 0, 0b10100000, 0, 0, 0] },
    [white, blue, white, blue, white, blue],
  ],
  [
    'four bits a pixel, a width that is odd',
    { width: 3, height: 2, bits: 4, between: entries(red, green, blue), pixels: [0x01, 0x20, 0, 0, 0x21, 0x00, 0, 0] },
    [blue, green, red, red, green, blue],
  ],
  [
    'eight bits a pixel, rows from above',
    { width: 2, height: -2, bits: 8, between: entries(red, green, blue, white), pixels: [0, 1, 0, 0, 2, 3, 0, 0] },
    [red, green, blue, white],
  ],
  [
    '24 bits a pixel',
    { width: 1, height: 2, bits: 24, pixels: [3, 2, 1, 0, 6, 5, 4, 0] },
    [
      [4, 5, 6],
      [1, 2, 3],
    ],
  ],
  ['16 bits a pixel, five a colour', { width: 2, height: 1, bits: 16, pixels: [0x00, 0x7c, 0xe0, 0x03] }, [red, green]],
  [
    '16 bits a pixel, six of them green',
    { width: 2, height: 1, bits: 16, packing: 3, between: [0, 0xf8, 0, 0, 0xe0, 0x07, 0, 0, 0x1f, 0, 0, 0], pixels: [0xe0, 0x07, 0x1f, 0] },
    [green, blue],
  ],
  ['32 bits a pixel', { width: 1, height: 1, bits: 32, pixels: [3, 2, 1, 99] }, [[1, 2, 3]]],
  [
    'runs of eight bits: repeated, as they are, a row ended early',
    // 3 x 2: below green green blue, above red and nothing more.
    { width: 3, height: 2, bits: 8, packing: 1, between: entries(white, red, green, blue), pixels: [2, 2, 1, 3, 0, 0, 1, 1, 0, 0, 0, 1] },
    [red, white, white, green, green, blue],
  ],
  [
    'runs of eight bits, an odd number of values as they are',
    { width: 3, height: 1, bits: 8, packing: 1, between: entries(red, green, blue), pixels: [0, 3, 0, 1, 2, 0, 0, 1] },
    [red, green, blue],
  ],
  [
    'runs of four bits alternate',
    { width: 5, height: 1, bits: 4, packing: 2, between: entries(red, green, blue), pixels: [3, 0x12, 0, 2, 2, 0, 0, 1] },
    [green, blue, green, red, red],
  ],
])('%s', (_what, parts, wanted) => {
  const bytes = bitmap(parts)
  const { data, height, width } = readBmp(bytes)
  expect([width, height]).toEqual([parts.width, Math.abs(parts.height)])
  expect([...data]).toEqual(wanted.flat())
})

test('pixels begin where the header says, not where the palette ends', () => {
  const bytes = bitmap({ width: 2, height: 1, bits: 24, between: [9, 9, 9, 9], pixels: [3, 2, 1, 6, 5, 4, 0, 0] })
  expect([...readBmp(bytes).data]).toEqual([1, 2, 3, 4, 5, 6])
})

test('the header of OS/2: palette of three bytes an entry', () => {
  const bytes = new Uint8Array(26 + 6 + 4)
  const view = new DataView(bytes.buffer)
  bytes.set([0x42, 0x4d])
  view.setUint32(10, 32, true)
  view.setUint32(14, 12, true)
  view.setUint16(18, 2, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint16(24, 1, true)
  bytes.set([0, 0, 255, 255, 0, 0], 26)
  bytes[32] = 0b01000000
  expect([...readBmp(bytes).data]).toEqual([...red, ...blue])
})

test('a palette of greys makes a grey image, one of colours does not', () => {
  const grey = entries([0, 0, 0], [9, 9, 9])
  expect(readBmpHeader(bitmap({ width: 1, height: 1, bits: 8, between: grey, pixels: [0, 0, 0, 0] })).colour).toBe(false)
  expect(readBmpHeader(bitmap({ width: 1, height: 1, bits: 8, between: entries(red), pixels: [0, 0, 0, 0] })).colour).toBe(true)
})

test.each<[string, Case, RegExp]>([
  [
    'a colour that the palette lacks',
    { width: 1, height: 1, bits: 8, between: entries(red), pixels: [7, 0, 0, 0] },
    /colour 7 of a palette of 1/,
  ],
  ['no palette', { width: 1, height: 1, bits: 8, pixels: [0, 0, 0, 0] }, /there is no palette/],
  ['rows that are missing', { width: 9, height: 9, bits: 24, pixels: [0, 0, 0, 0] }, /ends at byte 58, but its 9 x 9 pixels need/],
  [
    'runs beyond the edge',
    { width: 2, height: 1, bits: 8, packing: 1, between: entries(red), pixels: [9, 0, 0, 1] },
    /goes beyond its 2 x 1/,
  ],
  [
    'runs that do not end',
    { width: 2, height: 1, bits: 8, packing: 1, between: entries(red), pixels: [2, 0] },
    /ends at byte 60, within its runs/,
  ],
  ['runs for colours', { width: 1, height: 1, bits: 24, packing: 1, pixels: [0, 0, 0, 0] }, /24 bits are packed by the unknown method 1/],
])('%s: an error that says so', (_what, parts, errorText) => {
  expect(() => readBmp(bitmap(parts))).toThrow(errorText)
})
