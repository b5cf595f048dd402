/**
 * The hypernetwork's trainable parameters and batch-norm averages, each kept as one flat float32 array
 * with a map of what lies where. One array each makes the optimiser one loop and a checkpoint a copy.
 */
import { hypernetwork } from '../definition.ts'
import type { HypernetworkSpec } from '../schema.ts'
import { widthsOf } from '../widths.ts'
import { randomStream } from '../../../engine/random/stream.ts'
import type { TargetLayout } from '../../../engine/target-network/layout.ts'

/** Where a named array lies. */
export interface Entry {
  name: string
  shape: readonly number[]
  offset: number
  size: number
}

/** One affine map, and the batch norm behind it; the last one of a perceptron has none. */
export interface AffineEntries {
  weights: Entry
  norm: { scale: Entry; offset: Entry; mean: Entry; variance: Entry } | null
}

/** A multilayer perceptron: its affine maps in order. */
export interface PerceptronEntries {
  scope: string
  layers: AffineEntries[]
}

export interface ParameterLayout {
  extractor: PerceptronEntries
  /** One weight generator a target layer that has parameters. */
  generators: PerceptronEntries[]
  /** Codes of each of these layers: one a filter, or one for the whole layer; and the numbers in each. */
  codes: { count: number; width: number }[]
  parameters: Entry[]
  parameterCount: number
  averages: Entry[]
  averageCount: number
}

/**
 * Lays out the parameters of the hypernetwork that generates `target`.
 * @throws LabError `invalid-argument` when there is not one generator a target layer with parameters
 */
export function layOutParameters(spec: HypernetworkSpec, target: TargetLayout): ParameterLayout {
  hypernetwork.check(spec, target)
  const parameters = new Region()
  const averages = new Region()
  const perceptron = (scope: string, widths: readonly number[]): PerceptronEntries => ({
    scope,
    layers: widths.slice(1).map((width, i) => {
      const name = `${scope}/layer${i + 1}`
      const weights = parameters.add(`${name}_weights`, [widths[i], width])
      if (i === widths.length - 2) return { weights, norm: null }
      return {
        weights,
        norm: {
          offset: parameters.add(`${name}_offset`, [width]),
          scale: parameters.add(`${name}_scale`, [width]),
          mean: averages.add(`${name}_mean`, [width]),
          variance: averages.add(`${name}_variance`, [width]),
        },
      }
    }),
  })
  const widths = widthsOf(spec, target)
  const extractor = perceptron('extractor', widths.extractor.widths)
  const generators = widths.generators.map((generator, l) => perceptron(`weight_generator${l + 1}`, generator.widths))
  return {
    extractor,
    generators,
    codes: widths.generators.map(({ times, widths: [width] }) => ({ count: times, width })),
    parameters: parameters.entries,
    parameterCount: parameters.size,
    averages: averages.entries,
    averageCount: averages.size,
  }
}

class Region {
  readonly entries: Entry[] = []
  size = 0

  add(name: string, shape: readonly number[]): Entry {
    const size = shape.reduce((product, n) => product * n, 1)
    const entry = { name, shape, offset: this.size, size }
    this.entries.push(entry)
    this.size += size
    return entry
  }
}

/** The part of a flat array that an entry names (a view, not a copy). */
export function view(array: Float32Array, entry: Entry): Float32Array {
  return array.subarray(entry.offset, entry.offset + entry.size)
}

/**
 * Initial parameters: weights truncated normal at two sigma with sigma = sqrt(scale / fan-in), offsets
 * 0, batch-norm scales 1 (method of the authors' code: variance scaling without the later 0.8796).
 *
 * Batch norm makes what differs between networks as large as what a unit can be, and its offsets of 0 leave nothing that they
 * share. With an initial spread the last hidden units before the codes, and before layers that have one code (whose
 * batch holds nothing but networks), begin at 1 with so much around it.
 */
export function initialParameters(spec: HypernetworkSpec, layout: ParameterLayout, seed: number): Float32Array {
  const values = new Float32Array(layout.parameterCount)
  for (const [i, entry] of layout.parameters.entries()) {
    const target = view(values, entry)
    if (entry.name.endsWith('_scale')) target.fill(1)
    if (!entry.name.endsWith('_weights')) continue
    const sigma = Math.sqrt(spec.initialScale / entry.shape[0])
    const stream = randomStream(seed, 'initial-weights', 0, i)
    for (let k = 0; k < target.length; k++) target[k] = sigma * stream.truncatedNormal()
  }
  const { initialSpread } = spec
  if (initialSpread === undefined) return values
  for (const { layers } of [layout.extractor, ...layout.generators.filter((_, l) => layout.codes[l].count === 1)]) {
    const norm = layers.at(-2)?.norm ?? null
    if (norm === null) continue
    view(values, norm.scale).fill(initialSpread)
    view(values, norm.offset).fill(1)
  }
  return values
}
