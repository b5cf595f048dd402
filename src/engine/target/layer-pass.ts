/** What every kind of layer offers to the target program: a pass forward, and a hand-written pass back. */
import type { Handle } from '../native/native.ts'

/** What the way back needs of the way forward. */
export interface Saved {
  input: Handle
  /** After pooling, bias and activation. */
  output: Handle
  /** Whatever else the layer wants back. */
  kept: readonly Handle[]
}

/** One network's weights of one layer: as the layer's ops take them, and the bias [filters] in JavaScript's memory. */
export interface Loaded {
  tensors: readonly Handle[]
  bias: Float32Array
}

export interface LayerPass {
  /**
   * Hands one network's weights of this layer to TensorFlow.
   * @param weights kernel [fanIn, filters], then bias [filters]; must not change while the result lives
   */
  load(weights: Float32Array): Loaded
  /** @param keep whether {@link backward} will follow, before the next forward pass; else nothing is kept for it */
  forward(input: Handle, loaded: Loaded, keep: boolean): Saved
  /**
   * Frees `dy` and all that was saved but the input, as soon as it can.
   * @param gradient receives the gradient of the weights, laid out as they are
   * @param add whether to add to what is there (more images of the same network) or overwrite it
   * @returns the gradient of the input, where it was asked for
   */
  backward(dy: Handle, saved: Saved, loaded: Loaded, wantInput: boolean, gradient: Float32Array, add: boolean): Handle | undefined
}

/** Puts `values` at `offset` of a gradient, or adds them. */
export function putGradient(gradient: Float32Array, offset: number, values: Float32Array, add: boolean): void {
  if (!add) gradient.set(values, offset)
  else for (let i = 0; i < values.length; i++) gradient[offset + i] += values[i]
}
