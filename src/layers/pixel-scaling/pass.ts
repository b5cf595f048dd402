/** Scaling of pixels in TensorFlow's kernels. */
import { add, multiply } from '../../engine/native/ops.ts'
import { isOf } from '../../engine/target-network/layout.ts'
import { tensorGradient, tensorOf, type LayerPass, type MakePass } from '../../engine/target-network/layer-pass.ts'
import { pixelScaling, scaleOf } from './definition.ts'

export const makePass: MakePass = ([layer], { native }) => {
  if (!isOf(layer, pixelScaling)) throw new Error('No scaling of pixels')
  const { scale, offset } = scaleOf(layer.layer)
  const pass: LayerPass = {
    takesFrames: false,
    load: () => ({ tensors: [scale, offset].map((values) => native.upload(values, [values.length])) }),
    forward(input, { tensors: [factor, shift] }) {
      const scaled = multiply(native, tensorOf(input), factor)
      const tensor = add(native, scaled, shift)
      native.free(scaled)
      return { input, output: { tensor }, intermediates: [] }
    },
    backward(upstream, { output }, { tensors: [factor] }, want) {
      const dy = tensorGradient(upstream)
      const dx = want === 'none' ? undefined : multiply(native, dy, factor)
      native.free(dy, output.tensor)
      return dx
    },
  }
  return { pass, layers: 1 }
}
