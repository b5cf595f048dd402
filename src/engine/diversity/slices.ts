/** Rows too long for a core's own cache, taken a slice of columns at a time, so that each row meets the others there. */
import { roundUp } from '../simd/kernels.ts'

/** Bytes of all rows' parts that are looked at together. */
const SLICE_BYTES = 2 ** 19
/** Numbers of a row in a slice at least, however many rows there are. */
const NARROWEST = 256

/** Columns `from` to `from + size`, which take `padded` numbers a row on a workbench: a multiple of 16. */
export interface Slice {
  from: number
  size: number
  padded: number
}

/** The slices of [n, length]. */
export function slicesOf(n: number, length: number): Slice[] {
  const width = Math.max(NARROWEST, Math.floor(SLICE_BYTES / (4 * 16 * n)) * 16)
  return Array.from({ length: Math.ceil(length / width) }, (_, i) => {
    const from = i * width
    const size = Math.min(width, length - from)
    return { from, size, padded: roundUp(size, 16) }
  })
}

/** Puts a slice of `rows` [n, length] at `at` of a workbench, with zeros behind each row's part: [n, padded]. */
export function putSlice(numbers: Float32Array, at: number, rows: Float32Array, n: number, { from, size, padded }: Slice): void {
  const length = rows.length / n
  for (let i = 0; i < n; i++) {
    const place = at + i * padded
    numbers.set(rows.subarray(i * length + from, i * length + from + size), place)
    numbers.fill(0, place + size, place + padded)
  }
}

/** The inverse of {@link putSlice}. */
export function takeSlice(numbers: Float32Array, at: number, rows: Float32Array, n: number, { from, size, padded }: Slice): void {
  const length = rows.length / n
  for (let i = 0; i < n; i++) rows.set(numbers.subarray(at + i * padded, at + i * padded + size), i * length + from)
}
