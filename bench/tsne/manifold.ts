/** Points like sampled networks after PCA, when no real ones are given. */
import { randomStream } from '../../src/engine/random/stream.ts'

/**
 * A smooth random manifold, [n, dimension]: z ~ U(-1, 1)^latent through a random layer of tanh and a
 * linear map whose columns shrink as principal components do. The same seed gives the same points.
 */
export function randomManifold(n: number, dimension: number, seed: number, latent = 10, hidden = 64): Float32Array {
  const random = randomStream(seed, 'map', 1, 0)
  const first = Float64Array.from({ length: latent * hidden }, () => (3 * random.normal()) / Math.sqrt(latent))
  const second = Float64Array.from({ length: hidden * dimension }, (_, k) => random.normal() / Math.sqrt(1 + (k % dimension)))
  const points = new Float32Array(n * dimension)
  for (let i = 0; i < n; i++) {
    const z = Float64Array.from({ length: latent }, () => 2 * random.uniform() - 1)
    for (let h = 0; h < hidden; h++) {
      let sum = 0
      for (let l = 0; l < latent; l++) sum += z[l] * first[l * hidden + h]
      const activation = Math.tanh(sum)
      for (let d = 0; d < dimension; d++) points[i * dimension + d] += activation * second[h * dimension + d]
    }
  }
  return points
}
