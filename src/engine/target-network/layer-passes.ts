/**
 * A target's passes, for either purpose and any number of images, and the memory that they share. Kept ready,
 * as making them takes room and shapes.
 */
import type { Native } from '../native/native.ts'
import { ChainPass } from './chain-pass.ts'
import { PlainInput } from './first-layer-input.ts'
import type { Activation, FirstLayerInput, LayerPass, MakePass, PassContext, Pixels, Purpose, Statistics } from './layer-pass.ts'
import { eachLayer, type TargetLayout } from './layout.ts'
import { SparseMemory, sparseKernelsRun } from './sparse-kernels.ts'

/** How passes are made, by the kind of layer. */
export type PassMakers = Readonly<Record<string, MakePass>>

/** Passes kept ready: more are let go before the next network. */
const maxCached = 8

/** Loads the arithmetic of the kinds of layers that a target has. */
export async function loadPassMakers({ layers }: TargetLayout): Promise<PassMakers> {
  const kinds = new Set(Array.from(eachLayer(layers), ({ definition }) => definition.kind))
  const load = async (kind: string): Promise<[string, MakePass]> => {
    const { makePass } = (await import(`../../layers/${kind}/pass.ts`)) as { makePass: MakePass }
    return [kind, makePass]
  }
  return Object.fromEntries(await Promise.all(Array.from(kinds, load)))
}

export class LayerPasses {
  readonly #native: Native
  readonly #layout: TargetLayout
  readonly #makers: PassMakers
  readonly #sparse: boolean
  readonly #cached = new Map<string, LayerPass>()
  readonly #shared = new Map<string, unknown>()
  readonly #plainInput: FirstLayerInput
  /** What inputs made of images, while somebody holds them. */
  readonly #laidOut = new WeakMap<FirstLayerInput, WeakMap<Pixels, Pixels>>()
  #memory: SparseMemory | undefined

  /** @param sparse go back through pooled layers by the few places that have a gradient; absent: wherever that runs, but on a GPU */
  constructor(native: Native, layout: TargetLayout, makers: PassMakers, sparse: boolean | undefined) {
    this.#native = native
    this.#layout = layout
    this.#makers = makers
    this.#sparse = (sparse ?? !native.gpu) && sparseKernelsRun()
    this.#plainInput = new PlainInput(layout.layers[0].input)
  }

  /**
   * The whole target for `size` images.
   * @param images whether pixels come as bytes; null: as floats whose own gradient is wanted
   */
  of(purpose: Purpose, statistics: Statistics, size: number, images: PassContext['images']): LayerPass {
    const key = `${purpose} ${statistics} ${size} ${images ?? 'gradient'}`
    let pass = this.#cached.get(key)
    if (pass === undefined) {
      const context: PassContext = {
        native: this.#native,
        purpose,
        statistics,
        size,
        images,
        // Back to the images it goes by tensors alone.
        sparse: this.#sparse && images !== null,
        together: null,
        memory: () => (this.#memory ??= new SparseMemory()),
        shared: <T>(name: string, make: () => T) => {
          if (!this.#shared.has(name)) this.#shared.set(name, make())
          return this.#shared.get(name) as T
        },
        chain: (layers) => new ChainPass(layers, { ...context, images: null }, this.#makers),
      }
      pass = new ChainPass(this.#layout.layers, context, this.#makers)
      this.#cached.set(key, pass)
    }
    return pass
  }

  /** Images `from` to `from + size` of `count`, as a pass takes them. */
  load({ imageInput: input = this.#plainInput }: LayerPass, pixels: Pixels, count: number, from: number, size: number): Activation {
    const laidOut = this.#layOut(input, pixels, count)
    return input.load(this.#native, laidOut.subarray(from * input.rowLength, (from + size) * input.rowLength), size)
  }

  /** Lets go of passes where they have become many. Not in the midst of a network: what it has loaded lies in the passes' memory. */
  tidy(): void {
    if (this.#cached.size < maxCached) return
    this.#cached.clear()
    this.#memory = undefined
  }

  #layOut(input: FirstLayerInput, pixels: Pixels, images: number): Pixels {
    let known = this.#laidOut.get(input)
    if (known === undefined) this.#laidOut.set(input, (known = new WeakMap()))
    let laidOut = known.get(pixels)
    if (laidOut === undefined) {
      laidOut = input.layOut(pixels, images)
      if (laidOut !== pixels) known.set(pixels, laidOut)
    }
    return laidOut
  }
}
