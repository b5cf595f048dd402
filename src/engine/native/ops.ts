/**
 * The kernels a target network is made of, on handles. NHWC, float32. Attributes that TensorFlow infers or defaults are left out: each costs time a call.
 */
import { booleanAttribute, floatsAttribute, integerAttribute, stringAttribute, type Attribute } from './attributes.ts'
import type { Windows } from '../../layers/windows.ts'
import type { Handle, Native } from './native.ts'

const op =
  <Inputs extends Handle[]>(name: string, attributes: readonly Attribute[] = []) =>
  (native: Native, ...inputs: Inputs): Handle =>
    native.run(name, attributes, ...inputs)

/** Attributes of a convolution. */
export const windowAttributes = ({ stride, padding }: Pick<Windows, 'stride' | 'padding'>): readonly Attribute[] => [
  integerAttribute('strides', [1, stride, stride, 1]),
  stringAttribute('padding', padding.toUpperCase()),
]

const productAttributes = [0, 1, 2, 3].map((i) => [
  ...((i & 1) !== 0 ? [booleanAttribute('transpose_a', true)] : []),
  ...((i & 2) !== 0 ? [booleanAttribute('transpose_b', true)] : []),
])

/** Windows of a pooling, whose two sides may differ. */
export type PoolWindows = Omit<Windows, 'size'> & { size: number | readonly [height: number, width: number] }

/** Attributes of a pooling. */
export const poolAttributes = ({ size, ...rest }: PoolWindows): readonly Attribute[] => [
  integerAttribute('ksize', [1, ...(typeof size === 'number' ? [size, size] : size), 1]),
  ...windowAttributes(rest),
]

/** SAME, stride 1: x [batch, height, width, in], kernel [k, k, in, out] -> [batch, height, width, out] */
export const convolve = op<[x: Handle, kernel: Handle]>('Conv2D', windowAttributes({ stride: 1, padding: 'same' }))

/** Adds bias [channels] along the last axis. */
export const addBias = op<[x: Handle, bias: Handle]>('BiasAdd')

/** Sums over all axes but the last. */
export const biasGradient = op<[dy: Handle]>('BiasAddGrad')

export const relu = op<[x: Handle]>('Relu')

/** dy where y is positive, 0 elsewhere: the gradient of a ReLU by its output, or a choice by sign. */
export const reluGradient = op<[dy: Handle, y: Handle]>('ReluGrad')

/** The larger of each pair of entries. */
export const maximum = op<[a: Handle, b: Handle]>('Maximum')

/** The greatest over an axis (an int32 tensor), which is gone then. */
export const greatestOver = op<[x: Handle, axis: Handle]>('Max')

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
