/**
 * The IDX format of the MNIST files: two zero bytes, a type, the rank, each dimension as a big-endian
 * 32-bit number, then the numbers themselves, big-endian. (Y. LeCun, C. Cortes: The MNIST database.)
 */
import { LabError } from '../../shared/errors.ts'
import { gunzip, isGzip, peekGzip } from './gunzip.ts'
import { maxBytes, maxDeflateRatio } from './limits.ts'

/** Name and bytes of each type of number. */
const types: Readonly<Record<number, { name: string; bytes: number }>> = {
  0x08: { name: 'unsigned byte', bytes: 1 },
  0x09: { name: 'signed byte', bytes: 1 },
  0x0b: { name: '16-bit integer', bytes: 2 },
  0x0c: { name: '32-bit integer', bytes: 4 },
  0x0d: { name: '32-bit float', bytes: 4 },
  0x0e: { name: '64-bit float', bytes: 8 },
}

export interface IdxHeader {
  type: number
  typeName: string
  /** Bytes a number. */
  size: number
  dims: number[]
  /** Where the numbers begin. */
  offset: number
  /** Bytes of the whole (unpacked) file. */
  length: number
}

export interface IdxArray extends IdxHeader {
  /** The numbers as they stand in the file, big-endian. */
  bytes: Uint8Array
}

/** Whether bytes (plain or gzip) begin as an IDX file does. */
export function looksLikeIdx(head: Uint8Array): boolean {
  let bytes = head
  try {
    if (isGzip(head)) bytes = peekGzip(head, '')
  } catch {
    return false // no readable gzip: no IDX that we could read
  }
  return bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && types[bytes[2]] !== undefined
}

/**
 * Reads one file, plain or gzip.
 * @param name for errors
 * @throws LabError `bad-input` naming the file and the byte
 */
export function readIdx(file: Uint8Array, name: string): IdxArray {
  const packed = isGzip(file)
  const header = readHeader(packed ? peekGzip(file, name) : file, name)
  if (header.length > maxBytes) throw bad(name, `declares ${header.length} bytes; at most ${maxBytes} are read.`)
  // Before anything is unpacked: what is declared must be possible at all.
  if (packed && header.length > file.length * maxDeflateRatio) {
    throw bad(name, `declares ${header.length} bytes, more than its ${file.length} packed bytes can hold.`)
  }
  const bytes = packed ? gunzip(file, name, header.length) : file
  if (bytes.length < header.length) {
    throw bad(
      name,
      `ends at byte ${bytes.length}, but its header (${header.dims.join(' x ')} ${header.typeName}s) declares ${header.length} bytes.`,
    )
  }
  if (bytes.length > header.length) {
    throw bad(
      name,
      `goes on after byte ${header.length}, where it should end by its header (${header.dims.join(' x ')} ${header.typeName}s): it has ${bytes.length} bytes.`,
    )
  }
  return { ...header, bytes: bytes.subarray(header.offset) }
}

function readHeader(bytes: Uint8Array, name: string): IdxHeader {
  if (bytes.length < 4) throw bad(name, `has only ${bytes.length} bytes; an IDX file begins with 4 that say what it is.`)
  if (bytes[0] !== 0 || bytes[1] !== 0) throw bad(name, `is no IDX file: bytes 0 and 1 are ${bytes[0]} and ${bytes[1]}, not 0.`)
  const type = bytes[2]
  const known = types[type]
  if (known === undefined) throw bad(name, `has the unknown type 0x${type.toString(16).padStart(2, '0')} at byte 2.`)
  const rank = bytes[3]
  if (rank < 1 || rank > 4) throw bad(name, `has rank ${rank} at byte 3; ranks 1 to 4 are read.`)
  const offset = 4 + 4 * rank
  if (bytes.length < offset) throw bad(name, `ends at byte ${bytes.length}, within its header of ${offset} bytes.`)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const dims = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
  const empty = dims.indexOf(0)
  if (empty >= 0) throw bad(name, `has no entries: its dimension ${empty + 1}, at byte ${4 + 4 * empty}, is 0.`)
  const length = offset + dims.reduce((a, b) => a * b, known.bytes)
  return { type, typeName: known.name, size: known.bytes, dims, offset, length }
}

/** An error about a file's content. */
export function bad(
  name: string,
  found: string,
  remedy = 'Fetch the file again from where it came, or see that it is the right one.',
): LabError {
  return new LabError('bad-input', `${name}: ${found}`, remedy)
}
