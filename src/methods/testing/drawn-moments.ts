/** What a method draws, without chance: what is linear in normal numbers is told by one draw for each of them. */
import type { Normal } from '../../engine/random/stream.ts'

/** @param count of the normal numbers that a draw takes; @returns mean [size], and covariance [size, size] */
export function drawnMoments(size: number, count: number, draw: (noise: Normal, into: Float32Array) => void) {
  const drawn = (unit?: number): Float32Array => {
    const into = new Float32Array(size)
    let next = 0
    draw({ normal: () => (next++ === unit ? 1 : 0) }, into)
    return into
  }
  const mean = drawn()
  const roots = Array.from({ length: count }, (_, unit) => drawn(unit).map((value, k) => value - mean[k]))
  const all = Array.from(mean.keys())
  return { mean: [...mean], covariance: all.map((i) => all.map((j) => roots.reduce((sum, root) => sum + root[i] * root[j], 0))) }
}
