/** How far apart sampled networks lie, and how sure the entropy is that is estimated from their nearest neighbours. */
import type { Diversity } from '../../analyses/evaluation/definition.ts'
import { fewestForEntropyInterval } from '../../analyses/evaluation/definition.ts'
import { randomStream } from '../random/stream.ts'
import { entropyOf, logOf } from './entropy.ts'
import { binned, meanNearest } from './pairs.ts'

/** Times that the networks are parted in halves. */
const PARTED = 200

/**
 * @param pairs L1 distances, [n, n] with pairs i < j
 * @param dimension d of the entropy; null: it has none
 * @param seed what halves are drawn by, so that the same comes out again
 */
export function diversityOf(pairs: Float64Array, n: number, dimension: number | null, seed: number): Diversity {
  const { distances } = entropyOf(pairs, n, dimension ?? 1)
  const [from, to] = [distances.reduce((a, b) => Math.min(a, b)), pairs.reduce((a, b) => Math.max(a, b))]
  let sum = 0
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sum += pairs[i * n + j]
  const error = dimension === null || n < fewestForEntropyInterval ? null : dimension * errorOfHalves(pairs, n, seed)
  return {
    networks: n,
    nearest: Array.from(distances),
    pairs: { from, to, counts: binned(pairs, n, from, to), mean: sum / (n * (n - 1) * 0.5) },
    entropyError: error,
  }
}

/**
 * Standard error of the mean log distance to the nearest neighbour: n networks are parted at random in halves, whose means
 * vary as those of n / 2 networks do, and so by twice the variance of n. Of all the networks it would be too little to take
 * their own spread, since neighbours share distances, and too much to leave each out in turn (`diversity.test.ts` has
 * the coverage). Parts of the estimate that are alike for as many networks cancel.
 */
function errorOfHalves(pairs: Float64Array, n: number, seed: number): number {
  const logs = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return logOf(pairs[Math.min(i, j) * n + Math.max(i, j)])
  })
  const stream = randomStream(seed, 'entropy-halves', 0, 0)
  const order = Uint32Array.from({ length: n }, (_, i) => i)
  const half = n >> 1
  let squares = 0
  for (let time = 0; time < PARTED; time++) {
    for (let i = n - 1; i > 0; i--) {
      const j = stream.integer(i + 1)
      ;[order[i], order[j]] = [order[j], order[i]]
    }
    squares += (meanNearest(logs, n, order.subarray(0, half)) - meanNearest(logs, n, order.subarray(half, 2 * half))) ** 2
  }
  return Math.sqrt(squares / PARTED / 4)
}
