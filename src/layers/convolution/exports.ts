/** A convolution for other programs, and in plain loops for the check of what was written. */
import { activateKeras, activateOnnx, applied, inKeras } from '../activation.ts'
import { places, type KerasGraph, type NamedArray, type OnnxGraph, type OnnxOperator } from '../exports.ts'
import type { Shape } from '../layer-kind.ts'
import { along, inOnnx, paddingOf, windowsInKeras, type Windows } from '../windows.ts'
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

export const convolutionOnnxOperators: Readonly<Record<string, OnnxOperator>> = {
  Conv: ([{ shape, values }, kernel, bias], { auto_pad: pad, strides }) => {
    const [n, inputs, height, width] = shape
    const [filters, , size] = kernel.shape
    const [stride] = strides as number[]
    const windows: Windows = { size, stride, padding: paddingOf(pad) }
    const [rows, columns] = [along(height, windows), along(width, windows)]
    const result = new Float32Array(n * filters * rows.count * columns.count)
    result.forEach((_, at) => {
      const [image, filter, row, column] = places(at, [n, filters, rows.count, columns.count])
      let sum = bias === undefined ? 0 : bias.values[filter]
      kernel.values.subarray(filter * inputs * size * size, (filter + 1) * inputs * size * size).forEach((weight, tap) => {
        const [channel, down, right] = places(tap, [inputs, size, size])
        const [y, x] = [row * stride + down - rows.before, column * stride + right - columns.before]
        if (y >= 0 && y < height && x >= 0 && x < width) sum += weight * values[((image * inputs + channel) * height + y) * width + x]
      })
      result[at] = sum
    })
    return { shape: [n, filters, rows.count, columns.count], values: result }
  },
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
    let sum = bias?.[filter] ?? 0
    for (let tap = 0; tap < side * side * channels; tap++) {
      const y = row * stride + Math.floor(tap / (side * channels)) - rows.before
      const x = column * stride + (Math.floor(tap / channels) % side) - columns.before
      if (y >= 0 && y < height && x >= 0 && x < width)
        sum += values[(y * width + x) * channels + (tap % channels)] * kernel[tap * filters + filter]
    }
    return applied(activation, sum)
  })
}
