/** For tests: the target network written plainly with TensorFlow.js ops, in the textbook order, on the tape. */
import * as tf from '@tensorflow/tfjs-core'
import type { TargetLayout } from './layout.ts'

/** Logits [images, classes] of one network with flat weights [weightCount]. */
export function plainLogits(layout: TargetLayout, weights: tf.Tensor1D, images: tf.Tensor4D): tf.Tensor2D {
  let x: tf.Tensor = images
  for (const { layer, input, fanIn, filters, kernelOffset, biasOffset } of layout.layers) {
    const bias = tf.slice(weights, biasOffset, filters)
    const flatKernel = tf.slice(weights, kernelOffset, fanIn * filters)
    if (layer.kind === 'convolution') {
      const kernel: tf.Tensor4D = tf.reshape(flatKernel, [layer.kernel, layer.kernel, input[2], filters])
      x = tf.add(tf.conv2d(x as tf.Tensor4D, kernel, 1, 'same'), bias)
      if (layer.activation === 'relu') x = tf.relu(x)
      if (layer.pool > 1) x = tf.maxPool(x as tf.Tensor4D, layer.pool, layer.pool, 'same')
    } else {
      x = tf.add(tf.matMul(tf.reshape(x, [images.shape[0], fanIn]), tf.reshape(flatKernel, [fanIn, filters])), bias)
      if (layer.activation === 'relu') x = tf.relu(x)
    }
  }
  return x as tf.Tensor2D
}

/** Mean cross-entropy of one network and its gradient, by the tape. */
export function plainLossAndGradient(
  layout: TargetLayout,
  weights: Float32Array,
  images: Float32Array,
  labels: Int32Array,
): { loss: number; gradient: Float32Array; logits: Float32Array } {
  const { height, width, channels } = layout.target.input
  return tf.tidy(() => {
    const x = tf.tensor4d(images, [labels.length, height, width, channels])
    const oneHot = tf.oneHot(tf.tensor1d(labels, 'int32'), layout.classes)
    const { value, grad } = tf.valueAndGrad((w: tf.Tensor) =>
      tf.neg(tf.mean(tf.sum(tf.mul(oneHot, tf.logSoftmax(plainLogits(layout, w as tf.Tensor1D, x))), 1))),
    )(tf.tensor1d(weights))
    return {
      loss: value.dataSync()[0],
      gradient: grad.dataSync() as Float32Array,
      logits: plainLogits(layout, tf.tensor1d(weights), x).dataSync() as Float32Array,
    }
  })
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
