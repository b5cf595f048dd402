/** What every kind of layer offers to the target program: a pass forward, and a hand-written pass back. */
import type { Handle } from '../native/native.ts'

/** One layer's weights of one network. */
export interface LayerWeights {
  kernel: Handle
  /** [filters] */
  bias: Handle
}

/** What the way back needs of the way forward. */
export interface Saved {
  input: Handle
  /** After pooling, bias and activation. */
  output: Handle
  /** Before and after pooling, without bias, where the layer pools. */
  unpooled?: Handle
  pooled?: Handle
}

export interface LayerGradient {
  kernel: Handle
  bias: Handle
  /** Gradient of the layer's input, where it was asked for. */
  input?: Handle
}

export interface LayerPass {
  /** Shape of the kernel as the layer wants it. */
  readonly kernelShape: readonly number[]
  /** @param keep whether {@link backward} will follow; without it what it would need is freed at once */
  forward(input: Handle, weights: LayerWeights, keep: boolean): Saved
  /** Frees what was saved, and `dy`, as soon as it can. */
  backward(dy: Handle, saved: Saved, weights: LayerWeights, wantInput: boolean): LayerGradient
}
