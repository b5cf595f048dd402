/**
 * Random numbers as functions of (seed, purpose, step, index): no state outlives a call, so the batch
 * of step k and the z of network i need no history.
 */
import { roundUp, workbench } from '../simd/kernels.ts'
import { philox } from './philox.ts'

/** What numbers are for; each purpose has numbers of its own. Only ever add to the end. */
const PURPOSES = [
  'initial-weights',
  'training-noise',
  'image-batch',
  'sampling-noise',
  'ensemble-draw',
  'distillation-weights',
  'distillation-batch',
  'distillation-noise',
  'map',
  'evaluation-noise',
  'data-shuffle',
  'calibration-resample',
  'entropy-halves',
  'augmentation',
  'image-resample',
  'adversarial-targets',
  'toy-surface',
  'toy-weights',
  'toy-noise',
  'curve-training',
  'shift',
  'attack-start',
  'scatter-filters',
  'seen-filters',
  'cockpit-directions',
  'code-noise',
] as const
export type Purpose = (typeof PURPOSES)[number]

/** Standard normal numbers, one after the other. */
export type Normal = Pick<RandomStream, 'normal'>

/** A stream of random numbers; two streams of the same four coordinates give the same numbers. */
export class RandomStream {
  readonly #key: number
  readonly #purpose: number
  readonly #step: number
  readonly #index: number
  readonly #block = new Uint32Array(4)
  #counter = 0
  #used = 4
  #spareNormal: number | null = null

  constructor(seed: number, purpose: Purpose, step: number, index: number) {
    this.#key = seed >>> 0
    this.#purpose = PURPOSES.indexOf(purpose)
    this.#step = step >>> 0
    this.#index = index >>> 0
  }

  /** A uniform 32-bit word. */
  word(): number {
    if (this.#used === 4) {
      philox(this.#key, this.#purpose, this.#counter++, this.#index, this.#step, 0, this.#block)
      this.#used = 0
    }
    return this.#block[this.#used++]
  }

  /** Uniform in [0, 1), in steps of 2^-24, so that it is exact in float32. */
  uniform(): number {
    return (this.word() >>> 8) * 2 ** -24
  }

  /** A uniform integer in [0, bound); bound at most 2^32. */
  integer(bound: number): number {
    return Math.floor(this.word() * 2 ** -32 * bound)
  }

  /** A standard normal (Box-Muller). */
  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal
      this.#spareNormal = null
      return spare
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    const angle = 2 * Math.PI * this.uniform()
    this.#spareNormal = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  /** A standard normal redrawn until it lies within two sigma. */
  truncatedNormal(): number {
    for (;;) {
      const value = this.normal()
      if (Math.abs(value) <= 2) return value
    }
  }
}

/** The stream of (seed, purpose, step, index); see {@link RandomStream}. */
export function randomStream(seed: number, purpose: Purpose, step: number, index: number): RandomStream {
  return new RandomStream(seed, purpose, step, index)
}

/**
 * The first numbers of the stream of (seed, purpose, step, index), uniform in [-1, 1) in steps of 2^-23:
 * 2 * uniform() - 1, on vector kernels.
 */
export function fillSigned(seed: number, purpose: Purpose, step: number, index: number, into: Float32Array): void {
  const bench = workbench()
  const blocks = Math.ceil(into.length / 4)
  const numbers = bench.reserve(4 * blocks)
  bench.kernels.philoxSigned(seed, PURPOSES.indexOf(purpose), index, step, blocks, 0)
  into.set(numbers.subarray(0, into.length))
}

/** The first standard normals of the stream of (seed, purpose, step, index): those of normal(), from uniforms on vector kernels. */
export function fillNormal(seed: number, purpose: Purpose, step: number, index: number, into: Float32Array): void {
  const signed = new Float32Array(roundUp(into.length, 2))
  fillSigned(seed, purpose, step, index, signed)
  for (let k = 0; k < into.length; k += 2) {
    const radius = Math.sqrt(-2 * Math.log((1 - signed[k]) / 2))
    const angle = Math.PI * (signed[k + 1] + 1)
    into[k] = radius * Math.cos(angle)
    // Past the end of an odd number it is let fall.
    into[k + 1] = radius * Math.sin(angle)
  }
}
