/** The Gaussian around the average of weights (Maddox et al. 2019, algorithm 1). */
import type { Arrays } from '../../engine/training/array-engine.ts'
import type { Normal } from '../../engine/random/stream.ts'

/**
 * mean [size]; squares [size], the summed squares of deviations from the mean; columns [rank, size], the newest deviations, each from the
 * mean of its time; collected [1], how many weights there were.
 */
export type Moments = Arrays<'mean' | 'squares' | 'columns' | 'collected'>

export const momentSizes = (size: number, rank: number): Record<keyof Moments, number> => ({
  mean: size,
  squares: size,
  columns: rank * size,
  collected: 1,
})

/** Takes weights in, by Welford's sums, which keep the digits that a difference of mean squares loses. */
export function collect({ mean, squares, columns, collected }: Moments, weights: Float32Array): void {
  const size = weights.length
  const count = ++collected[0]
  const column = ((count - 1) % (columns.length / size)) * size
  for (let k = 0; k < size; k++) {
    const before = weights[k] - mean[k]
    mean[k] += before / count
    const after = weights[k] - mean[k]
    squares[k] += before * after
    columns[column + k] = after
  }
}

/** Draws weights; at least one must have been collected. @param scale 0: the mean */
export function draw({ mean, squares, columns, collected }: Moments, scale: number, stream: Normal, into: Float32Array): void {
  into.set(mean)
  if (scale === 0) return
  const size = mean.length
  const [count] = collected
  for (let k = 0; k < size; k++) into[k] += scale * Math.sqrt(Math.max(0, squares[k]) / count / 2) * stream.normal()
  const used = Math.min(count, columns.length / size)
  if (used < 2) return
  for (let column = 0; column < used; column++) {
    const share = (scale * stream.normal()) / Math.sqrt(2 * (used - 1))
    for (let k = 0; k < size; k++) into[k] += share * columns[column * size + k]
  }
}
