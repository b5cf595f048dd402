/** L1 distances between rows, on vector kernels. */
import { roundUp, type Workbench } from '../simd/kernels.ts'

/** Bytes of all rows' parts that are looked at together: they stay in a core's own cache while each meets each. */
const SLICE_BYTES = 2 ** 19
/** Numbers of a row in a slice at least, however many rows there are. */
const NARROWEST = 256

/**
 * L1 distances of all pairs, a slice of columns at a time.
 * @param vectors [n, length]
 * @param bench must not be used by others until the last slice is done
 * @yields after each slice, so that messages can be let in
 * @returns [n, n], of which only the pairs i < j are filled
 */
export function* distancesBySlices(vectors: Float32Array, n: number, bench: Workbench): Generator<undefined, Float64Array> {
  const length = vectors.length / n
  const width = Math.max(NARROWEST, Math.floor(SLICE_BYTES / (4 * 16 * n)) * 16)
  const sums = new Float64Array(n * n)
  for (let from = 0; from < length; from += width) {
    const size = Math.min(width, length - from)
    const padded = roundUp(size, 16) // with zeros, which add nothing
    const numbers = bench.reserve(n * padded)
    for (let i = 0; i < n; i++) {
      numbers.set(vectors.subarray(i * length + from, i * length + from + size), i * padded)
      numbers.fill(0, i * padded + size, (i + 1) * padded)
    }
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) sums[i * n + j] += bench.kernels.l1(i * padded * 4, j * padded * 4, padded)
    }
    yield
  }
  return sums
}
