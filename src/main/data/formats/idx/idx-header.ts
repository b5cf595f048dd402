/**
 * The IDX format of the MNIST files: two zero bytes, a type, the rank, each dimension as a big-endian
 * 32-bit number, then the numbers themselves, big-endian. (Y. LeCun, C. Cortes: The MNIST database.)
 */
import { badInput } from '../../bad-input.ts'
import type { ArrayHeader } from '../numbers/array-header.ts'

const types: Readonly<Record<number, Pick<IdxHeader, 'typeName' | 'kind' | 'size'>>> = {
  0x08: { typeName: 'unsigned byte', kind: 'u', size: 1 },
  0x09: { typeName: 'signed byte', kind: 'i', size: 1 },
  0x0b: { typeName: '16-bit integer', kind: 'i', size: 2 },
  0x0c: { typeName: '32-bit integer', kind: 'i', size: 4 },
  0x0d: { typeName: '32-bit float', kind: 'f', size: 4 },
  0x0e: { typeName: '64-bit float', kind: 'f', size: 8 },
}

export interface IdxHeader extends ArrayHeader {
  typeName: string
  /** Bytes of the whole (unpacked) file. */
  length: number
}

/** Bytes of the longest header. */
export const longestHeader = 20

/** Whether bytes begin as an IDX file does. */
export function looksLikeIdx(head: Uint8Array): boolean {
  return head.length >= 4 && head[0] === 0 && head[1] === 0 && types[head[2]] !== undefined && head[3] >= 1 && head[3] <= 4
}

/** @throws LabError `bad-input` when the file is not as long as its header says, before anything of that length is asked for */
export function checkLength({ shape, typeName, length }: IdxHeader, size: number, name: string): void {
  const declared = `${shape.join(' x ')} ${typeName}s`
  if (size < length) throw badInput(name, `ends at byte ${size}, but its header (${declared}) declares ${length} bytes.`)
  if (size > length)
    throw badInput(name, `goes on after byte ${length}, where it should end by its header (${declared}): it has ${size} bytes.`)
}

/**
 * @param bytes the first ones, {@link longestHeader} of them or all there are
 * @throws LabError `bad-input` naming the file and the byte
 */
export function readIdxHeader(bytes: Uint8Array, name: string): IdxHeader {
  if (bytes.length < 4) throw badInput(name, `has only ${bytes.length} bytes; an IDX file begins with 4 that say what it is.`)
  if (bytes[0] !== 0 || bytes[1] !== 0) throw badInput(name, `is no IDX file: bytes 0 and 1 are ${bytes[0]} and ${bytes[1]}, not 0.`)
  const type = bytes[2]
  const known = types[type]
  if (known === undefined) throw badInput(name, `has the unknown type 0x${type.toString(16).padStart(2, '0')} at byte 2.`)
  const rank = bytes[3]
  if (rank < 1 || rank > 4) throw badInput(name, `has rank ${rank} at byte 3; ranks 1 to 4 are read.`)
  const offset = 4 + 4 * rank
  if (bytes.length < offset) throw badInput(name, `ends at byte ${bytes.length}, within its header of ${offset} bytes.`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
  const empty = shape.indexOf(0)
  if (empty >= 0) throw badInput(name, `has no entries: its dimension ${empty + 1}, at byte ${4 + 4 * empty}, is 0.`)
  const length = offset + shape.reduce((a, b) => a * b, known.size)
  return { ...known, bigEndian: true, shape, fortran: false, offset, length }
}
