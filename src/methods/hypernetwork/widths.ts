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
  const code = codesOf(spec, weighted)
  const codeWidth = weighted.reduce((sum, { codes }, l) => sum + codes * code[l], 0)
  return {
    extractor: { widths: [spec.latent, ...spec.extractor, codeWidth], times: 1 },
    generators: weighted.map(({ rows, filters, codes }, l) => ({
      widths: [code[l], ...(spec.generators[l] ?? []), (rows * filters) / codes],
      times: codes,
    })),
  }
}

/** Three hidden layers, as the authors' CIFAR-10 code has them (`sliorde/hypernetworks`, a9d1e7d). */
export const generatorFor = ({ fanIn }: { fanIn: number }): number[] => new Array<number>(3).fill(Math.ceil(12 * Math.sqrt(fanIn)))

/** The numbers in a code that the same code takes: ceil(log2 of the numbers of a filter), its bias included where there is one. */
export const codeFor = ({ rows }: { rows: number }): number => Math.max(1, Math.ceil(Math.log2(rows)))

/** Numbers in a code of each layer with weights. */
export const codesOf = ({ code }: Pick<HypernetworkSpec, 'code'>, weighted: readonly unknown[]): number[] =>
  weighted.map((_, l) => (typeof code === 'number' ? code : code[l]))

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
