/** The kernels a target network is made of, on handles. NHWC, float32, SAME, stride 1 unless said otherwise. */
import { booleanAttribute, integerAttribute, stringAttribute, typeAttribute, type Attribute } from './attributes.ts'
import type { Handle, Native } from './native.ts'

const float = typeAttribute('T', 'float32')
const floatOnly = [float]
const same = stringAttribute('padding', 'SAME')
const channelsLast = stringAttribute('data_format', 'NHWC')
const convolutionAttributes = [
  float,
  integerAttribute('strides', [1, 1, 1, 1]),
  same,
  channelsLast,
  integerAttribute('dilations', [1, 1, 1, 1]),
  integerAttribute('explicit_paddings', []),
]
const biasAttributes = [float, channelsLast]
const reshapeAttributes = [float, typeAttribute('Tshape', 'int32')]
const productAttributes = [0, 1, 2, 3].map((i): readonly Attribute[] => [
  float,
  booleanAttribute('transpose_a', (i & 1) !== 0),
  booleanAttribute('transpose_b', (i & 2) !== 0),
])

/** Attributes of a SAME max-pool of side and stride `side`. */
export function poolAttributes(side: number): readonly Attribute[] {
  return [float, integerAttribute('ksize', [1, side, side, 1]), integerAttribute('strides', [1, side, side, 1]), same, channelsLast]
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
  return native.run('BiasAdd', biasAttributes, x, bias)
}

/** Sums over all axes but the last. */
export function biasGradient(native: Native, dy: Handle): Handle {
  return native.run('BiasAddGrad', biasAttributes, dy)
}

export function relu(native: Native, x: Handle): Handle {
  return native.run('Relu', floatOnly, x)
}

/** dy where the ReLU's output y is positive, 0 elsewhere. */
export function reluGradient(native: Native, dy: Handle, y: Handle): Handle {
  return native.run('ReluGrad', floatOnly, dy, y)
}

/** Matrix product, either side transposed if asked. */
export function product(native: Native, a: Handle, b: Handle, transposeA = false, transposeB = false): Handle {
  return native.run('MatMul', productAttributes[(transposeA ? 1 : 0) + (transposeB ? 2 : 0)], a, b)
}

/** The same numbers in another shape; `shape` is an int32 tensor. Shares memory. */
export function reshape(native: Native, x: Handle, shape: Handle): Handle {
  return native.run('Reshape', reshapeAttributes, x, shape)
}
