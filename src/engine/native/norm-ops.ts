/** The kernels that perceptrons are made of beside matrix products: leaky ReLU and batch normalisation over rows. */
import { booleanAttribute, floatAttribute, floatsAttribute, stringAttribute, type Attribute } from './attributes.ts'
import type { Handle, Native } from './native.ts'

const float = floatsAttribute('T')

const leakyAttributes = (slope: number): readonly Attribute[] => [float, floatAttribute('alpha', slope)]

const normAttributes = (epsilon: number): readonly Attribute[] => [
  float,
  floatsAttribute('U'),
  floatAttribute('epsilon', epsilon),
  stringAttribute('data_format', 'NHWC'),
  booleanAttribute('is_training', true),
]

/** x where positive, slope * x elsewhere. */
export function leakyRelu(native: Native, x: Handle, slope: number): Handle {
  return native.run('LeakyRelu', leakyAttributes(slope), x)
}

/** Gradient of {@link leakyRelu}, given its output y (which has its input's sign). */
export function leakyReluGradient(native: Native, dy: Handle, y: Handle, slope: number): Handle {
  return native.run('LeakyReluGrad', leakyAttributes(slope), dy, y)
}

/** A batch norm's output and what its gradient needs; free with {@link freeNorm}. */
export interface Normalised {
  output: Handle
  /** Batch mean, [width]. */
  mean: Handle
  /** Unbiased batch variance, [width]. */
  variance: Handle
  reserved: readonly [Handle, Handle, Handle]
}

/**
 * Batch norm over rows with the batch's own statistics (biased variance).
 * @param x [rows, 1, 1, width]
 * @param empty a float32 tensor of shape [0]
 */
export function batchNormTraining(native: Native, x: Handle, scale: Handle, offset: Handle, empty: Handle, epsilon: number): Normalised {
  const attributes = [...normAttributes(epsilon), floatAttribute('exponential_avg_factor', 1)]
  const [output, mean, variance, ...reserved] = native.runMany('FusedBatchNormV3', attributes, [x, scale, offset, empty, empty], 6)
  return { output, mean, variance, reserved: [reserved[0], reserved[1], reserved[2]] }
}

/** Gradient of {@link batchNormTraining}. */
export function batchNormGradient(
  native: Native,
  dy: Handle,
  x: Handle,
  scale: Handle,
  { reserved }: Normalised,
  epsilon: number,
): { input: Handle; scale: Handle; offset: Handle } {
  const outputs = native.runMany('FusedBatchNormGradV3', normAttributes(epsilon), [dy, x, scale, ...reserved], 5)
  const [input, scaleGradient, offsetGradient, ...unused] = outputs
  native.free(...unused)
  return { input, scale: scaleGradient, offset: offsetGradient }
}

export function freeNorm(native: Native, { output, mean, variance, reserved }: Normalised): void {
  native.free(output, mean, variance, ...reserved)
}
