/** What a file of numbers, such as NPY or IDX, says of them, and the numbers themselves. */
import type { TreeFile } from '../../tree/tree-file.ts'

export interface ArrayHeader {
  /** b: truth values, i and u: whole numbers, f: floating-point numbers; U and S: texts of characters of four bytes, or of one. */
  kind: 'b' | 'i' | 'u' | 'f' | 'U' | 'S'
  /** Bytes a number or a text. */
  size: number
  bigEndian: boolean
  shape: number[]
  /** The first index runs fastest. */
  fortran: boolean
  /** Of each image by itself the first index runs fastest, as MATLAB has it; absent: the last one. */
  columns?: boolean
  /** Where the numbers begin within the file. */
  offset: number
}

/** An array in a file. */
export interface NumberArray {
  file: TreeFile
  /** For the person. */
  name: string
  header: ArrayHeader
}

/** Whether an array holds texts, which can only be labels. */
export function isText({ kind }: Pick<ArrayHeader, 'kind'>): boolean {
  return kind === 'U' || kind === 'S'
}

/**
 * Numbers as they stand in the file.
 * @param bytes a whole number of them, which may be changed on the way
 */
export function numbersOf(bytes: Uint8Array, { kind, size, bigEndian }: ArrayHeader): ArrayLike<number> {
  if (size === 1) return kind === 'i' ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes
  // Typed arrays must begin at a multiple of their size, and have the order of the processor (little-endian, on all that are served).
  const own = bytes.byteOffset % size === 0 ? bytes : bytes.slice()
  if (bigEndian) swap(own, size)
  const { buffer, byteOffset } = own
  const length = own.length / size
  if (kind === 'f') {
    if (size === 2) return new Float16Array(buffer, byteOffset, length)
    return size === 4 ? new Float32Array(buffer, byteOffset, length) : new Float64Array(buffer, byteOffset, length)
  }
  if (size === 8) {
    const whole = kind === 'i' ? new BigInt64Array(buffer, byteOffset, length) : new BigUint64Array(buffer, byteOffset, length)
    return Float64Array.from(whole, Number)
  }
  if (kind === 'i') return size === 2 ? new Int16Array(buffer, byteOffset, length) : new Int32Array(buffer, byteOffset, length)
  return size === 2 ? new Uint16Array(buffer, byteOffset, length) : new Uint32Array(buffer, byteOffset, length)
}

function swap(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (size === 2) buffer.swap16()
  else if (size === 4) buffer.swap32()
  else buffer.swap64()
}
