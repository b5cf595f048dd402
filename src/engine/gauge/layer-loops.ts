/** The two loops over every weight that fixing a layer's gauge takes: on vector kernels where the shape allows, else in JavaScript. */
import { workbench } from '../simd/kernels.ts'
import type { LayerLayout } from '../target/layout.ts'

export interface LayerLoops {
  /** Sum of squares of filter f's kernel, each weight times the push of the channel it reads. */
  sumOfSquares(filter: number): number
  /** Writes the kernel, [fanIn, filters], each weight times its channel's push and its filter's factor. */
  writeKernel(factors: Float64Array, kernel: Float32Array): void
}

/**
 * @param rows one network's raw weights of the layer, [filters, fanIn + 1]
 * @param push [channels]
 */
export function layerLoops(rows: Float32Array, layer: LayerLayout, push: Float64Array): LayerLoops {
  const inFours = push.length % 4 === 0 && layer.filters % 4 === 0
  return inFours ? vectorLoops(rows, layer, push) : plainLoops(rows, layer, push)
}

/** Factor of each channel and filter, the same at every place of the kernel: [channels, filters]. */
function writeFactors(push: Float64Array, factors: Float64Array, into: Float32Array | Float64Array): void {
  let k = 0
  for (const channel of push) for (const filter of factors) into[k++] = channel * filter
}

function vectorLoops(rows: Float32Array, { fanIn, filters }: LayerLayout, push: Float64Array): LayerLoops {
  const bench = workbench()
  const channels = push.length
  const width = fanIn + 1
  // On the bench: push, factors, rows, kernel; the rows' length is a multiple of four since filters is.
  const factorsAt = channels
  const rowsAt = factorsAt + channels * filters
  const kernelAt = rowsAt + rows.length
  const numbers = bench.reserve(kernelAt + fanIn * filters)
  numbers.set(push, 0)
  numbers.set(rows, rowsAt)
  return {
    sumOfSquares: (f) => bench.kernels.squares((rowsAt + f * width) * 4, fanIn, 0, channels),
    writeKernel: (factors, kernel) => {
      writeFactors(push, factors, numbers.subarray(factorsAt, rowsAt))
      bench.kernels.transpose(rowsAt * 4, width, fanIn, filters, factorsAt * 4, channels, kernelAt * 4)
      kernel.set(numbers.subarray(kernelAt, kernelAt + fanIn * filters))
    },
  }
}

function plainLoops(rows: Float32Array, { fanIn, filters }: LayerLayout, push: Float64Array): LayerLoops {
  const channels = push.length
  const width = fanIn + 1
  return {
    sumOfSquares: (f) => {
      let squares = 0
      for (let i = f * width; i < f * width + fanIn; i += channels) {
        for (let c = 0; c < channels; c++) squares += (rows[i + c] * push[c]) ** 2
      }
      return squares
    },
    writeKernel: (factors, kernel) => {
      const both = new Float64Array(channels * filters)
      writeFactors(push, factors, both)
      // Filters innermost: the kernel is written straight through, and the rows read side by side stay in cache.
      let to = 0
      for (let i = 0; i < fanIn; i += channels) {
        let k = 0
        for (let from = i; from < i + channels; from++) {
          for (let f = 0, at = from; f < filters; f++, at += width) kernel[to++] = rows[at] * both[k++]
        }
      }
    },
  }
}
