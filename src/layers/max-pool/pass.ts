/** Max-pooling by itself, where it does not follow a convolution, which would do it as well. */
import type { Attribute } from '../../engine/native/attributes.ts'
import type { Handle, Native } from '../../engine/native/native.ts'
import { maxPool as pool, maxPoolGradient, poolAttributes } from '../../engine/native/ops.ts'
import { isOf } from '../../engine/target-network/layout.ts'
import {
  tensorGradient,
  tensorOf,
  type Activation,
  type Gradient,
  type LayerPass,
  type Loaded,
  type MakePass,
  type Saved,
  type WantedGradient,
} from '../../engine/target-network/layer-pass.ts'
import { maxPool } from './definition.ts'

export const makePass: MakePass = ([layer], { native }) => {
  if (!isOf(layer, maxPool)) throw new Error('No max-pooling')
  return { pass: new MaxPoolPass(native, layer.layer.size), layers: 1 }
}

class MaxPoolPass implements LayerPass {
  readonly takesFrames = false
  readonly #native: Native
  readonly #pool: readonly Attribute[]

  constructor(native: Native, size: number) {
    this.#native = native
    this.#pool = poolAttributes(size)
  }

  load(): Loaded {
    return { tensors: [] }
  }

  forward(input: Activation): Saved {
    return { input, output: { tensor: pool(this.#native, tensorOf(input), this.#pool) }, intermediates: [] }
  }

  backward(gradientOfOutput: Gradient, { input, output }: Saved, _loaded: Loaded, want: WantedGradient): Gradient | undefined {
    const dy = tensorGradient(gradientOfOutput)
    const gradient: Handle | undefined =
      want === 'none' ? undefined : maxPoolGradient(this.#native, tensorOf(input), tensorOf(output), dy, this.#pool)
    this.#native.free(dy, output.tensor)
    return gradient
  }
}
