/**
 * The kernels a target network is made of, on handles. NHWC, float32, SAME, stride 1 unless said
 * otherwise. Attributes that TensorFlow infers or defaults are left out: each costs time a call.
 */
import { booleanAttribute, floatsAttribute, integerAttribute, stringAttribute, type Attribute } from './attributes.ts'
import type { Handle, Native } from './native.ts'

const op =
  <Inputs extends Handle[]>(name: string, attributes: readonly Attribute[] = []) =>
  (native: Native, ...inputs: Inputs): Handle =>
    native.run(name, attributes, ...inputs)

const convolutionAttributes = [integerAttribute('strides', [1, 1, 1, 1]), stringAttribute('padding', 'SAME')]
const productAttributes = [0, 1, 2, 3].map((i) => [
  ...((i & 1) !== 0 ? [booleanAttribute('transpose_a', true)] : []),
  ...((i & 2) !== 0 ? [booleanAttribute('transpose_b', true)] : []),
])

/** Attributes of a SAME max-pool of side and stride `side`. */
export function poolAttributes(side: number): readonly Attribute[] {
  return [
    integerAttribute('ksize', [1, side, side, 1]),
    integerAttribute('strides', [1, side, side, 1]),
    stringAttribute('padding', 'SAME'),
  ]
}

/** x [batch, height, width, in], kernel [k, k, in, out] -> [batch, height, width, out] */
export const convolve = op<[x: Handle, kernel: Handle]>('Conv2D', convolutionAttributes)

/** Gradient of {@link convolve} by its kernel; `kernelShape` is an int32 tensor. */
export const convolveGradientKernel = op<[x: Handle, kernelShape: Handle, dy: Handle]>('Conv2DBackpropFilter', convolutionAttributes)

/** Gradient of {@link convolve} by its input; `inputShape` is an int32 tensor. */
export const convolveGradientInput = op<[inputShape: Handle, kernel: Handle, dy: Handle]>('Conv2DBackpropInput', convolutionAttributes)

/** Adds bias [channels] along the last axis. */
export const addBias = op<[x: Handle, bias: Handle]>('BiasAdd')

/** Sums over all axes but the last. */
export const biasGradient = op<[dy: Handle]>('BiasAddGrad')

export const relu = op<[x: Handle]>('Relu')

/** dy where y is positive, 0 elsewhere: the gradient of a ReLU by its output, or a choice by sign. */
export const reluGradient = op<[dy: Handle, y: Handle]>('ReluGrad')

/** The larger of each pair of entries. */
export const maximum = op<[a: Handle, b: Handle]>('Maximum')

export const subtract = op<[a: Handle, b: Handle]>('Sub')

export const multiply = op<[a: Handle, b: Handle]>('Mul')

export const add = op<[a: Handle, b: Handle]>('AddV2')

/** The same numbers under another handle, which is freed by itself. Shares memory. */
export const copy = op<[x: Handle]>('Identity')

export const square = op<[x: Handle]>('Square')

/** 1 / sqrt(x) */
export const reciprocalRoot = op<[x: Handle]>('Rsqrt')

/** Mean over axes (an int32 tensor), which stay with length 1. */
export const meanOver = op<[x: Handle, axes: Handle]>('Mean', [booleanAttribute('keep_dims', true)])

/** Matrix product, either side transposed if asked. */
export function product(native: Native, a: Handle, b: Handle, transposeA = false, transposeB = false): Handle {
  return native.run('MatMul', productAttributes[(transposeA ? 1 : 0) + (transposeB ? 2 : 0)], a, b)
}

/** The same numbers in another shape; `shape` is an int32 tensor. Shares memory. */
export const reshape = op<[x: Handle, shape: Handle]>('Reshape')

/** uint8 -> float32, values kept. */
export const bytesToFloats = op<[x: Handle]>('Cast', [floatsAttribute('DstT')])
