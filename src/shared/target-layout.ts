/**
 * A target network laid out: the shapes between its layers, and where each layer's parameters lie in the
 * canonical flat vector of its weights. A target is a chain of layers, and a layer may hold chains itself; the
 * vector has the parameters of one layer after another, a layer's own before those of what it holds, each array
 * row-major (kernels height x width x in x out, or in x out), and the bias, where there is one, last. Everything that stores, sends
 * or exports weights uses it.
 */
import { chainsOf, type LayerKind, type LayerSettings, type ParameterArray, type Shape } from '../layers/layer-kind.ts'
import { layerKinds, type LayerKinds } from '../layers/registry.ts'
import { LabError } from './errors.ts'
import type { Target } from './experiment.ts'
import { standardReference } from './reference-batch.ts'

/** One layer: what it maps between, and its place in the flat vector. */
export interface LayerLayout<L extends LayerSettings = LayerSettings> {
  layer: L
  definition: LayerKind<L>
  input: Shape
  output: Shape
  /** Whether its input has been flattened already. */
  inputIsFlat: boolean
  /** Whether it gives the network's output. */
  isOutput: boolean
  /** Where its parameters start, and how many they are, with those of the chains it holds. */
  offset: number
  size: number
  /** Layers with parameters before it, in the order of the flat vector. */
  index: number
  /** Its own. */
  arrays: readonly PlacedArray[]
  /** What it takes of a reference batch, [channels] each: its place in a complete network, and among the layers that do. */
  statistics: readonly PlacedArray[]
  statisticsIndex: number
  chains: readonly (readonly LayerLayout[])[]
}

export interface PlacedArray extends ParameterArray {
  offset: number
  size: number
}

/** A layer with parameters of its own, [rows, filters] in all: the last row, [filters], is the bias, where there is one. */
export interface WeightedLayout<L extends LayerSettings = LayerSettings> extends LayerLayout<L> {
  /** Filters of a convolution, units of a dense layer. */
  filters: number
  /** Numbers of one filter, without its bias. */
  fanIn: number
  /** Numbers of one filter: fan-in, and 1 where it has a bias. */
  rows: number
  /** Of all but the bias, [fanIn, filters] row-major. */
  kernelOffset: number
  /** [filters], where there is a bias; the end of the kernel. */
  biasOffset: number
  /** Codes that its parameters are generated from: one a filter, or 1 where they are generated whole. */
  codes: number
}

export interface TargetLayout {
  target: Target
  layers: readonly LayerLayout[]
  /** The layers with parameters, those within others included, in the order of the flat vector. */
  weighted: readonly WeightedLayout[]
  /** Numbers in one flat weight vector. */
  weightCount: number
  /** Numbers of a complete network: its weights, and behind them the statistics that it answers with. */
  completeCount: number
  classes: number
}

/** How far a target could be laid out. */
export interface LayoutProgress {
  /** The layers with all that they hold, in the order in which they were done. */
  readonly laid: LayerLayout[]
  /** The layer that cannot be there, and what is wrong with it. */
  fault?: { layer: LayerSettings; error: LabError }
}

/**
 * Lays out a target.
 * @param kinds the kinds of layers there are
 * @param progress is told how far it came
 * @throws LabError `invalid-argument` when a layer cannot follow the one before it, or gives nothing
 */
export function layOut(target: Target, kinds: LayerKinds = layerKinds, progress: LayoutProgress = { laid: [] }): TargetLayout {
  const { height, width, channels } = target.input
  const weighted: WeightedLayout[] = []
  const statistics: PlacedArray[][] = []
  const layers = layChain(target.layers, [height, width, channels], {
    kinds,
    weighted,
    statistics,
    progress,
    offset: 0,
    where: 'target.layers',
    flattenedBy: undefined,
    isTarget: true,
  })
  const { layer, definition, output, offset, size } = layers[layers.length - 1]
  if (definition.canEnd?.(layer) !== true) {
    const error = new LabError(
      'invalid-argument',
      'The last layer of the target must be dense, without activation.',
      'Let it end with a dense layer without activation, of one unit a class.',
    )
    progress.fault = { layer, error }
    throw error
  }
  const weightCount = offset + size
  let completeCount = weightCount
  for (const array of statistics.flat()) {
    array.offset = completeCount
    completeCount += array.size
  }
  return { target, layers, weighted, weightCount, completeCount, classes: output[2] }
}

interface Place {
  kinds: LayerKinds
  /** Receives the layers with parameters. */
  weighted: WeightedLayout[]
  /** Receives the statistics of each layer that has some; where they lie is known when all weights are laid out. */
  statistics: PlacedArray[][]
  progress: LayoutProgress
  offset: number
  /** In the document. */
  where: string
  /** Kind of the layer before that flattened. */
  flattenedBy: string | undefined
  /** Whether the chain is the target itself, whose last layer gives the output. */
  isTarget: boolean
}

