/** For tests: what a kind's `testing.ts` offers to those that go through every kind. */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayerSettings } from './layer-kind.ts'

export interface LayerReference<L extends LayerSettings = LayerSettings> {
  /** A few layers that differ in what matters. */
  examples: readonly L[]
  /**
   * The layer written plainly with TensorFlow.js ops, in the textbook order, on the tape.
   * @param x [images, height, width, channels], or [images, units] after a layer that flattens
   * @param arrays its own parameters
   * @param chains what it holds
   */
  tape(layer: L, x: Tensor, arrays: readonly Tensor[], chains: readonly ((x: Tensor) => Tensor)[]): Tensor
}

/** The reference of a kind, from its folder. */
export async function referenceOf(kind: string): Promise<LayerReference> {
  return ((await import(`./${kind}/testing.ts`)) as { reference: LayerReference }).reference
}
