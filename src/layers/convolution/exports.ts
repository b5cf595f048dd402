/** A convolution for other programs, and in plain loops for the check of what was written. */
import { activateKeras, activateOnnx, applied, inKeras } from '../activation.ts'
import { places, type KerasGraph, type NamedArray, type OnnxGraph } from '../exports.ts'
import type { Shape } from '../layer-kind.ts'
import { along, inOnnx, windowsInKeras } from '../windows.ts'
import { windowsOf, type Convolution } from './settings.ts'

/** ONNX convolves channels first. */
export function convolutionOnnx(graph: OnnxGraph, layer: Convolution, [kernel, ...bias]: readonly NamedArray[]): void {
  const [rows, columns, inputs, outputs] = kernel.shape
  const biasNames = bias.map((array) => graph.constant(array))
  const values = filtersFirst(kernel.values, rows * columns, inputs, outputs)
  const kernelName = graph.constant({ name: kernel.name, shape: [outputs, inputs, rows, columns], values })
  graph.add('Conv', [kernelName, ...biasNames], inOnnx(windowsOf(layer)))
  activateOnnx(graph, layer.activation)
}

/** [positions, inputs, outputs] to [outputs, inputs, positions]. */
function filtersFirst(kernel: Float32Array, positions: number, inputs: number, outputs: number): Float32Array {
  const turned = new Float32Array(kernel.length)
  for (let position = 0; position < positions; position++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++)
        turned[(output * inputs + input) * positions + position] = kernel[(position * inputs + input) * outputs + output]
    }
  }
  return turned
}

export function convolutionKeras(graph: KerasGraph, layer: Convolution): void {
  const { filters, bias = true, activation } = layer
  const { size, stride, padding } = windowsOf(layer)
  graph.add('Conv2D', 'layer', {
    ...windowsInKeras(padding),
    filters,
    kernel_size: [size, size],
    strides: [stride, stride],
    dilation_rate: [1, 1],
    activation: inKeras(activation),
    use_bias: bias,
  })
  activateKeras(graph, activation)
}

export function convolvePlainly(
  layer: Convolution,
  values: readonly number[],
  [height, width, channels]: Shape,
  [kernel, bias]: readonly ArrayLike<number>[],
): number[] {
  const { filters, activation } = layer
  const windows = windowsOf(layer)
  const { size: side, stride } = windows
  const [rows, columns] = [along(height, windows), along(width, windows)]
  return Array.from({ length: rows.count * columns.count * filters }, (_, at) => {
    const [row, column, filter] = places(at, [rows.count, columns.count, filters])
    const top = row * stride - rows.before
    const left = column * stride - columns.before
    let sum = bias?.[filter] ?? 0
    for (let down = Math.max(0, -top); down < Math.min(side, height - top); down++) {
      for (let right = Math.max(0, -left); right < Math.min(side, width - left); right++) {
        const from = ((top + down) * width + left + right) * channels
        const weights = (down * side + right) * channels * filters + filter
        for (let channel = 0; channel < channels; channel++) sum += values[from + channel] * kernel[weights + channel * filters]
      }
    }
    return applied(activation, sum)
  })
}
