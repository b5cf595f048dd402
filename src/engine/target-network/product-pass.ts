/**
 * What all layers with weights have in common where many networks are run at once: rows of numbers times each network's own
 * kernel, in one batch of matrix products, then max-pooling, bias and activation. Activations lie as one batch of images,
 * those of the first network first, so that layers without weights need not know of networks at all.
 */
import type { Activation as Activated } from '../../layers/activation.ts'
import { activations } from '../native/activations.ts'
import type { Attribute } from '../native/attributes.ts'
import { products, shaped, sumOver } from '../native/batch-ops.ts'
import type { Handle, Native } from '../native/native.ts'
import { add } from '../native/ops.ts'
import {
  tensorGradient,
  tensorOf,
  type Activation,
  type Gradient,
  type LayerPass,
  type Loaded,
  type PassContext,
  type Saved,
  type Together,
  type WantedGradient,
} from './layer-pass.ts'
import type { LayerLayout } from './layout.ts'

/** What comes behind the products. */
interface Behind {
  activation: Activated
  /** Of max-pooling; absent: there is none. */
  pool?: readonly Attribute[] | undefined
  /** [rows, columns] before and after pooling; null where there are no places. */
  places: { before: readonly [number, number]; after: readonly [number, number] } | null
  filters: number
}

export abstract class ProductPass implements LayerPass {
  readonly takesFrames = false
  protected readonly native: Native
  protected readonly networks: number
  /** In what it reads: 1 where all read the same images. */
  protected readonly networksIn: number
  readonly #together: Together
  readonly #layer: LayerLayout
  readonly #behind: Behind

  constructor(layer: LayerLayout, { native, together, images }: PassContext, behind: Behind) {
    if (together === null) throw new Error('This pass runs many networks at once')
    this.native = native
    this.networks = together.networks
    this.networksIn = images !== null && together.share ? 1 : together.networks
    this.#together = together
    this.#layer = layer
    this.#behind = behind
  }

  load(): Loaded {
    return { tensors: [] } // they are on the device already
  }

  /** The rows of what it reads, [networks, rows, fanIn]. */
  protected abstract rows(x: Handle): Handle

  /** From the gradient of the products to that of what it reads. @param kernel [networks, fanIn, filters] */
  protected abstract back(dSums: Handle, kernel: Handle): Handle

  forward(input: Activation): Saved {
    const { native } = this
    const { kernel, bias } = this.#together.weightsOf(this.#layer)
    const { activation, pool } = this.#behind
    const rows = this.rows(tensorOf(input))
    const sums = products(native, rows, kernel)
    const whole = pool === undefined ? sums : this.#placed(sums, 'before')
    const pooled = pool === undefined ? sums : native.run('MaxPool', pool, whole)
    const flat = pool === undefined ? sums : this.#flat(pooled)
    const biased = bias === undefined ? flat : add(native, flat, bias)
    const output = activation === 'none' ? biased : activations[activation].forward(native, biased)
    return { input, output: { tensor: this.#placed(output, 'after') }, intermediates: [rows, whole, pooled, biased, output] }
  }

  backward(upstream: Gradient, { intermediates }: Saved, _loaded: Loaded, want: WantedGradient): Gradient | undefined {
    const { native } = this
    const [rows, whole, pooled, biased, output] = intermediates
    const { kernel, bias } = this.#together.weightsOf(this.#layer)
    const { activation, pool } = this.#behind
    let d = this.#flat(tensorGradient(upstream))
    if (activation !== 'none') {
      const ops = activations[activation]
      d = ops.backward(native, d, ops.bySums ? biased : output)
    }
    const dBias = bias === undefined ? undefined : sumOver(native, d, 1)
    if (pool !== undefined) d = this.#flat(native.run('MaxPoolGrad', pool, whole, pooled, this.#placed(d, 'after')))
    this.#together.take(this.#layer, { kernel: products(native, rows, d, true), bias: dBias })
    return want === 'none' ? undefined : this.back(d, kernel)
  }

  /** [networks, rows, filters] */
  #flat(x: Handle): Handle {
    return shaped(this.native, x, this.networks, -1, this.#behind.filters)
  }

  /** As layers without weights take it. */
  #placed(x: Handle, when: 'before' | 'after'): Handle {
    const { places, filters } = this.#behind
    return shaped(this.native, x, -1, ...(places?.[when] ?? []), filters)
  }
}
