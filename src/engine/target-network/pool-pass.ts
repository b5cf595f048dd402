/** What all pooling has in common: it learns nothing, and both ways are one operation on tensors. */
import type { Handle, Native } from '../native/native.ts'
import { poolAttributes, type PoolWindows } from '../native/ops.ts'
import { tensorGradient, tensorOf, type LayerPass } from './layer-pass.ts'

/**
 * @param op of TensorFlow; its gradient's name has `Grad` behind
 * @param gradientInputs what the gradient is found from
 */
export function poolPass(
  native: Native,
  op: string,
  windows: PoolWindows,
  gradientInputs: (dOutput: Handle, input: Handle, output: Handle) => Handle[],
): LayerPass {
  const attributes = poolAttributes(windows)
  return {
    takesFrames: false,
    load: () => ({ tensors: [] }),
    forward: (input) => ({ input, output: { tensor: native.run(op, attributes, tensorOf(input)) }, intermediates: [] }),
    backward(upstream, { input, output }, _loaded, want) {
      const dOutput = tensorGradient(upstream)
      const gradient = () => native.run(`${op}Grad`, attributes, ...gradientInputs(dOutput, tensorOf(input), tensorOf(output)))
      const dInput = want === 'none' ? undefined : gradient()
      native.free(dOutput, output.tensor)
      return dInput
    },
  }
}
