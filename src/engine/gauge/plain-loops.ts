/** The gauge's loops in JavaScript, for layers whose shape the vector kernels do not take. */
import type { WeightedLayout } from '../target-network/layout.ts'
import type { LayerLoops } from './layer-loops.ts'

// Filters are innermost wherever a kernel is walked: it lies in that order, and the rows read side by side stay in cache.
export class PlainLoops implements LayerLoops {
  readonly #fanIn: number
  readonly #pitch: number
  readonly #filters: number
  readonly #channels: number
  readonly #ones: Float64Array
  #rows: Float32Array = new Float32Array(0)
  #push: Float64Array
  #upstream: Float32Array = new Float32Array(0)

  constructor({ fanIn, rows, filters, input: [, , channels] }: WeightedLayout) {
    this.#fanIn = fanIn
    this.#pitch = rows
    this.#filters = filters
    this.#channels = channels
    this.#ones = new Float64Array(channels).fill(1)
    this.#push = this.#ones
  }

  load(rows: Float32Array, push: Float64Array | null): void {
    this.#rows = rows
    this.#push = push ?? this.#ones
  }

  squares(): Float64Array {
    const sums = new Float64Array(this.#filters)
    this.#each((weight, push, f) => (sums[f] += (weight * push) ** 2))
    return sums
  }

  writeKernel(factors: Float64Array, kernel: Float32Array): void {
    this.#each((weight, push, f, k) => (kernel[k] = weight * push * factors[f]))
  }

  along(upstream: Float32Array): Float64Array {
    this.#upstream = upstream
    const sums = new Float64Array(this.#filters)
    this.#each((weight, push, f, k) => (sums[f] += upstream[k] * weight * push))
    return sums
  }

  pullBack(factors: Float64Array, radial: Float64Array, result: Float32Array): Float64Array {
    const below = new Float64Array(this.#channels)
    const upstream = this.#upstream
    this.#each((weight, push, f, k, row, channel) => {
      const u = upstream[k] * factors[f] + weight * push * radial[f]
      result[row] = u * push
      below[channel] += u * weight
    })
    return below
  }

  /** Calls `work` with each weight, its push, its filter, its place in the kernel and among the rows, and its channel. */
  #each(work: (weight: number, push: number, filter: number, k: number, row: number, channel: number) => void): void {
    let k = 0
    for (let i = 0; i < this.#fanIn; i++) {
      const channel = i % this.#channels
      for (let f = 0, row = i; f < this.#filters; f++, row += this.#pitch) work(this.#rows[row], this.#push[channel], f, k++, row, channel)
    }
  }
}
