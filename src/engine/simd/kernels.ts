/**
 * Vector kernels in WebAssembly (kernels.wat.ts) for the few loops over millions of numbers that are ours and
 * not TensorFlow's: JavaScript runs them one number at a time. See docs/decisions/vector-kernels.md.
 */
import { kernelsWasm } from './kernels-wasm.ts'

/** Arguments are pointers and pitches in bytes and counts of numbers; kernels.wat.ts explains each. */
interface Exports {
  memory: WebAssembly.Memory
  l1(a: number, b: number, count: number): number
  addSigns(a: number, b: number, up: number, down: number, count: number, slope: number): void
  adam(p: number, g: number, m: number, v: number, count: number, keep1: number, keep2: number, rate: number, epsilon: number): void
  philoxSigned(k0: number, k1: number, c1: number, c2: number, blocks: number, out: number): void
  products(
    a: number,
    aPitch: number,
    b: number,
    bPitch: number,
    rows: number,
    count: number,
    factor: number,
    channels: number,
    out: number,
  ): void
  turnScaled(a: number, pitch: number, rows: number, count: number, push: number, channels: number, factor: number, turned: number): void
  turnBack(turned: number, rows: number, count: number, out: number, pitch: number): void
  pullBack(
    a: number,
    pitch: number,
    given: number,
    givenPitch: number,
    rows: number,
    count: number,
    push: number,
    channels: number,
    factor: number,
    radial: number,
    out: number,
    below: number,
  ): void
}

/** Bytes a page of WebAssembly memory has. */
const PAGE = 65_536

/** One instance with a memory of its own, used as a workbench: what is on it lasts until the next reservation. */
export class Workbench {
  readonly kernels: Exports
  #numbers: Float32Array

  constructor() {
    const bytes = Uint8Array.from(atob(kernelsWasm), (character) => character.charCodeAt(0))
    this.kernels = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Exports
    this.#numbers = new Float32Array(this.kernels.memory.buffer)
  }

  /** The memory as numbers, at least `count` of them. */
  reserve(count: number): Float32Array {
    const missing = count * 4 - this.kernels.memory.buffer.byteLength
    if (missing > 0) this.kernels.memory.grow(Math.ceil(missing / PAGE))
    if (this.#numbers.buffer !== this.kernels.memory.buffer) this.#numbers = new Float32Array(this.kernels.memory.buffer)
    return this.#numbers
  }
}

let shared: Workbench | undefined

/** The process's workbench, for work that ends before anything is awaited; longer work makes its own. */
export function workbench(): Workbench {
  shared ??= new Workbench()
  return shared
}

/** Smallest multiple of `of` that is at least `n`. */
export const roundUp = (n: number, of: number): number => Math.ceil(n / of) * of