function layChain(layers: readonly LayerSettings[], input: Shape, place: Place): LayerLayout[] {
  const { kinds, weighted, where } = place
  let { offset, flattenedBy } = place
  let shape = input
  return layers.map((layer, i) => {
    const here = `${where}[${i}]`
    try {
      const definition = definitionOf(layer, kinds)
      if (definition.places === 'needs' && flattenedBy !== undefined && definition.withoutPlaces?.(layer) !== true) {
        throw new LabError(
          'invalid-argument',
          `A ${layer.kind} cannot follow a ${flattenedBy} layer.`,
          'Put convolutions before dense layers.',
        )
      }
      if (definition.places === 'flattens' && !place.isTarget) {
        throw new LabError(
          'invalid-argument',
          `A ${layer.kind} layer cannot stand within another one: it leaves no places.`,
          'Put it behind, into target.layers.',
        )
      }
      if (definition.ofImages !== undefined && !(place.isTarget && i === 0)) {
        throw new LabError(
          'invalid-argument',
          `A ${layer.kind} layer works on the images themselves.`,
          'Let it be the first layer of the target, or leave it out.',
        )
      }
      const isOutput = place.isTarget && i === layers.length - 1
      const inputIsFlat = flattenedBy !== undefined
      const own = { layer, definition, input: shape, inputIsFlat, isOutput, offset, index: weighted.length }
      const laid = layOne(own, { ...place, where: here, flattenedBy, isTarget: false })
      if (definition.places === 'flattens') flattenedBy = layer.kind
      offset += laid.size
      shape = laid.output
      place.progress.laid.push(laid)
      return laid
    } catch (thrown) {
      if (!(thrown instanceof LabError) || place.progress.fault !== undefined) throw thrown
      place.progress.fault = { layer, error: thrown }
      throw new LabError(thrown.code, `${here}: ${thrown.message[0].toLowerCase()}${thrown.message.slice(1)}`, thrown.remedy)
    }
  })
}

function definitionOf({ kind }: LayerSettings, kinds: LayerKinds): LayerKind {
  if (Object.hasOwn(kinds, kind)) return kinds[kind]
  throw new LabError('invalid-argument', `There is no kind of layer "${kind}".`, `The kinds are: ${Object.keys(kinds).join(', ')}.`)
}

function layOne(
  given: Omit<LayerLayout, 'output' | 'size' | 'arrays' | 'chains' | 'statistics' | 'statisticsIndex'>,
  place: Place,
): LayerLayout {
  const { layer, definition, input, isOutput, offset } = given
  let end = offset
  const arrays = definition.parameters(layer, input).map((array): PlacedArray => {
    const placed = { ...array, offset: end, size: array.shape.reduce((product, side) => product * side, 1) }
    end += placed.size
    return placed
  })
  const taken = (definition.statistics?.(layer) ?? []).map((name): PlacedArray => {
    const size = input[2]
    return { name, shape: [size], fanIn: null, size, offset: 0 }
  })
  const statistics = { statistics: taken, statisticsIndex: place.statistics.length }
  if (taken.length > 0) place.statistics.push(taken)
  const own: WeightedLayout[] = []
  if (arrays.length > 0) {
    const filters = arrays[0].shape.at(-1)!
    const rows = (end - offset) / filters
    const fanIn = arrays.at(-1)!.name === 'bias' ? rows - 1 : rows
    const biasOffset = offset + fanIn * filters
    const codes = definition.generatedWhole(layer, isOutput) ? 1 : filters
    const nothingYet = { output: input, size: 0, chains: [], ...statistics }
    own.push({ ...given, ...nothingYet, arrays, filters, fanIn, rows, kernelOffset: offset, biasOffset, codes })
    place.weighted.push(...own)
  }
  const chains = chainsOf(definition, layer).map((chain, i) => {
    const laid = layChain(chain, input, { ...place, offset: end, where: `${place.where}.${definition.chains![i]}` })
    end += laid.reduce((sum, { size }) => sum + size, 0)
    return laid
  })
  const output = definition.outputShape(
    layer,
    input,
    chains.map((chain) => chain.at(-1)?.output ?? input),
  )
  if (!output.every((side) => side >= 1)) {
    throw new LabError(
      'invalid-argument',
      `Nothing is left of ${input[0]} \u00d7 ${input[1]} places behind a ${layer.kind}.`,
      'Take a smaller window or stride, or fewer layers that shrink before it.',
    )
  }
  return Object.assign(own[0] ?? { ...given, arrays, ...statistics }, { output, size: end - offset, chains })
}

/** Whether a layer is of a kind, and so has its settings. */
export function isOf<L extends LayerSettings>(layout: LayerLayout | undefined, kind: LayerKind<L>): layout is LayerLayout<L> {
  return layout !== undefined && layout.definition.kind === kind.kind
}

/** Whether a network of the target takes statistics of a batch. */
export const hasStatistics = ({ weightCount, completeCount }: Pick<TargetLayout, 'weightCount' | 'completeCount'>): boolean =>
  completeCount > weightCount

/** Images that a network runs on before it answers: those of its reference batch. */
export const referenceCount = (layout: Pick<TargetLayout, 'target' | 'weightCount' | 'completeCount'>): number =>
  hasStatistics(layout) ? (layout.target.reference ?? standardReference).images : 0

export const isWeighted = (layout: LayerLayout): layout is WeightedLayout => layout.arrays.length > 0

/** Every layer of a chain, and those that they hold. */
export function* eachLayer(chain: readonly LayerLayout[]): Generator<LayerLayout> {
  for (const layer of chain) {
    yield layer
    for (const inner of layer.chains) yield* eachLayer(inner)
  }
}

export interface ImageCosts {
  /** Multiplications and additions of one network on one image. */
  operations: number
  /** Numbers an image that stay for the way back. */
  activations: number
  /** Numbers an image in the widest place of the network. */
  widest: number
}

/** What one image costs. */
export function imageCosts({ layers }: Pick<TargetLayout, 'layers'>): ImageCosts {
  const costs = { operations: 0, activations: 0, widest: 0 }
  for (const { layer, definition, input } of eachLayer(layers)) {
    const { operations, activations } = definition.costs(layer, input)
    costs.operations += operations
    costs.activations += activations
    costs.widest = Math.max(costs.widest, input[0] * input[1] * input[2], activations)
  }
  return costs
}
