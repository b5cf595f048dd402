/** Distances between rows: L1 of all pairs, on vector kernels, and L2 of two. */
import { Workbench } from '../simd/kernels.ts'
import { putSlice, slicesOf } from './slices.ts'

/**
 * L1 distances of all pairs, a slice of columns at a time.
 * @param vectors [n, length]
 * @param bench must not be used by others until the last slice is done
 * @yields after each slice, so that messages can be let in
 * @returns [n, n], of which only the pairs i < j are filled
 */
export function* distancesBySlices(vectors: Float32Array, n: number, bench: Workbench): Generator<undefined, Float64Array> {
  const sums = new Float64Array(n * n)
  for (const slice of slicesOf(n, vectors.length / n)) {
    const { padded } = slice
    putSlice(bench.reserve(n * padded), 0, vectors, n, slice)
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) sums[i * n + j] += bench.kernels.l1(i * padded * 4, j * padded * 4, padded)
    }
    yield
  }
  return sums
}

/** As {@link distancesBySlices}, letting messages in between slices: for numbers of vectors that take seconds. */
export async function distancesOfMany(vectors: Float32Array, n: number, yieldToEventLoop: () => Promise<void>): Promise<Float64Array> {
  const slices = distancesBySlices(vectors, n, new Workbench())
  let slice = slices.next()
  while (slice.done !== true) {
    await yieldToEventLoop()
    slice = slices.next()
  }
  return slice.value
}

/** L2 distance of two vectors. */
export function euclidean(a: Float32Array, b: Float32Array): number {
  let squares = 0
  for (let k = 0; k < a.length; k++) squares += (a[k] - b[k]) ** 2
  return Math.sqrt(squares)
}
