import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LabError } from '../../shared/errors.ts'
import { readIdx } from './idx.ts'
import { toImages, toLabels } from './idx-parts.ts'
import { idxFile, pairOf, problem } from './testing/samples.ts'
import { idxReader } from './idx-reader.ts'

test('a file is read as its header says, plain and gzip', () => {
  const file = idxFile(
    0x08,
    [2, 2, 3],
    Array.from({ length: 12 }, (_, i) => i),
  )
  for (const bytes of [file, gzipSync(file)]) {
    const array = readIdx(bytes, 'a')
    expect(array).toMatchObject({ dims: [2, 2, 3], offset: 16, length: 28 })
    expect(Array.from(array.bytes)).toEqual(Array.from({ length: 12 }, (_, i) => i))
  }
})

test.each([
  ['nothing at all', Uint8Array.of(), /has only 0 bytes/],
  ['text', Buffer.from('label,a,b\n1,2,3\n'), /bytes 0 and 1 are 108 and 97/],
  ['an unknown type', Uint8Array.of(0, 0, 7, 1, 0, 0, 0, 1, 5), /unknown type 0x07 at byte 2/],
  ['rank 0', Uint8Array.of(0, 0, 8, 0), /rank 0 at byte 3/],
  ['rank 5', Uint8Array.of(0, 0, 8, 5, ...new Array<number>(20).fill(1)), /rank 5 at byte 3/],
  ['half a header', Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1), /ends at byte 8, within its header of 16/],
  ['a dimension of 0', Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 0), /dimension 2, at byte 8, is 0/],
  ['too few bytes', idxFile(0x08, [3, 2, 2], [1, 2, 3]), /ends at byte 19, but its header \(3 x 2 x 2 unsigned bytes\) declares 28/],
  ['too many bytes', idxFile(0x08, [2], [1, 2, 3]), /goes on after byte 10.*it has 11/],
  ['a size beyond all memory', idxFile(0x0e, [4294967295, 4294967295, 4294967295, 4294967295], [1]), /at most 2147483648 are read/],
  [
    'gzip cut off',
    gzipSync(
      idxFile(
        0x08,
        [200],
        Array.from({ length: 200 }, (_, i) => (i * 71) % 256),
      ),
    ).subarray(0, 100),
    /damaged or ends too early/,
  ],
  ['a gzip bomb', gzipSync(Buffer.concat([idxFile(0x08, [2], [1, 2]), Buffer.alloc(50_000_000)])), /more than the 10 bytes/],
  [
    'a gzip that cannot hold what it declares',
    gzipSync(idxFile(0x08, [1, 30_000, 30_000], [1])),
    /more than its \d+ packed bytes can hold/,
  ],
])('%s: named with file and byte', (_what, bytes, said) => {
  const error = problem(() => readIdx(bytes, 'digits.idx'))
  expect(error.code).toBe('bad-input')
  expect(error.message).toMatch(/^digits\.idx: /)
  expect(error.message).toMatch(said)
  expect(error.remedy).not.toBe('')
})

test('images of other ranks and types', () => {
  const last = readIdx(
    idxFile(
      0x08,
      [1, 5, 6, 3],
      Array.from({ length: 90 }, (_, i) => i),
    ),
    'a',
  )
  expect(toImages(last, 'a')).toMatchObject({ count: 1, height: 5, width: 6, channels: 3, data: last.bytes })
  const first = readIdx(
    idxFile(
      0x08,
      [1, 2, 5, 6],
      Array.from({ length: 60 }, (_, i) => i),
    ),
    'a',
  )
  const turned = toImages(first, 'a')
  expect(turned).toMatchObject({ height: 5, width: 6, channels: 2 })
  expect(Array.from(turned.data.subarray(0, 4))).toEqual([0, 30, 1, 31])
  expect(() => toImages(readIdx(idxFile(0x0d, [1, 1, 1], [0, 0, 0, 0]), 'a'), 'a')).toThrow(/32-bit floats.*unsigned bytes/)
  expect(() => toImages(readIdx(idxFile(0x08, [2, 4], new Array<number>(8).fill(0)), 'a'), 'a')).toThrow(/rank 2/)
  expect(() => toImages(readIdx(idxFile(0x08, [1, 5, 5, 5], new Array<number>(125).fill(0)), 'a'), 'a')).toThrow(
    /no dimension can be the channels/,
  )
})

