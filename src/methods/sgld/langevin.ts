/** A step of Langevin dynamics (Welling and Teh 2011, equation 4), with the gradient as a mean over images. */
import type { Normal } from '../../engine/random/stream.ts'

export interface Langevin {
  /** Step on the mean loss; the papers' ε is twice this over the images. */
  rate: number
  /** Training images. */
  images: number
  /** Standard deviation of the normal prior. */
  prior: number
  /** Of the noise; 0: none. */
  temperature: number
}

/** @param gradient of the mean loss over some of the images; like the weights, which change in place */
export function langevinStep(weights: Float32Array, gradient: Float32Array, options: Langevin, stream: Normal): void {
  const { rate, images, prior, temperature } = options
  const pull = 1 / (images * prior * prior)
  const noise = Math.sqrt((2 * rate * temperature) / images)
  for (let k = 0; k < weights.length; k++) {
    weights[k] -= rate * (gradient[k] + pull * weights[k])
    if (noise > 0) weights[k] += noise * stream.normal()
  }
}
