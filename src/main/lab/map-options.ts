/** What a person may choose about how a map is laid out. */
export interface MapOptions {
  /** Effective number of neighbours of t-SNE. */
  perplexity: number
  iterations: number
  /** Principal components that t-SNE works on. */
  components: number
}

export const defaultMapOptions: MapOptions = { perplexity: 30, iterations: 1000, components: 50 }
