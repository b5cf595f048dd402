/**
 * Vector kernels in WebAssembly (kernels.wat.ts) for the few loops over millions of numbers that are ours and
 * not TensorFlow's: JavaScript runs them one number at a time. See docs/decisions/vector-kernels.md.
 */
import { kernelsWasm } from './kernels-wasm.ts'

/** Pointers and pitches in bytes, counts and numbers, in the order in which kernels.wat.ts explains them. */
type Kernel<Result = void> = (...operands: number[]) => Result
type KernelName = 'addSigns' | 'adam' | 'philoxSigned' | 'products' | 'turnScaled' | 'turnBack' | 'pullBack'
type Exports = Readonly<Record<KernelName, Kernel>> & { l1: Kernel<number>; memory: WebAssembly.Memory }

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
