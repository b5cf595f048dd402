/** What a person may choose about how a map is laid out, and what is taken where nothing was chosen. */
import { LabError } from './errors.ts'

export interface MapOptions {
  /** Effective number of neighbours of t-SNE. */
  perplexity: number
  iterations: number
  /** Principal components that t-SNE works on. */
  components: number
}

/** What is usual for t-SNE, where there are networks enough. */
export const defaultPerplexity = 30

/** t-SNE looks at three times as many neighbours as its perplexity, and there must be such. */
export function largestPerplexity(count: number): number {
  return Math.max(1, (count - 1) / 3)
}

/** Options of a map of `count` networks. */
export function defaultMapOptions(count: number): MapOptions {
  return { perplexity: Math.min(defaultPerplexity, Math.floor(largestPerplexity(count))), iterations: 1000, components: 50 }
}

/**
 * What was chosen, and the defaults for the rest.
 * @throws LabError `invalid-argument` when the perplexity is not for so few networks
 */
export function mapOptions(count: number, method: 'pca' | 'tsne', chosen: Partial<MapOptions> = {}): MapOptions {
  const options = { ...defaultMapOptions(count), ...chosen }
  const { perplexity } = options
  if (method === 'tsne' && !(perplexity >= 1 && perplexity <= largestPerplexity(count)))
    throw new LabError(
      'invalid-argument',
      `A perplexity of ${perplexity} does not fit ${count} networks.`,
      `Give one from 1 to ${Math.floor(largestPerplexity(count))} (a third of the other networks), more networks, or none: it then fits by itself.`,
    )
  return options
}
