/** Instance normalisation: in TensorFlow's kernels, or in plain loops where there are few numbers. */
import { activations } from '../../engine/native/activations.ts'
import type { Handle, Native } from '../../engine/native/native.ts'
import { add, meanOver, multiply, reciprocalRoot, square, subtract } from '../../engine/native/ops.ts'
import { isOf } from '../../engine/target-network/layout.ts'
import { tensorGradient, tensorOf, type LayerPass, type MakePass } from '../../engine/target-network/layer-pass.ts'
import { epsilon, normalisation } from './definition.ts'
import { normalise, normaliseBack, type Sizes } from './loops.ts'

/** Most numbers that loops are faster on. */
const few = 4096

/** What an op makes of its operands, of which some are spent by it. */
type Spend = (result: Handle, ...spent: readonly Handle[]) => Handle

/** Both ways, without the activation: y of x, and what of it the way back needs; dx of dy, which is freed. */
interface Arithmetic {
  forward(x: Handle, small: Handle): { y: Handle; factor: Handle }
  backward(dy: Handle, y: Handle, factor: Handle): Handle
}

export const makePass: MakePass = ([layer], { native, size }) => {
  if (!isOf(layer, normalisation)) throw new Error('No normalisation')
  const { activation } = layer.layer
  const activate = activation === 'none' ? undefined : activations[activation]
  const [height, width, channels] = layer.input
  const spend: Spend = (result, ...spent) => {
    native.free(...spent)
    return result
  }
  const looped = !native.gpu && size * height * width * channels <= few
  const arithmetic = looped ? inLoops(native, { images: size, places: height * width, channels }) : inKernels(native, spend)

  const pass: LayerPass = {
    takesFrames: false,
    load: () => ({ tensors: [native.upload(Float32Array.of(epsilon), [])] }),
    forward(input, { tensors: [small] }, keep) {
      const { y, factor } = arithmetic.forward(tensorOf(input), small)
      const output = { tensor: activate?.forward(native, y) ?? y }
      if (keep) return { input, output, intermediates: [factor, y] }
      native.free(factor, activate && y)
      return { input, output, intermediates: [] }
    },
    backward(upstream, { output, intermediates: [factor, y] }, _loaded, want) {
      const given = tensorGradient(upstream)
      const tensor = tensorOf(output)
      const dy = activate ? spend(activate.backward(native, given, activate.bySums ? y : tensor), given, tensor) : given
      if (want !== 'none') return spend(arithmetic.backward(dy, y, factor), y, factor)
      native.free(dy, y, factor)
      return undefined
    },
  }
  return { pass, layers: 1 }
}

function inKernels(native: Native, spend: Spend): Arithmetic {
  const places = native.vector(1, 2)
  const mean = (x: Handle): Handle => meanOver(native, x, places) // [images, 1, 1, channels]
  return {
    forward(x, small) {
      const m = mean(x)
      const centred = spend(subtract(native, x, m), m)
      const squares = square(native, centred)
      const variance = spend(mean(squares), squares)
      const enough = spend(add(native, variance, small), variance)
      const factor = spend(reciprocalRoot(native, enough), enough)
      return { y: spend(multiply(native, centred, factor), centred), factor }
    },
    // dx = factor (dy - mean(dy) - y mean(dy y))
    backward(dy, y, factor) {
      const m = mean(dy)
      const products = multiply(native, dy, y)
      const along = spend(mean(products), products)
      const part = spend(multiply(native, y, along), along)
      const level = spend(subtract(native, dy, m), dy, m)
      const rest = spend(subtract(native, level, part), level, part)
      return spend(multiply(native, rest, factor), rest)
    },
  }
}

function inLoops(native: Native, sizes: Sizes): Arithmetic {
  return {
    forward(x) {
      const { y, factors } = normalise(native.download(x), sizes)
      return { y: native.upload(y, x.shape), factor: native.upload(factors, [factors.length]) }
    },
    backward(dy, y, factor) {
      const dx = native.download(dy)
      normaliseBack(dx, native.download(y), native.download(factor), sizes)
      native.free(dy)
      return native.upload(dx, y.shape)
    },
  }
}
