/**
 * The kernels a target network is made of, on handles. NHWC, float32, SAME, stride 1 unless said
 * otherwise. Attributes that TensorFlow infers or defaults are left out: each costs time a call.
 */
import { booleanAttribute, integerAttribute, stringAttribute, typeAttribute, type Attribute } from './attributes.ts'
import type { Handle, Native } from './native.ts'

const none: readonly Attribute[] = []
const convolutionAttributes = [integerAttribute('strides', [1, 1, 1, 1]), stringAttribute('padding', 'SAME')]
const productAttributes = [0, 1, 2, 3].map((i) => [
  ...((i & 1) !== 0 ? [booleanAttribute('transpose_a', true)] : []),
  ...((i & 2) !== 0 ? [booleanAttribute('transpose_b', true)] : []),
])
const byteToFloat = [typeAttribute('DstT', 'float32')]

/** Attributes of a SAME max-pool of side and stride `side`. */
export function poolAttributes(side: number): readonly Attribute[] {
  return [
    integerAttribute('ksize', [1, side, side, 1]),
    integerAttribute('strides', [1, side, side, 1]),
    stringAttribute('padding', 'SAME'),
  ]
}

/** x [batch, height, width, in], kernel [k, k, in, out] -> [batch, height, width, out] */
export function convolve(native: Native, x: Handle, kernel: Handle): Handle {
  return native.run('Conv2D', convolutionAttributes, x, kernel)
}

/** Gradient of {@link convolve} by its kernel; `kernelShape` is an int32 tensor. */
export function convolveGradientKernel(native: Native, x: Handle, kernelShape: Handle, dy: Handle): Handle {
  return native.run('Conv2DBackpropFilter', convolutionAttributes, x, kernelShape, dy)
}

/** Gradient of {@link convolve} by its input; `inputShape` is an int32 tensor. */
export function convolveGradientInput(native: Native, inputShape: Handle, kernel: Handle, dy: Handle): Handle {
  return native.run('Conv2DBackpropInput', convolutionAttributes, inputShape, kernel, dy)
}

export function maxPool(native: Native, x: Handle, pool: readonly Attribute[]): Handle {
  return native.run('MaxPool', pool, x)
}

/** Gradient of {@link maxPool}: each window's gradient goes to the one entry that won it. */
export function maxPoolGradient(native: Native, x: Handle, y: Handle, dy: Handle, pool: readonly Attribute[]): Handle {
  return native.run('MaxPoolGrad', pool, x, y, dy)
}

/** Adds bias [channels] along the last axis. */
export function addBias(native: Native, x: Handle, bias: Handle): Handle {
  return native.run('BiasAdd', none, x, bias)
}

/** Sums over all axes but the last. */
export function biasGradient(native: Native, dy: Handle): Handle {
  return native.run('BiasAddGrad', none, dy)
}

export function relu(native: Native, x: Handle): Handle {
  return native.run('Relu', none, x)
}

/** dy where y is positive, 0 elsewhere: the gradient of a ReLU by its output, or a choice by sign. */
export function reluGradient(native: Native, dy: Handle, y: Handle): Handle {
  return native.run('ReluGrad', none, dy, y)
}

/** The larger of each pair of entries. */
export function maximum(native: Native, a: Handle, b: Handle): Handle {
  return native.run('Maximum', none, a, b)
}

export function subtract(native: Native, a: Handle, b: Handle): Handle {
  return native.run('Sub', none, a, b)
}

export function multiply(native: Native, a: Handle, b: Handle): Handle {
  return native.run('Mul', none, a, b)
}

/** Matrix product, either side transposed if asked. */
export function product(native: Native, a: Handle, b: Handle, transposeA = false, transposeB = false): Handle {
  return native.run('MatMul', productAttributes[(transposeA ? 1 : 0) + (transposeB ? 2 : 0)], a, b)
}

/** The same numbers in another shape; `shape` is an int32 tensor. Shares memory. */
export function reshape(native: Native, x: Handle, shape: Handle): Handle {
  return native.run('Reshape', none, x, shape)
}

/** uint8 -> float32, values kept. */
export function bytesToFloats(native: Native, x: Handle): Handle {
  return native.run('Cast', byteToFloat, x)
}
