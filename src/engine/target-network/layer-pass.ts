/** What every kind of layer offers to the target program: a pass forward, and a hand-written pass back. */
import type { Handle, Native } from '../native/native.ts'
import type { Frame } from './frame.ts'
import type { LayerLayout } from './layout.ts'
import type { SparseMemory } from './sparse-kernels.ts'

/** What a layer reads or writes: in TensorFlow, in vector kernels' memory, or in both. */
export interface Activation {
  tensor?: Handle
  frame?: Frame
}

/** A gradient is in one place. */
export type Gradient = Handle | Frame

/** What the way back needs of the way forward. */
export interface Saved {
  input: Activation
  /** After pooling, bias and activation. */
  output: Activation
  /** Whatever else the layer wants back. */
  intermediates: readonly Handle[]
  /** Of the layers that it holds. */
  inner?: readonly Saved[]
}

/** One network's weights of one layer, as the layer's passes (for any number of images) take them. */
export interface Loaded {
  tensors: readonly Handle[]
  /** Where they lie for vector kernels. */
  pointer?: number
  /** The complete network, for those that put the statistics of a reference batch there. */
  network?: Float32Array
  /** Of the layers that it holds. */
  inner?: readonly Loaded[]
}

/** In what form the layer before wants its gradient. */
export type WantedGradient = 'none' | 'tensor' | 'frame'

/** Bytes stand for value / 255. */
export type Pixels = Uint8Array | Float32Array

/** How images reach the first layer: as they are, in patches, or within a margin. */
export interface FirstLayerInput {
  /** Numbers an image, laid out. */
  readonly rowLength: number
  /** Lays out images [images, height, width, channels] once, for as many networks as will see them. */
  layOut(pixels: Pixels, images: number): Pixels
  /** Hands some images, laid out, to the first layer. */
  load(native: Native, rows: Pixels, images: number): Activation
}

export interface LayerPass {
  /** Whether it takes a {@link Frame} for its output's gradient. */
  readonly takesFrames: boolean
  /** How the first pass of a network wants the images; absent: as they are. */
  readonly imageInput?: FirstLayerInput
  /**
   * Hands one network's weights of its layers over.
   * @param weights in the canonical order; must not change while the result lives
   * @param network the complete network, with its statistics behind the weights of all layers
   */
  load(weights: Float32Array, network: Float32Array): Loaded
  /** @param keep whether {@link backward} will follow, before the next forward pass; else nothing but the output is kept */
  forward(input: Activation, loaded: Loaded, keep: boolean): Saved
  /**
   * Frees `dy` and all that was saved but the input, as soon as it can.
   * @param gradient receives the gradient of the weights, laid out as they are
   * @param add whether to add to what is there (more images of the same network) or overwrite it
   * @returns the gradient of the input, where it was asked for
   */
  backward(dy: Gradient, saved: Saved, loaded: Loaded, want: WantedGradient, gradient: Float32Array, add: boolean): Gradient | undefined
}

/** Whether gradients will be asked for. */
export type Purpose = 'training' | 'evaluation'

/** Which statistics layers normalise with: those of the batch; the same, which are kept with the network; or those that it has. */
export type Statistics = 'batch' | 'reference' | 'fixed'

/** A layer's own weights of many networks, or their gradients: [networks, fanIn, filters] and [networks, 1, filters]. */
export interface ManyWeights {
  kernel: Handle
  /** Where there is one. */
  bias: Handle | undefined
}

/** Many networks at once: their images lie one network's behind the other's, and their weights on the device. */
export interface Together {
  networks: number
  /** Whether all see the same images, which are there once. */
  share: boolean
  weightsOf(layer: LayerLayout): ManyWeights
  /** Takes the gradients. */
  take(layer: LayerLayout, gradients: ManyWeights): void
  /** The fixed statistics of a layer, [networks, channels] each. */
  statisticsOf(layer: LayerLayout): readonly Handle[]
  /** Takes those of a reference batch. */
  takeStatistics(layer: LayerLayout, statistics: readonly Handle[]): void
}

/** What a pass is made for. */
export interface PassContext {
  native: Native
  purpose: Purpose
  statistics: Statistics
  /** Images a pass. */
  size: number
  /** Whether its input is the images, and if so whether their pixels come as bytes. */
  images: 'bytes' | 'floats' | null
  /** Whether to go back by the few places that have a gradient, in vector kernels. */
  sparse: boolean
  /** What passes on vector kernels share. */
  memory: () => SparseMemory
  /** What passes share whatever they are made for: made when first asked for. */
  shared<T>(key: string, make: () => T): T
  /** Where many networks are run at once, on ops that are recorded; null: one at a time. */
  together: Together | null
  /** The passes of a chain that a layer holds. */
  chain(layers: readonly LayerLayout[]): LayerPass
}

/**
 * Makes the pass of a chain's first layer; where a layer and those behind it are faster together, of all of them.
 * A kind's `pass.ts` has one, by the name of `makePass`.
 * @param layers the layer and all behind it, of the same chain
 * @returns the pass, and how many layers it does
 */
export type MakePass = (layers: readonly LayerLayout[], context: PassContext) => { pass: LayerPass; layers: number }

/** The tensor of an activation, where the one who made it must have made one. */
export function tensorOf({ tensor }: Activation): Handle {
  if (tensor === undefined) throw new Error('This layer reads tensors, but was handed a frame')
  return tensor
}

export function isFrame(gradient: Gradient): gradient is Frame {
  return 'inside' in gradient
}

/** The tensor of a gradient, where no frame was asked for. */
export function tensorGradient(gradient: Gradient): Handle {
  if (isFrame(gradient)) throw new Error('This layer takes tensors, but was handed a frame')
  return gradient
}

/** Puts `values` at `offset` of a gradient, or adds them. */
export function putGradient(gradient: Float32Array, offset: number, values: Float32Array, add: boolean): void {
  if (!add) gradient.set(values, offset)
  else for (let i = 0; i < values.length; i++) gradient[offset + i] += values[i]
}
