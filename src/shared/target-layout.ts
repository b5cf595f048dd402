/**
 * The canonical flat layout of a target network's weights: layer by layer, kernel (height x width x
 * in x out, row-major; dense kernels in x out) and then bias. Everything that stores, sends or
 * exports weights uses it.
 */
import { LabError } from './errors.ts'
import type { Layer, Target } from './experiment.ts'

/** Where one layer's weights lie in the flat vector, and the shapes it maps between. */
export interface LayerLayout {
  layer: Layer
  /** Shape of one example on the way in and out: [height, width, channels]; dense: [1, 1, units]. */
  input: readonly [height: number, width: number, channels: number]
  output: readonly [height: number, width: number, channels: number]
  /** Incoming weights of one filter (unit), without its bias. */
  fanIn: number
  /** Filters of a convolution, units of a dense layer. */
  filters: number
  /** Offset of the kernel, [fanIn, filters] row-major. */
  kernelOffset: number
  /** Offset of the bias, [filters]. */
  biasOffset: number
}

export interface TargetLayout {
  target: Target
  layers: readonly LayerLayout[]
  /** Numbers in one flat weight vector. */
  weightCount: number
  classes: number
}

/**
 * Lays out a target's weights.
 * @throws LabError `invalid-argument` when a layer cannot follow the one before it.
 */
export function layOut(target: Target): TargetLayout {
  const layers: LayerLayout[] = []
  let shape: readonly [number, number, number] = [target.input.height, target.input.width, target.input.channels]
  let offset = 0
  let flat = false
  for (const [i, layer] of target.layers.entries()) {
    if (layer.kind === 'convolution' && flat) {
      throw new LabError(
        'invalid-argument',
        `target.layers[${i}]: a convolution cannot follow a dense layer.`,
        'Put convolutions before dense layers.',
      )
    }
    const [height, width, channels] = shape
    const fanIn = layer.kind === 'convolution' ? layer.kernel * layer.kernel * channels : height * width * channels
    const filters = layer.kind === 'convolution' ? layer.filters : layer.units
    const output: readonly [number, number, number] =
      layer.kind === 'convolution' ? [Math.ceil(height / layer.pool), Math.ceil(width / layer.pool), filters] : [1, 1, filters]
    layers.push({ layer, input: shape, output, fanIn, filters, kernelOffset: offset, biasOffset: offset + fanIn * filters })
    offset += (fanIn + 1) * filters
    shape = output
    flat = layer.kind === 'dense'
  }
  const last = target.layers[target.layers.length - 1]
  if (last.kind !== 'dense' || last.activation !== 'none') {
    throw new LabError(
      'invalid-argument',
      'The last layer of the target must be dense, without activation.',
      'End target.layers with {"kind":"dense","units":CLASSES,"activation":"none"}.',
    )
  }
  return { target, layers, weightCount: offset, classes: last.units }
}
