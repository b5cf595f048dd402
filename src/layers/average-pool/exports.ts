/** Average-pooling for other programs, and in plain loops for the check of what was written. */
import { kerasSame, places, type KerasGraph, type OnnxGraph, type OnnxOperator } from '../exports.ts'
import { windowedShape, type Shape } from '../layer-kind.ts'
import type { AveragePool } from './settings.ts'

export function averagePoolOnnx(graph: OnnxGraph, { size }: AveragePool): void {
  graph.add('AveragePool', [], { auto_pad: 'SAME_UPPER', kernel_shape: [size, size], strides: [size, size] })
}

export const averagePoolOnnxOperators: Readonly<Record<string, OnnxOperator>> = {
  AveragePool: ([{ shape, values }], { strides, auto_pad: pad }) => {
    if (pad !== 'SAME_UPPER') throw new Error('padding')
    const [n, channels, height, width] = shape
    const [size] = strides as number[]
    const [rows, columns] = [Math.ceil(height / size), Math.ceil(width / size)]
    const [top, left] = [Math.floor((rows * size - height) / 2), Math.floor((columns * size - width) / 2)]
    const sums = new Float32Array(n * channels * rows * columns)
    const counts = new Float32Array(sums.length)
    values.forEach((value, at) => {
      const [image, channel, y, x] = places(at, shape)
      const to = ((image * channels + channel) * rows + Math.floor((y + top) / size)) * columns + Math.floor((x + left) / size)
      sums[to] += value
      counts[to]++
    })
    return { shape: [n, channels, rows, columns], values: sums.map((sum, i) => sum / counts[i]) }
  },
}

export function averagePoolKeras(graph: KerasGraph, { size }: AveragePool): void {
  graph.add('AveragePooling2D', 'pool', { ...kerasSame, pool_size: [size, size], strides: [size, size] })
}

/** SAME pooling pads evenly, the odd pixel after. */
export function averagePlainly({ size }: AveragePool, values: readonly number[], input: Shape): number[] {
  const [height, width, channels] = input
  const [rows, columns] = windowedShape(input, size)
  const first = (window: number, count: number, side: number) => window * size - Math.floor((count * size - side) / 2)
  return Array.from({ length: rows * columns * channels }, (_, at) => {
    const [row, column, channel] = places(at, [rows, columns, channels])
    const [top, left] = [first(row, rows, height), first(column, columns, width)]
    let sum = 0
    let count = 0
    for (let y = Math.max(0, top); y < Math.min(height, top + size); y++) {
      for (let x = Math.max(0, left); x < Math.min(width, left + size); x++, count++) sum += values[(y * width + x) * channels + channel]
    }
    return sum / count
  })
}
