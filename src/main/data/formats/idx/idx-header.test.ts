import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LabError } from '../../../../shared/errors.ts'
import { testContext } from '../../testing/imports.ts'
import { TreeFile } from '../../tree/tree-file.ts'
import { idxFile, problem } from '../../testing/samples.ts'
import { channelsLast } from '../arrays.ts'
import { checkLength, readIdxHeader } from './idx-header.ts'
import type { IdxHeader } from './idx-header.ts'
import { imageLayout, readIdxLabels } from './idx.ts'
import type { IdxArray } from './idx.ts'

/** The header of a whole file, checked against its length. */
function read(bytes: Uint8Array, name: string): IdxHeader {
  const header = readIdxHeader(bytes.subarray(0, 20), name)
  checkLength(header, bytes.length, name)
  return header
}

/** An array in memory. */
function fileInMemory(name: string, bytes: Uint8Array): TreeFile {
  const read = (into: Uint8Array, position: number): Promise<number> => {
    const there = bytes.subarray(position, position + into.length)
    into.set(there)
    return Promise.resolve(there.length)
  }
  return new TreeFile(name, bytes.length, { read })
}

function arrayOf(bytes: Uint8Array): IdxArray {
  return { name: 'a', file: fileInMemory('a', bytes), header: read(bytes, 'a') }
}

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
  ['a size beyond all memory', idxFile(0x0e, [4294967295, 4294967295, 4294967295, 4294967295], [1]), /declares 2\.7\S*e\+39 bytes/],
])('%s: named with file and byte', async (_what, bytes, errorText) => {
  const error = await problem(() => read(bytes, 'digits.idx'))
  expect(error.code).toBe('bad-input')
  expect(error.message).toMatch(/^digits\.idx: /)
  expect(error.message).toMatch(errorText)
  expect(error.remedy).not.toBe('')
})

test('images of other ranks and types', () => {
  const layout = (type: number, dims: number[]) =>
    imageLayout(arrayOf(idxFile(type, dims, new Uint8Array(dims.reduce((a, b) => a * b) * (type === 0x0d ? 4 : 1)))))
  expect(layout(0x08, [1, 5, 6, 3])).toEqual({ height: 5, width: 6, channels: 3, channelsFirst: false })
  expect(layout(0x08, [1, 2, 5, 6])).toEqual({ height: 5, width: 6, channels: 2, channelsFirst: true })
  expect(() => layout(0x0d, [1, 1, 1])).toThrow(/32-bit floats.*unsigned bytes/)
  expect(() => layout(0x08, [2, 4])).toThrow(/rank 2/)
  expect(() => layout(0x08, [1, 5, 5, 5])).toThrow(/no dimension can be the channels/)
})

test('channels come last', () => {
  expect(Array.from(channelsLast(Uint8Array.of(1, 2, 3, 11, 12, 13, 4, 5, 6, 14, 15, 16), 2, 2, 3))).toEqual([
    1, 11, 2, 12, 3, 13, 4, 14, 5, 15, 6, 16,
  ])
})

test('labels of every type, when they are whole numbers', async () => {
  const labelsOf = (bytes: Uint8Array) => readIdxLabels(arrayOf(bytes), testContext('/nowhere'))
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
    expect(await labelsOf(idxFile(type, [3], numbers([0, 7, 100])))).toEqual([0, 7, 100])
    if (type !== 0x08) await expect(labelsOf(idxFile(type, [2], numbers([1, -1])))).rejects.toThrow(`label 1, at byte ${8 + size}, is -1`)
  }
})

test('arbitrary bytes behind a valid beginning end in a sentence or an array', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom(0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e),
      fc.integer({ min: 0, max: 6 }),
      (rest, type, rank) => {
        try {
          const { shape, size, offset } = read(Uint8Array.of(0, 0, type, rank, ...rest), 'a')
          expect(rest.length + 4 - offset).toBe(shape.reduce((a, b) => a * b, size))
        } catch (error) {
          expect(error).toBeInstanceOf(LabError)
        }
      },
    ),
    { numRuns: 500 },
  )
})
