/** The sizes of the hypernetwork's perceptrons, and what follows from them. */
import type { Arithmetic, TargetSizes } from '../method.ts'
import type { HypernetworkSpec } from './schema.ts'

/** Widths from input to output, and how often a perceptron is run to make one network. */
export interface Widths {
  widths: readonly number[]
  times: number
}

export interface HypernetworkWidths {
  extractor: Widths
  /** One weight generator a layer of the target that has weights: run once a code. */
  generators: readonly Widths[]
}

type Sizes = Pick<HypernetworkSpec, 'latent' | 'extractor' | 'code' | 'generators'>

export function widthsOf(spec: Sizes, { weighted }: Pick<TargetSizes, 'weighted'>): HypernetworkWidths {
  const codeWidth = weighted.reduce((sum, { codes }) => sum + codes, 0) * spec.code
  return {
    extractor: { widths: [spec.latent, ...spec.extractor, codeWidth], times: 1 },
    generators: weighted.map(({ rows, filters, codes }, l) => ({
      widths: [spec.code, ...(spec.generators[l] ?? []), (rows * filters) / codes],
      times: codes,
    })),
  }
}

/** Three hidden layers, as the authors' CIFAR-10 code has them (`sliorde/hypernetworks`, a9d1e7d). */
export const generatorFor = ({ fanIn }: { fanIn: number }): number[] => new Array<number>(3).fill(Math.ceil(12 * Math.sqrt(fanIn)))

/** The code that the same code takes for the layer that asks for most: they differ by layer there, and are one size here. */
export const codeFor = (weighted: readonly { rows: number }[]): number =>
  Math.max(1, ...weighted.map(({ rows }) => Math.ceil(Math.log2(rows))))

const products = ({ widths }: Widths) => widths.slice(1).reduce((sum, width, i) => sum + widths[i] * width, 0)
/** Matrices, and scale and offset of every hidden unit. */
const parameters = (perceptron: Widths) => products(perceptron) + 2 * perceptron.widths.slice(1, -1).reduce((sum, width) => sum + width, 0)

/** Of a step: `noiseBatch` networks, whose distances from each other are taken pair by pair. */
export function arithmeticOf(spec: Sizes & { noiseBatch: number }, target: TargetSizes): Arithmetic {
  const { extractor, generators } = widthsOf(spec, target)
  const all = [extractor, ...generators]
  return {
    networks: spec.noiseBatch,
    operations: all.reduce((sum, perceptron) => sum + 2 * perceptron.times * products(perceptron), 0),
    // Each pair of networks once: a difference, its size, a sum.
    inOneGo: (3 / 2) * spec.noiseBatch ** 2 * target.weightCount,
    // Each with two moments of Adam's.
    state: 3 * all.reduce((sum, perceptron) => sum + parameters(perceptron), 0),
  }
}
