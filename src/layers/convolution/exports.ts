/** A convolution for other programs, and in plain loops for the check of what was written. */
import { applied, inKeras } from '../activation.ts'
import { kerasSame, places, type KerasGraph, type NamedArray, type OnnxGraph, type OnnxOperator } from '../exports.ts'
import type { Shape } from '../layer-kind.ts'
import type { Convolution } from './settings.ts'

/** ONNX convolves channels first. */
export function convolutionOnnx(graph: OnnxGraph, { activation }: Convolution, [kernel, bias]: readonly NamedArray[]): void {
  const [rows, columns, inputs, outputs] = kernel.shape
  const biasName = graph.constant(bias)
  const values = filtersFirst(kernel.values, rows * columns, inputs, outputs)
  const kernelName = graph.constant({ name: kernel.name, shape: [outputs, inputs, rows, columns], values })
  graph.add('Conv', [kernelName, biasName], { auto_pad: 'SAME_UPPER', kernel_shape: [rows, columns] })
  if (activation === 'relu') graph.add('Relu')
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
  Conv: ([{ shape, values }, kernel, bias], { auto_pad: pad }) => {
    if (pad !== 'SAME_UPPER') throw new Error('padding')
    const [n, inputs, height, width] = shape
    const [filters, , rows, columns] = kernel.shape
    const [top, left] = [Math.floor((rows - 1) / 2), Math.floor((columns - 1) / 2)]
    const result = new Float32Array(n * filters * height * width)
    result.forEach((_, at) => {
      const [image, filter, y, x] = places(at, [n, filters, height, width])
      let sum = bias.values[filter]
      kernel.values.subarray(filter * inputs * rows * columns, (filter + 1) * inputs * rows * columns).forEach((weight, tap) => {
        const [channel, row, column] = places(tap, [inputs, rows, columns])
        const [v, u] = [y + row - top, x + column - left]
        if (v >= 0 && v < height && u >= 0 && u < width) sum += weight * values[((image * inputs + channel) * height + v) * width + u]
      })
      result[at] = sum
    })
    return { shape: [n, filters, height, width], values: result }
  },
}

export function convolutionKeras(graph: KerasGraph, { kernel, filters, activation }: Convolution): void {
  graph.add('Conv2D', 'layer', {
    ...kerasSame,
    filters,
    kernel_size: [kernel, kernel],
    strides: [1, 1],
    dilation_rate: [1, 1],
    activation: inKeras(activation),
    use_bias: true,
  })
}

export function convolvePlainly(
  { kernel: side, filters, activation }: Convolution,
  values: readonly number[],
  [height, width, channels]: Shape,
  [kernel, bias]: readonly Float32Array[],
): number[] {
  const before = Math.floor((side - 1) / 2)
  const fanIn = side * side * channels
  const convolved = new Array<number>(height * width * filters)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let filter = 0; filter < filters; filter++) {
        let sum = bias[filter]
        for (let tap = 0; tap < fanIn; tap++) {
          const y = row + Math.floor(tap / (side * channels)) - before
          const x = column + (Math.floor(tap / channels) % side) - before
          if (y >= 0 && y < height && x >= 0 && x < width)
            sum += values[(y * width + x) * channels + (tap % channels)] * kernel[tap * filters + filter]
        }
        convolved[(row * width + column) * filters + filter] = applied(activation, sum)
      }
    }
  }
  return convolved
}
