/** Average-pooling in TensorFlow's kernels. */
import type { Attribute } from '../../engine/native/attributes.ts'
import type { Handle, Native } from '../../engine/native/native.ts'
import { poolAttributes } from '../../engine/native/ops.ts'
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
import { isOf, type LayerLayout } from '../../engine/target-network/layout.ts'
import { averagePool } from './definition.ts'
import type { AveragePool } from './settings.ts'

export const makePass: MakePass = ([layer], { native, size }) => {
  if (!isOf(layer, averagePool)) throw new Error('No average-pooling')
  return { pass: new AveragePoolPass(native, layer, size), layers: 1 }
}

class AveragePoolPass implements LayerPass {
  readonly takesFrames = false
  readonly #native: Native
  readonly #pool: readonly Attribute[]
  readonly #inputShape: Handle

  /** @param batch images a pass */
  constructor(native: Native, { layer, input }: LayerLayout<AveragePool>, batch: number) {
    this.#native = native
    this.#pool = poolAttributes(layer.size)
    this.#inputShape = native.vector(batch, ...input)
  }

  load(): Loaded {
    return { tensors: [] }
  }

  forward(input: Activation): Saved {
    return { input, output: { tensor: this.#native.run('AvgPool', this.#pool, tensorOf(input)) }, intermediates: [] }
  }

  backward(upstream: Gradient, { output }: Saved, _loaded: Loaded, want: WantedGradient): Gradient | undefined {
    const dy = tensorGradient(upstream)
    const dx = want === 'none' ? undefined : this.#native.run('AvgPoolGrad', this.#pool, this.#inputShape, dy)
    this.#native.free(dy, output.tensor)
    return dx
  }
}
