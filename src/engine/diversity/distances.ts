/** L1 distances between rows, on vector kernels. */
import { roundUp, type Workbench } from '../simd/kernels.ts'

/** L1 distance of rows i and j, for as long as nothing else uses the workbench. */
export type Distance = (i: number, j: number) => number

/** Bytes up to which vectors are laid out at once; more are measured row against row. */
const LARGEST = 2 ** 30

/**
 * Lays rows out on a workbench, padded with zeros, which add nothing.
 * @param vectors [n, length]
 */
export function distancesOf(vectors: Float32Array, n: number, bench: Workbench): Distance {
  const length = vectors.length / n
  const padded = roundUp(length, 16)
  if (n * padded * 4 > LARGEST) return pairwise(vectors, length, padded, bench)
  const numbers = bench.reserve(n * padded)
  for (let i = 0; i < n; i++) {
    numbers.set(vectors.subarray(i * length, (i + 1) * length), i * padded)
    numbers.fill(0, i * padded + length, (i + 1) * padded)
  }
  return (i, j) => bench.kernels.l1(i * padded * 4, j * padded * 4, padded)
}

function pairwise(vectors: Float32Array, length: number, padded: number, bench: Workbench): Distance {
  const numbers = bench.reserve(2 * padded).fill(0, 0, 2 * padded)
  return (i, j) => {
    numbers.set(vectors.subarray(i * length, (i + 1) * length), 0)
    numbers.set(vectors.subarray(j * length, (j + 1) * length), padded)
    return bench.kernels.l1(0, padded * 4, padded)
  }
}
