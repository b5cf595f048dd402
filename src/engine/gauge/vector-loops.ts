/** The gauge's loops on vector kernels, for layers whose filters come in fours. */
import { roundUp, workbench, type Workbench } from '../simd/kernels.ts'
import type { WeightedLayout } from '../target-network/layout.ts'
import type { LayerLoops } from './layer-loops.ts'

export class VectorLoops implements LayerLoops {
  readonly #bench: Workbench
  readonly #fanIn: number
  /** From one filter's raw weights to the next. */
  readonly #pitch: number
  readonly #filters: number
  readonly #channels: number
  /** Numbers a channel on the bench: one each, or one a weight (and zeros up to a multiple of 4) where channels are no multiple of 4. */
  readonly #period: number
  /** Where things lie on the bench, in numbers. */
  readonly #at: Readonly<
    Record<'push' | 'squared' | 'factors' | 'radial' | 'sums' | 'below' | 'rows' | 'kernel' | 'turned' | 'result', number>
  >
  readonly #size: number

  constructor({ fanIn, rows, filters, input: [, , channels] }: WeightedLayout) {
    this.#bench = workbench()
    this.#fanIn = fanIn
    this.#pitch = rows
    this.#filters = filters
    this.#channels = channels
    this.#period = channels % 4 === 0 ? channels : roundUp(fanIn, 4)
    let top = 0
    const take = (count: number): number => {
      const at = top
      top += roundUp(count, 16)
      return at
    }
    this.#at = {
      push: take(this.#period),
      squared: take(this.#period),
      factors: take(filters),
      radial: take(filters),
      sums: take(filters),
      below: take(this.#period),
      rows: take(filters * rows + 3),
      kernel: take((fanIn + 3) * filters),
      turned: take(filters * roundUp(fanIn, 4)),
      result: take(filters * rows + 3),
    }
    this.#size = top
  }

  load(rows: Float32Array, push: Float64Array | null): void {
    const numbers = this.#bench.reserve(this.#size)
    const { push: at, squared } = this.#at
    for (let i = 0; i < this.#period; i++) {
      const own = push === null ? 1 : push[i % this.#channels]
      const value = this.#period === this.#channels || i < this.#fanIn ? own : 0
      numbers[at + i] = value
      numbers[squared + i] = numbers[at + i] * numbers[at + i]
    }
    numbers.set(rows, this.#at.rows)
    numbers.fill(0, this.#at.rows + rows.length, this.#at.rows + rows.length + 3) // whatever else were there, even times 0, might be NaN
  }

  squares(): Float32Array {
    const { rows } = this.#at
    return this.#products(rows, this.#pitch, rows, this.#at.squared)
  }

  writeKernel(factors: Float64Array, kernel: Float32Array): void {
    const { rows, push, factors: at, kernel: to } = this.#at
    const numbers = this.#bench.reserve(this.#size)
    numbers.set(factors, at)
    this.#bench.kernels.turnScaled(rows * 4, this.#pitch * 4, this.#filters, this.#fanIn, push * 4, this.#period, at * 4, to * 4)
    kernel.set(numbers.subarray(to, to + kernel.length))
  }

  along(upstream: Float32Array): Float32Array {
    const { kernel, turned, rows, push } = this.#at
    const width = roundUp(this.#fanIn, 4)
    const numbers = this.#bench.reserve(this.#size)
    numbers.set(upstream, kernel)
    numbers.fill(0, kernel + upstream.length, kernel + upstream.length + 3 * this.#filters)
    this.#bench.kernels.turnBack(kernel * 4, this.#filters, this.#fanIn, turned * 4, width * 4)
    return this.#products(turned, width, rows, push)
  }

  pullBack(factors: Float64Array, radial: Float64Array, result: Float32Array): Float64Array {
    const at = this.#at
    const numbers = this.#bench.reserve(this.#size)
    numbers.set(factors, at.factors)
    numbers.set(radial, at.radial)
    numbers.fill(0, at.below, at.below + this.#period)
    this.#bench.kernels.pullBack(
      at.rows * 4,
      this.#pitch * 4,
      at.turned * 4,
      roundUp(this.#fanIn, 4) * 4,
      this.#filters,
      this.#fanIn,
      at.push * 4,
      this.#period,
      at.factors * 4,
      at.radial * 4,
      at.result * 4,
      at.below * 4,
    )
    result.set(numbers.subarray(at.result, at.result + result.length))
    const below = new Float64Array(this.#channels)
    for (let i = 0; i < this.#period; i++) below[i % this.#channels] += numbers[at.below + i]
    return below
  }

  /** Sums over each filter's weights of a times b (which is laid out as the rows are) times the channel's factor. */
  #products(a: number, width: number, b: number, factor: number): Float32Array {
    const { sums } = this.#at
    const pitch = this.#pitch * 4
    this.#bench.kernels.products(a * 4, width * 4, b * 4, pitch, this.#filters, this.#fanIn, factor * 4, this.#period, sums * 4)
    return this.#bench.reserve(this.#size).subarray(sums, sums + this.#filters)
  }
}
