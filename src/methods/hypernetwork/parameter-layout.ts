/**
 * The hypernetwork's trainable parameters and batch-norm averages, each kept as one flat float32 array
 * with a map of what lies where. One array each makes the optimiser one loop and a checkpoint a copy.
 */
import type { TargetLayout } from '../../shared/target-layout.ts'
import type { HypernetworkSpec } from './schema.ts'
import { widthsOf } from './widths.ts'

/** Names in a checkpoint of what networks are sampled from. */
export const checkpointNames = { parameters: 'parameters', averages: 'batchNorm.averages' } as const

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

/** Lays out the parameters of the hypernetwork that generates `target`, with which the specification must go. */
export function layOutParameters(spec: HypernetworkSpec, target: TargetLayout): ParameterLayout {
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
 * The averages to sample with: as they are, or divided by 1 - decay^step so that they are right from
 * the first step on (they start at zero).
 */
export function samplingAverages(spec: HypernetworkSpec, averages: Float32Array, step: number): Float32Array {
  if (!spec.batchNorm.debias || step === 0) return averages
  const factor = 1 / (1 - spec.batchNorm.decay ** step)
  return averages.map((value) => value * factor)
}
