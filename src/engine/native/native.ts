/**
 * Any TensorFlow op, straight through the native binding: no tape, no reference counting, no tensor
 * objects. For the hot loops of the target network, where a tfjs op costs as much as its arithmetic.
 * Also reaches kernels that TensorFlow.js has no name for (ReluGrad, BiasAddGrad, ...).
 */
import * as tf from '@tensorflow/tfjs-core'
import { LabError } from '../../shared/errors.ts'
import { dataType, type Attribute } from './attributes.ts'

/** A tensor that lives in TensorFlow's memory, until it is freed. */
export interface Handle {
  readonly id: number
  readonly shape: readonly number[]
  /** TensorFlow's number of the element type, see {@link dataType}. */
  readonly dtype: number
}

/** The part of tfjs-node's binding (`tfjs_binding.d.ts`) that is used here. */
export interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): number
  deleteTensor(id: number): void
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Handle[]
  getNumOfTensors(): number
}

/** What runs whole graphs. */
export interface GraphBinding extends Binding {
  loadSavedModel(folder: string, tags: string): number
  deleteSavedModel(id: number): void
  runSavedModel(id: number, inputs: readonly number[], inputNames: string, outputNames: string): Handle[]
}

interface NativeBackend {
  binding: GraphBinding
  isUsingGpuDevice: boolean
}

/** Runs ops on handles. Handles made inside {@link scope} are freed at its end at the latest. */
export class Native {
  readonly #binding: Binding
  readonly #vectors = new Map<string, Handle>()
  #alive: Set<number> | undefined

  /** Whether ops run on a GPU, so that fetching intermediates is dear. */
  readonly gpu: boolean

  constructor(binding: Binding, gpu: boolean) {
    this.#binding = binding
    this.gpu = gpu
  }

  /**
   * Hands an array to TensorFlow without copying it: the array must not change while the handle lives.
   * A Uint8Array becomes uint8, not bool.
   */
  upload(values: Float32Array | Int32Array | Uint8Array, shape: readonly number[]): Handle {
    const dtype = values instanceof Float32Array ? dataType.float32 : values instanceof Int32Array ? dataType.int32 : dataType.uint8
    const id = this.#binding.createTensor(shape, dtype, values)
    this.#alive?.add(id)
    return { id, shape, dtype }
  }

  /** Runs an op of one output. Input types left out of `attributes` are inferred by TensorFlow. */
  run(name: string, attributes: readonly Attribute[], ...inputs: readonly Handle[]): Handle {
    return this.runMany(name, attributes, inputs, 1)[0]
  }

  runMany(name: string, attributes: readonly Attribute[], inputs: readonly Handle[], outputs: number): Handle[] {
    const results = this.#binding.executeOp(
      name,
      attributes,
      inputs.map((input) => input.id),
      outputs,
    )
    if (this.#alive !== undefined) for (const result of results) this.#alive.add(result.id)
    return results
  }

  /** An int32 vector for ops that want a shape as an input: made once, kept for good. */
  vector(...numbers: number[]): Handle {
    const key = numbers.join()
    let handle = this.#vectors.get(key)
    if (handle === undefined) {
      const shape = [numbers.length]
      handle = { id: this.#binding.createTensor(shape, dataType.int32, Int32Array.from(numbers)), shape, dtype: dataType.int32 }
      this.#vectors.set(key, handle)
    }
    return handle
  }

  /** Copies a float32 tensor out. */
  download(handle: Handle): Float32Array {
    const values = this.#binding.tensorDataSync(handle.id)
    if (!(values instanceof Float32Array)) throw new TypeError(`Expected a float32 tensor, found type ${handle.dtype}`)
    return values
  }

  /** Gives memory back at once, so that the next op of this size finds it warm in the cache. */
  free(...handles: readonly (Handle | undefined)[]): void {
    for (const handle of handles) {
      if (handle === undefined) continue
      this.#binding.deleteTensor(handle.id)
      this.#alive?.delete(handle.id)
    }
  }

  /** Runs `work` and frees every handle it made and did not free itself, also when it throws. */
  scope<T>(work: () => T): T {
    const outer = this.#alive
    const alive = new Set<number>()
    this.#alive = alive
    try {
      return work()
    } finally {
      for (const id of alive) this.#binding.deleteTensor(id)
      this.#alive = outer
    }
  }

  /** Tensors alive in TensorFlow, those of tfjs included. */
  get tensors(): number {
    return this.#binding.getNumOfTensors()
  }
}

let cached: { backend: NativeBackend; native: Native } | undefined

/**
 * The native ops of the current backend.
 * @throws LabError `set-up` when TensorFlow.js does not run on native TensorFlow
 */
export function native(): Native {
  const backend = nativeBackend()
  if (cached?.backend !== backend) cached = { backend, native: new Native(backend.binding, backend.isUsingGpuDevice) }
  return cached.native
}

/** The binding of the current backend, for graphs. @throws LabError as {@link native} */
export const graphBinding = (): GraphBinding => nativeBackend().binding

function nativeBackend(): NativeBackend {
  const backend: unknown = tf.backend()
  if (!isNative(backend)) {
    throw new LabError(
      'set-up',
      `Target networks run on native TensorFlow only, but the backend in use is "${tf.getBackend()}".`,
      'Run `npm start` in the project: it does the set-up, and says what is missing if it cannot.',
    )
  }
  return backend
}

function isNative(backend: unknown): backend is NativeBackend {
  return typeof backend === 'object' && backend !== null && 'binding' in backend && 'isUsingGpuDevice' in backend
}
