/** Perceptrons of HyperGAN: how wide each of their layers is, from input to output. */
import type { TargetSizes } from '../method.ts'
import type { HyperganSpec } from './schema.ts'

export interface Widths {
  mixer: number[]
  /** One for each layer with weights. */
  generators: number[][]
  discriminator: number[]
}

export const widthsOf = (spec: HyperganSpec, weighted: readonly Pick<TargetSizes['weighted'][number], 'rows' | 'filters'>[]): Widths => ({
  mixer: [spec.latent, ...spec.mixer, spec.code * weighted.length],
  generators: weighted.map(({ rows, filters }) => [spec.code, ...spec.generator, rows * filters]),
  discriminator: [spec.code, ...spec.discriminator, 1],
})

/** Weights and biases. */
export const parametersIn = (widths: readonly number[]): number =>
  widths.slice(1).reduce((sum, width, i) => sum + (widths[i] + 1) * width, 0)
