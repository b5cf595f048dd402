/** A residual block: both of its chains, and their sum. */
import { activations } from '../../engine/native/activations.ts'
import { add, copy } from '../../engine/native/ops.ts'
import {
  tensorGradient,
  tensorOf,
  type Gradient,
  type LayerPass,
  type MakePass,
  type Saved,
} from '../../engine/target-network/layer-pass.ts'
import type { LayerLayout } from '../../engine/target-network/layout.ts'
import type { Residual } from './settings.ts'

export const makePass: MakePass = ([block], context) => {
  const { native } = context
  const { activation } = block.layer as Residual
  const activate = activation === 'none' ? undefined : activations[activation]
  const ways = block.chains.map((layers) => (layers.length === 0 ? undefined : context.chain(layers)))
  const sizes = block.chains.map((layers) => layers.reduce((sum, { size }: LayerLayout) => sum + size, 0))
  /** Of each chain's weights, or of their gradient. */
  const own = (values: Float32Array): Float32Array[] => [values.subarray(0, sizes[0]), values.subarray(sizes[0])]
  const unused: Saved = { input: {}, output: {}, intermediates: [] }

  const pass: LayerPass = {
    takesFrames: false,
    load(weights, network) {
      const parts = own(weights)
      return { tensors: [], inner: ways.map((way, i) => way?.load(parts[i], network) ?? { tensors: [] }) }
    },
    forward(input, { inner: loaded = [] }, keep) {
      const inner = ways.map((way, i) => way?.forward(input, loaded[i], keep) ?? { ...unused, output: input })
      const sum = add(native, tensorOf(inner[0].output), tensorOf(inner[1].output))
      if (!keep) for (const [i, { output }] of inner.entries()) if (ways[i] !== undefined) native.free(output.tensor)
      if (activate === undefined) return { input, output: { tensor: sum }, intermediates: [], inner }
      const tensor = activate.forward(native, sum)
      const intermediates = activate.bySums && keep ? [sum] : []
      if (intermediates.length === 0) native.free(sum)
      return { input, output: { tensor }, intermediates, inner }
    },
    backward(upstream, { output, intermediates: [sum], inner: saved = [] }, { inner: loaded = [] }, want, gradient, addUp) {
      const given = tensorGradient(upstream)
      const dSum = activate?.backward(native, given, activate.bySums ? sum : tensorOf(output)) ?? given
      native.free(output.tensor, activate && given, sum)
      const parts = own(gradient)
      const back = (i: number, dy: Gradient): Gradient | undefined =>
        ways[i] === undefined ? dy : ways[i].backward(dy, saved[i], loaded[i], want === 'none' ? 'none' : 'tensor', parts[i], addUp)
      // Each chain frees the gradient it is handed.
      const around = copy(native, dSum)
      const both = [back(0, dSum), back(1, around)].map((dx) => (dx === undefined ? undefined : tensorGradient(dx)))
      const [through, beside] = both
      const dx = want === 'none' || through === undefined || beside === undefined ? undefined : add(native, through, beside)
      native.free(...both)
      return dx
    },
  }
  return { pass, layers: 1 }
}
