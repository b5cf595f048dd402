/** Max-pooling for other programs, and in plain loops for the check of what was written. */
import { kerasSame, places, type KerasGraph, type OnnxGraph, type OnnxOperator } from '../exports.ts'
import { windowedShape, type Shape } from '../layer-kind.ts'
import type { MaxPool } from './settings.ts'

export function maxPoolOnnx(graph: OnnxGraph, { size }: MaxPool): void {
  graph.add('MaxPool', [], { auto_pad: 'SAME_UPPER', kernel_shape: [size, size], strides: [size, size] })
}

export const maxPoolOnnxOperators: Readonly<Record<string, OnnxOperator>> = {
  MaxPool: ([{ shape, values }], { strides, auto_pad: pad }) => {
    if (pad !== 'SAME_UPPER') throw new Error('padding')
    const [n, channels, height, width] = shape
    const [pool] = strides as number[]
    const [rows, columns] = [Math.ceil(height / pool), Math.ceil(width / pool)]
    const [top, left] = [Math.floor((rows * pool - height) / 2), Math.floor((columns * pool - width) / 2)]
    const result = new Float32Array(n * channels * rows * columns).fill(-Infinity)
    values.forEach((value, at) => {
      const [image, channel, y, x] = places(at, shape)
      const to = ((image * channels + channel) * rows + Math.floor((y + top) / pool)) * columns + Math.floor((x + left) / pool)
      result[to] = Math.max(result[to], value)
    })
    return { shape: [n, channels, rows, columns], values: result }
  },
}

export function maxPoolKeras(graph: KerasGraph, { size }: MaxPool): void {
  graph.add('MaxPooling2D', 'pool', { ...kerasSame, pool_size: [size, size], strides: [size, size] })
}

/** SAME pooling pads evenly, the odd pixel after. */
export function maxPoolPlainly({ size }: MaxPool, values: readonly number[], input: Shape): number[] {
  const [height, width, channels] = input
  const [rows, columns] = windowedShape(input, size)
  const top = Math.floor((rows * size - height) / 2)
  const left = Math.floor((columns * size - width) / 2)
  const result = new Array<number>(rows * columns * channels).fill(-Infinity)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) {
        const at = (Math.floor((y + top) / size) * columns + Math.floor((x + left) / size)) * channels + channel
        result[at] = Math.max(result[at], values[(y * width + x) * channels + channel])
      }
    }
  }
  return result
}
