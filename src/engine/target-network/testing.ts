/** For tests: the target network written plainly with TensorFlow.js ops, in the textbook order, on the tape. */
import * as tf from '@tensorflow/tfjs-core'
import { referenceOf } from '../../layers/reference.ts'
import { eachLayer, type LayerLayout, type TargetLayout } from './layout.ts'

/** A network on the tape. */
export interface PlainNetwork {
  /** Logits [images, classes] of flat weights [weightCount]. */
  logits(weights: tf.Tensor1D, images: tf.Tensor4D): tf.Tensor2D
  /** Mean cross-entropy and its gradient. */
  lossAndGradient(
    weights: Float32Array,
    images: Float32Array,
    labels: Int32Array,
  ): { loss: number; gradient: Float32Array; logits: Float32Array }
}

/** What the folders of the layers' kinds say a network is. */
export async function plainNetwork(layout: TargetLayout): Promise<PlainNetwork> {
  const kinds = new Set(Array.from(eachLayer(layout.layers), ({ definition }) => definition.kind))
  const references = new Map(await Promise.all(Array.from(kinds, async (kind) => [kind, await referenceOf(kind)] as const)))

  const forward = (chain: readonly LayerLayout[], weights: tf.Tensor1D, images: tf.Tensor): tf.Tensor =>
    chain.reduce((x, { layer, definition, arrays, chains }) => {
      const own = arrays.map(({ shape, offset, size }) => tf.reshape(tf.slice(weights, offset, size), [...shape]))
      const within = chains.map((inner) => (read: tf.Tensor) => forward(inner, weights, read))
      return references.get(definition.kind)!.tape(layer, x, own, within)
    }, images)
  const logits = (weights: tf.Tensor1D, images: tf.Tensor4D) => forward(layout.layers, weights, images) as tf.Tensor2D

  return {
    logits,
    lossAndGradient(weights, images, labels) {
      const { height, width, channels } = layout.target.input
      return tf.tidy(() => {
        const x = tf.tensor4d(images, [labels.length, height, width, channels])
        const oneHot = tf.oneHot(tf.tensor1d(labels, 'int32'), layout.classes)
        const { value, grad } = tf.valueAndGrad((w: tf.Tensor) =>
          tf.neg(tf.mean(tf.sum(tf.mul(oneHot, tf.logSoftmax(logits(w as tf.Tensor1D, x))), 1))),
        )(tf.tensor1d(weights))
        return {
          loss: value.dataSync()[0],
          gradient: grad.dataSync() as Float32Array,
          logits: logits(tf.tensor1d(weights), x).dataSync() as Float32Array,
        }
      })
    },
  }
}

/** Numbers in [-1, 1), the same for the same seed. */
export function testNumbers(count: number, seed: number): Float32Array {
  let state = (seed ^ 0x9e3779b9) >>> 0
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
    mixed ^= mixed >>> 12
    return (mixed >>> 8) / 2 ** 23 - 1
  })
}

/** Largest difference, in units of the largest entry of `expected`. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} numbers instead of ${expected.length}`)
  let error = 0
  let scale = 1e-12
  for (let i = 0; i < expected.length; i++) {
    error = Math.max(error, Math.abs(actual[i] - expected[i]))
    if (Number.isNaN(actual[i] - expected[i])) return Infinity
    scale = Math.max(scale, Math.abs(expected[i]))
  }
  return error / scale
}
