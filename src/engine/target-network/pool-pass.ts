/** What all pooling has in common: it learns nothing, and both ways are one operation on tensors. */
import type { Handle, Native } from '../native/native.ts'
import { tensorGradient, tensorOf, type LayerPass } from './layer-pass.ts'

/** @param gradient from the output's gradient to the input's */
export function poolPass(
  native: Native,
  pool: (input: Handle) => Handle,
  gradient: (dOutput: Handle, input: Handle, output: Handle) => Handle,
): LayerPass {
  return {
    takesFrames: false,
    load: () => ({ tensors: [] }),
    forward: (input) => ({ input, output: { tensor: pool(tensorOf(input)) }, intermediates: [] }),
    backward(upstream, { input, output }, _loaded, want) {
      const dOutput = tensorGradient(upstream)
      const dInput = want === 'none' ? undefined : gradient(dOutput, tensorOf(input), tensorOf(output))
      native.free(dOutput, output.tensor)
      return dInput
    },
  }
}
