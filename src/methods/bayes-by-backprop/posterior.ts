/**
 * The distribution of weights that is learned: every weight normal by itself, with mean mu and standard deviation
 * softplus(rho), which stays above 0 whatever rho is (Blundell et al. 2015, section 3.2). In one array: the means of all
 * weights, and behind them their rho.
 */
import type { TargetLayout } from '../../engine/target-network/layout.ts'
import { heWeights } from '../../engine/training/he-weights.ts'

export function halves(posterior: Float32Array): { means: Float32Array; rhos: Float32Array } {
  const size = posterior.length / 2
  return { means: posterior.subarray(0, size), rhos: posterior.subarray(size) }
}

/** log(1 + e^rho), where e^rho may be too large or too small to be added. */
export const softplus = (rho: number): number => Math.max(rho, 0) + Math.log1p(Math.exp(-Math.abs(rho)))

/** Derivative of softplus, by its value. */
export const slopeAt = (sigma: number): number => -Math.expm1(-sigma)

/**
 * Means as the weights of any network begin (He et al. 2015), and standard deviations that are the same share of those
 * that these are drawn with, layer by layer; a bias has that of its layer.
 */
export function initialPosterior(layout: TargetLayout, seed: number, share: number): Float32Array {
  const posterior = new Float32Array(2 * layout.weightCount)
  const { means, rhos } = halves(posterior)
  heWeights(layout, seed, 'initial-weights', 0, means)
  for (const { fanIn, rows, filters, kernelOffset } of layout.weighted) {
    const sigma = share * Math.sqrt(2 / fanIn)
    rhos.fill(Math.log(Math.expm1(sigma)), kernelOffset, kernelOffset + rows * filters)
  }
  return posterior
}

/**
 * Divergence of the distribution from the prior N(0, prior^2), in nats: log(prior / sigma) + (sigma^2 + mu^2) / (2 prior^2) - 1/2,
 * summed over the weights.
 * @param gradient its gradient times `share` is added to it; like the posterior
 */
export function divergence(posterior: Float32Array, prior: number, share: number, gradient: Float32Array): number {
  const { means, rhos } = halves(posterior)
  const precision = 1 / (prior * prior)
  let sum = 0
  for (let k = 0; k < means.length; k++) {
    const [mean, sigma] = [means[k], softplus(rhos[k])]
    sum += Math.log(prior / sigma) + ((sigma * sigma + mean * mean) * precision - 1) / 2
    gradient[k] += share * mean * precision
    gradient[means.length + k] += share * (sigma * precision - 1 / sigma) * slopeAt(sigma)
  }
  return sum
}