test('labels of every type, when they are whole numbers', () => {
  const write: [number, (view: DataView, value: number) => void, number][] = [
    [0x08, (view, value) => view.setUint8(0, value), 1],
    [0x09, (view, value) => view.setInt8(0, value), 1],
    [0x0b, (view, value) => view.setInt16(0, value), 2],
    [0x0c, (view, value) => view.setInt32(0, value), 4],
    [0x0d, (view, value) => view.setFloat32(0, value), 4],
    [0x0e, (view, value) => view.setFloat64(0, value), 8],
  ]
  for (const [type, put, size] of write) {
    const numbers = (values: number[]): number[] =>
      values.flatMap((value) => {
        const bytes = new Uint8Array(size)
        put(new DataView(bytes.buffer), value)
        return Array.from(bytes)
      })
    expect(Array.from(toLabels(readIdx(idxFile(type, [3], numbers([0, 7, 100])), 'a'), 'a'))).toEqual([0, 7, 100])
    if (type !== 0x08)
      expect(() => toLabels(readIdx(idxFile(type, [2], numbers([1, -1])), 'a'), 'a')).toThrow(`label 1, at byte ${8 + size}, is -1`)
  }
})

test('mutated files end in a sentence or in a whole data set', () => {
  const [images, labels] = pairOf(30).map((file) => file.bytes)
  const originals = [images, labels, gzipSync(images), gzipSync(labels)]
  const mutation = fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat({ max: 7 }) }),
    // The header more often than its share of the bytes.
    fc.record({ kind: fc.constant('flip' as const), at: fc.nat({ max: 20 }), bit: fc.nat({ max: 7 }) }),
    fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), bit: fc.nat() }),
    fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), bit: fc.nat({ max: 255 }) }),
    fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), bit: fc.nat() }),
  )
  const counts = { tried: 0, named: 0, read: 0 }
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.array(mutation, { minLength: 1, maxLength: 3 }), (packed, mutateLabels, mutations) => {
      const pair = packed ? originals.slice(2) : originals.slice(0, 2)
      const which = mutateLabels ? 1 : 0
      pair[which] = mutations.reduce(mutate, pair[which])
      counts.tried++
      try {
        const read = idxReader.read([
          { name: 'images', bytes: pair[0] },
          { name: 'labels', bytes: pair[1] },
        ])
        expect(read.images.length).toBe(read.count * read.height * read.width * read.channels)
        expect(read.labels.length).toBe(read.count)
        expect(read.labels.every((label) => label < read.classes)).toBe(true)
        const { train, validation, test: tested } = read.suggestedSplit
        expect(train + validation + tested).toBe(read.count)
        counts.read++
      } catch (error) {
        if (!(error instanceof LabError)) throw error
        expect(error.code).toBe('bad-input')
        counts.named++
      }
    }),
    { numRuns: 1500, seed: 8734 },
  )
  process.stdout.write(`IDX: of ${counts.tried} mutated files ${counts.named} named, ${counts.read} read as whole data sets, 0 crashes\n`)
  expect(counts.named).toBeGreaterThan(500)
  expect(counts.read).toBeGreaterThan(30)
})

function mutate(bytes: Uint8Array, { kind, at, bit }: { kind: 'flip' | 'cut' | 'insert' | 'repeat'; at: number; bit: number }): Uint8Array {
  if (bytes.length === 0) return bytes
  const place = at % bytes.length
  if (kind === 'cut') return bytes.slice(0, place)
  if (kind === 'insert') return Buffer.concat([bytes.subarray(0, place), Uint8Array.of(bit), bytes.subarray(place)])
  if (kind === 'repeat') return Buffer.concat([bytes, bytes.subarray(place)])
  const flipped = bytes.slice()
  flipped[place] ^= 1 << (bit & 7)
  return flipped
}

test('arbitrary bytes behind a valid beginning end in a sentence or an array', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom(0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e),
      fc.integer({ min: 0, max: 6 }),
      (rest, type, rank) => {
        try {
          const array = readIdx(Uint8Array.of(0, 0, type, rank, ...rest), 'a')
          expect(array.bytes.length).toBe(array.dims.reduce((a, b) => a * b, array.size))
        } catch (error) {
          expect(error).toBeInstanceOf(LabError)
        }
      },
    ),
    { numRuns: 500 },
  )
})
