/**
 * What a kind of layer is to the rest of the lab. A kind is a folder: `definition.ts` says all that is
 * plain, `pass.ts` holds its arithmetic forward and backward, and `registry.ts` names it in one line.
 */
import type { z } from 'zod'
import type { KerasGraph, NamedArray, OnnxGraph } from './exports.ts'

/** Shape of one image on its way: after a layer that flattens, [1, 1, units]. */
export type Shape = readonly [height: number, width: number, channels: number]

/** A layer as its document says it; each kind adds its own settings. */
export interface LayerSettings {
  readonly kind: string
}

/** Numbers that the layer learns: the last axis is always that of its filters (units, channels). */
export interface ParameterArray {
  name: string
  shape: readonly number[]
  /** Numbers that each sum over it has, which decides how large a student's initial values are; null: they start at 0. */
  fanIn: number | null
}

/** What a layer does with the scales of filters, which the gauge takes out of them. */
export interface GaugeRule {
  /**
   * What becomes of its own parameters: each filter is scaled to mean square 1 (where somebody behind takes the
   * scale up), or the last array is shifted to sum to 0, or nothing.
   */
  own: 'normalise' | 'centre' | 'nothing'
  /**
   * What becomes of the scales of the channels it reads: its weights are multiplied by them, they stand on its
   * output as well (pooling), its output does not depend on them (a normalisation), or they must not be there.
   */
  reads: 'absorb' | 'pass' | 'forget' | 'stop'
}

/** Something of a layer that others may read and change. */
export interface Property<L, T> {
  of(layer: L): T
  /** @returns the layer with another value */
  to(layer: L, value: T): L
}

/** Of pixels from 0 to 1, one number a channel. */
export interface ColourStatistics {
  mean: readonly number[]
  deviation: readonly number[]
}

export interface LayerKind<L extends LayerSettings = LayerSettings> {
  readonly kind: L['kind']
  /** One or two words, and a sentence. */
  readonly title: string
  readonly description: string
  readonly schema: z.ZodObject<{ kind: z.ZodLiteral<L['kind']> }> & z.ZodType<L>
  /** Whether it works on places (and so cannot follow a layer that flattened them), flattens them, or takes them as they are. */
  readonly places: 'needs' | 'flattens' | 'keeps'
  /** Of a kind that needs places: whether this one does without, behind a layer that flattened them. Absent: never. */
  withoutPlaces?(layer: L): boolean
  /**
   * Names of what it takes of a whole batch while it trains, one number a channel each, so that a batch must not be split; a network
   * answers with those of its reference batch. Absent or none: its output depends on no other image.
   */
  statistics?(layer: L): readonly string[]
  /** Of a kind that works on the images themselves, and can only come first: what it takes from those that train, where a document leaves it out. */
  readonly ofImages?: { lacks(layer: L): boolean; fill(layer: L, training: ColourStatistics): L }

  /**
   * @param chains output shapes of the chains it holds
   * @throws LabError `invalid-argument` where it cannot be there; who lays the target out says where that is
   */
  outputShape(layer: L, input: Shape, chains: readonly Shape[]): Shape
  /** What it learns itself; none is allowed. They lie in this order in a network's flat weights, before those of its chains. */
  parameters(layer: L, input: Shape): readonly ParameterArray[]
  /** Its settings that are chains of layers, as a residual block has them: each reads what the layer reads. */
  readonly chains?: readonly string[]
  /** Multiplications and additions an image, and numbers an image that stay for the way back; chains come on top. */
  costs(layer: L, input: Shape): { operations: number; activations: number }
  /** Whose order its output's channels have: that of its own filters, of the channels it reads, or of all its chains, which are added up. */
  readonly channels: 'own' | 'read' | 'chains'
  /**
   * Whether it is odd in a channel: negate what it makes of its input before its activation (its own filter and bias, what it reads, or
   * the sum of its chains), and its output is negated. Then signs, too, make no difference, once whoever reads the channel takes them up.
   */
  isOdd(layer: L): boolean
  /** @param output whether it gives the network's output */
  gauge(layer: L, output: boolean): GaugeRule
  /** Whether a generator makes its parameters whole, from one code; else a filter at a time, each from a code of its own. */
  generatedWhole(layer: L, output: boolean): boolean
  /** Whether it can end a target: it gives one number a class. Absent: never. */
  canEnd?(layer: L): boolean

  /** Channels of its output, where they are free to choose. */
  readonly width?: Property<L, number>
  /** Side and stride of the window that it takes together to one place; what is left at 1 is no layer any more. */
  readonly window?: Property<L, number>
  /** How its filters look as pictures of what they read: side in pixels, and whether it is the whole image; null: not at all. */
  picture?(layer: L, input: Shape): { side: number; whole: boolean } | null

  /** As a person says it: `convolution 5 × 5, 32 filters, ReLU`. @param chains the words of each layer that it holds */
  words(layer: L, chains: readonly (readonly string[])[]): string
  /**
   * Adds its nodes to a graph, which has brought what comes before into the order that {@link places} wants.
   * @param arrays its own, in their order
   * @param chains adds those of each chain
   * @param input shape of what it reads
   */
  onnx(graph: OnnxGraph, layer: L, arrays: readonly NamedArray[], chains: readonly (() => void)[], input: Shape): void
  /** Adds itself to a Keras model, flattened before where that is wanted; the output is made probabilities. */
  keras(graph: KerasGraph, layer: L, output: boolean, chains: readonly (() => void)[], input: Shape): void
  /**
   * Plain loops over one image, for the check of exports.
   * @param values [height, width, channels] flat
   */
  plain(
    layer: L,
    values: readonly number[],
    input: Shape,
    arrays: readonly ArrayLike<number>[],
    chains: readonly ((values: readonly number[]) => number[])[],
  ): number[]
}

/** Says that a definition is one, and infers its settings from its schema. */
export function defineLayer<L extends LayerSettings>(definition: LayerKind<L>): LayerKind<L> {
  return definition
}

/** The chains that a layer holds. */
export const chainsOf = ({ chains = [] }: Pick<LayerKind, 'chains'>, layer: LayerSettings): (readonly LayerSettings[])[] =>
  chains.map((key) => (layer as unknown as Record<string, readonly LayerSettings[]>)[key])
