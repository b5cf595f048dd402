/** A chain of layers as one pass: a whole target, or what a layer holds. */
import type { Native } from '../native/native.ts'
import type { Activation, Gradient, LayerPass, Loaded, MakePass, PassContext, Saved, WantedGradient } from './layer-pass.ts'
import type { LayerLayout } from './layout.ts'

/** A pass, and where its weights lie among those of the chain. */
interface Link {
  pass: LayerPass
  from: number
  to: number
}

export class ChainPass implements LayerPass {
  readonly takesFrames: boolean
  readonly imageInput?: NonNullable<LayerPass['imageInput']>
  readonly #native: Native
  readonly #links: readonly Link[] = []

  /** @param makers how passes are made, by the kind of layer */
  constructor(layers: readonly LayerLayout[], context: PassContext, makers: Readonly<Record<string, MakePass>>) {
    const links: Link[] = []
    for (let i = 0; i < layers.length;) {
      const made = makers[layers[i].definition.kind](layers.slice(i), i === 0 ? context : { ...context, images: null })
      const last = layers[i + made.layers - 1]
      links.push({ pass: made.pass, from: layers[i].offset - layers[0].offset, to: last.offset + last.size - layers[0].offset })
      i += made.layers
    }
    this.#native = context.native
    this.#links = links
    this.takesFrames = links[links.length - 1].pass.takesFrames
    const { imageInput } = links[0].pass
    if (imageInput !== undefined) this.imageInput = imageInput
  }

  load(weights: Float32Array, network: Float32Array): Loaded {
    return { tensors: [], inner: this.#links.map(({ pass, from, to }) => pass.load(weights.subarray(from, to), network)) }
  }

  forward(input: Activation, { inner: loaded = [] }: Loaded, keep: boolean): Saved {
    const inner: Saved[] = []
    let x = input
    for (const [i, { pass }] of this.#links.entries()) {
      const saved = pass.forward(x, loaded[i], keep)
      if (!keep && i > 0) this.#native.free(x.tensor)
      inner.push(saved)
      x = saved.output
    }
    return { input, output: x, intermediates: [], inner }
  }

  backward(
    gradientOfOutput: Gradient,
    { inner: saved = [] }: Saved,
    { inner: loaded = [] }: Loaded,
    want: WantedGradient,
    gradient: Float32Array,
    add: boolean,
  ): Gradient | undefined {
    let dy: Gradient | undefined = gradientOfOutput
    for (let i = this.#links.length - 1; i >= 0 && dy !== undefined; i--) {
      const { pass, from, to } = this.#links[i]
      const wanted = i === 0 ? want : this.#links[i - 1].pass.takesFrames ? 'frame' : 'tensor'
      dy = pass.backward(dy, saved[i], loaded[i], wanted, gradient.subarray(from, to), add)
    }
    return dy
  }
}

/** Gives back what a network's weights took. */
export function unload(native: Native, { tensors, inner = [] }: Loaded): void {
  native.free(...tensors)
  for (const each of inner) unload(native, each)
}
