/** Instance normalisation in TensorFlow's kernels: mean and variance over the places of each image. */
import type { Handle } from '../../engine/native/native.ts'
import { add, meanOver, multiply, relu, reluGradient, reciprocalRoot, square, subtract } from '../../engine/native/ops.ts'
import { isOf } from '../../engine/target-network/layout.ts'
import { tensorGradient, tensorOf, type LayerPass, type MakePass } from '../../engine/target-network/layer-pass.ts'
import { epsilon, normalisation } from './definition.ts'

export const makePass: MakePass = ([layer], { native }) => {
  if (!isOf(layer, normalisation)) throw new Error('No normalisation')
  const rectified = layer.layer.activation === 'relu'
  const places = native.vector(1, 2)
  const mean = (x: Handle): Handle => meanOver(native, x, places) // [images, 1, 1, channels]

  /** What an op makes of its operands, of which some are spent by it. */
  const spend = (result: Handle, ...spent: readonly Handle[]): Handle => {
    native.free(...spent)
    return result
  }

  const pass: LayerPass = {
    takesFrames: false,
    load: () => ({ tensors: [native.upload(Float32Array.of(epsilon), [])] }),
    forward(input, { tensors: [small] }, keep) {
      const x = tensorOf(input)
      const m = mean(x)
      const centred = spend(subtract(native, x, m), m)
      const squares = square(native, centred)
      const variance = spend(mean(squares), squares)
      const enough = spend(add(native, variance, small), variance)
      const factor = spend(reciprocalRoot(native, enough), enough)
      const y = spend(multiply(native, centred, factor), centred)
      const output = rectified ? relu(native, y) : y
      if (keep) return { input, output: { tensor: output }, intermediates: [factor, y] }
      native.free(factor, ...(rectified ? [y] : []))
      return { input, output: { tensor: output }, intermediates: [] }
    },
    // dx = factor (dy - mean(dy) - y mean(dy y)), with y before the activation.
    backward(upstream, { output, intermediates: [factor, y] }, _loaded, want) {
      const given = tensorGradient(upstream)
      const dy = rectified ? spend(reluGradient(native, given, y), given) : given
      if (rectified) native.free(output.tensor)
      if (want === 'none') {
        native.free(dy, factor, y)
        return undefined
      }
      const m = mean(dy)
      const products = multiply(native, dy, y)
      const along = spend(mean(products), products)
      const part = spend(multiply(native, y, along), along, y)
      const level = spend(subtract(native, dy, m), dy, m)
      const rest = spend(subtract(native, level, part), level, part)
      return spend(multiply(native, rest, factor), rest, factor)
    },
  }
  return { pass, layers: 1 }
}
