/** Which images a network sees at a step, and which z it comes from. */
import { fillSigned, randomStream, type Purpose } from './stream.ts'

/**
 * Indices of the images of one network's batch at a step, drawn with replacement from the first
 * `trainCount` images.
 * @returns [imageBatch]
 */
export function drawBatch(seed: number, step: number, network: number, trainCount: number, imageBatch: number): Int32Array {
  const stream = randomStream(seed, 'image-batch', step, network)
  const indices = new Int32Array(imageBatch)
  for (let i = 0; i < imageBatch; i++) indices[i] = stream.integer(trainCount)
  return indices
}

/**
 * Latent vectors z ~ U(-1, 1)^latent of networks `first` to `first + count`.
 * @returns [count, latent]
 */
export function drawLatents(seed: number, purpose: Purpose, step: number, first: number, count: number, latent: number): Float32Array {
  const z = new Float32Array(count * latent)
  for (let n = 0; n < count; n++) fillSigned(seed, purpose, step, first + n, z.subarray(n * latent, (n + 1) * latent))
  return z
}
