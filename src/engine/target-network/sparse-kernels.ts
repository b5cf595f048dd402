/** The vector kernels of sparse-kernels.wat.ts, and the memory they work in. */
import { sparseKernelsWasm } from './sparse-kernels-wasm.ts'

/** Pointers, pitches and offsets in bytes and counts of numbers, in the order in which sparse-kernels.wat.ts explains them. */
type Kernel = (...operands: number[]) => void
type KernelName = 'kernelGradients' | 'inputGradients' | 'pool' | 'list' | 'firstForward' | 'firstBackward'
type SparseKernels = Readonly<Record<KernelName, Kernel>> & { memory: WebAssembly.Memory }

/** Bytes a page of WebAssembly memory has. */
const PAGE = 65_536
/** TensorFlow uses memory in place if it starts at a multiple of this. */
const ALIGNMENT = 64

let compiled: { module: WebAssembly.Module | undefined } | undefined

function compile(): WebAssembly.Module | undefined {
  if (compiled === undefined) {
    const bytes = Uint8Array.from(atob(sparseKernelsWasm), (character) => character.charCodeAt(0))
    compiled = { module: WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined }
  }
  return compiled.module
}

/** Whether this runtime knows the (relaxed) vector instructions that the kernels use. */
export function sparseKernelsRun(): boolean {
  return compile() !== undefined
}

/** One instance of the kernels, with memory that is given out and never taken back. */
export class SparseMemory {
  readonly kernels: SparseKernels
  readonly #shared = new Map<string, unknown>()
  #top = ALIGNMENT

  constructor() {
    const module = compile()
    if (module === undefined) throw new Error('No relaxed vector instructions here')
    this.kernels = new WebAssembly.Instance(module).exports as unknown as SparseKernels
  }

  /** Room for `count` numbers (or as many times four bytes), zeroed: its pointer. */
  take(count: number): number {
    const pointer = this.#top
    this.#top = Math.ceil((pointer + count * 4 + ALIGNMENT) / ALIGNMENT) * ALIGNMENT
    const missing = this.#top - this.kernels.memory.buffer.byteLength
    if (missing > 0) this.kernels.memory.grow(Math.ceil(missing / PAGE))
    return pointer
  }

  /** What those who use this memory share: made when first asked for. */
  shared<T>(key: string, make: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, make())
    return this.#shared.get(key) as T
  }

  /** What lies at a pointer; good until the next {@link take}. */
  floats(pointer: number, count: number): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, pointer, count)
  }

  integers(pointer: number, count: number): Int32Array {
    return new Int32Array(this.kernels.memory.buffer, pointer, count)
  }
}
