/** Normalisation: in TensorFlow's kernels, or in plain loops where there are few numbers. */
import { activations } from '../../engine/native/activations.ts'
import { meanAlong, shaped } from '../../engine/native/batch-ops.ts'
import type { Handle, Native } from '../../engine/native/native.ts'
import { add, copy, meanOver, multiply, reciprocalRoot, square, subtract } from '../../engine/native/ops.ts'
import { isOf, type LayerLayout } from '../../engine/target-network/layout.ts'
import {
  tensorGradient,
  tensorOf,
  type LayerPass,
  type Loaded,
  type MakePass,
  type PassContext,
} from '../../engine/target-network/layer-pass.ts'
import { epsilon, normalisation } from './definition.ts'
import { normalise, normaliseBack, type Sizes } from './loops.ts'

/** Most numbers that loops are faster on. */
const few = 4096

/** What an op makes of its operands, of which some are spent by it. */
type Spend = (result: Handle, ...spent: readonly Handle[]) => Handle

/** Both ways, without the activation: y of x, and what of it the way back needs; dx of dy, which is freed. */
interface Arithmetic {
  load(network: Float32Array): Loaded
  forward(x: Handle, loaded: Loaded): { y: Handle; factor: Handle }
  backward(dy: Handle, y: Handle, factor: Handle): Handle
}

export const makePass: MakePass = ([layer], context) => {
  if (!isOf(layer, normalisation)) throw new Error('No normalisation')
  const { native, size } = context
  const { activation, over } = layer.layer
  const activate = activation === 'none' ? undefined : activations[activation]
  const [height, width, channels] = layer.input
  const spend: Spend = (result, ...spent) => {
    native.free(...spent)
    return result
  }
  const looped = !native.gpu && size * height * width * channels <= few
  const places = height * width
  const arithmetic =
    over === 'batch'
      ? ofBatch(layer, context, spend, looped)
      : looped
        ? inLoops(native, { images: size, places, channels })
        : inKernels(native, spend, overPlaces(native))

  const pass: LayerPass = {
    takesFrames: false,
    load: (_weights, network) => arithmetic.load(network),
    forward(input, loaded, keep) {
      const { y, factor } = arithmetic.forward(tensorOf(input), loaded)
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

/** For kernels, whoever loads: the passes of other numbers of images take it, too. */
const loadEpsilon = (native: Native) => (): Loaded => ({ tensors: [native.upload(Float32Array.of(epsilon), [])] })

type Mean = (x: Handle) => Handle

/** Of images [images, height, width, channels], [images, 1, 1, channels]. */
function overPlaces(native: Native): Mean {
  const places = native.vector(1, 2)
  return (x) => meanOver(native, x, places)
}

/** @param hear is told mean and variance, which it must not free */
function inKernels(native: Native, spend: Spend, mean: Mean, hear?: (mean: Handle, variance: Handle, loaded: Loaded) => void): Arithmetic {
  return {
    load: loadEpsilon(native),
    forward(x, loaded) {
      const m = mean(x)
      const centred = subtract(native, x, m)
      const squares = square(native, centred)
      const variance = spend(mean(squares), squares)
      hear?.(m, variance, loaded)
      const enough = spend(add(native, variance, loaded.tensors[0]), variance, m)
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
    load: loadEpsilon(native),
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

/**
 * Over a network's whole batch, or by the fixed statistics that it has of its reference batch. Images lie as
 * [networks, images, places, channels], means as [networks, 1, 1, channels].
 */
function ofBatch(layer: LayerLayout, context: PassContext, spend: Spend, looped: boolean): Arithmetic {
  const { native, size, statistics, together } = context
  const [height, width, channels] = layer.input
  const networks = together?.networks ?? 1
  const places = height * width
  if (statistics === 'batch' && looped) return inLoops(native, { images: 1, places: size * places, channels })

  // Of each image first: a sum over all places of all images would be rounded too often.
  const mean: Mean = (x) => {
    const each = meanAlong(native, x, 2)
    return spend(meanAlong(native, each, 1), each)
  }
  const [ofMean, ofVariance] = layer.statistics
  const lying = statistics === 'fixed' ? byFixed() : inKernels(native, spend, mean, statistics === 'reference' ? keepStatistics : undefined)

  function keepStatistics(m: Handle, variance: Handle, { network }: Loaded): void {
    if (together !== null) {
      together.takeStatistics(
        layer,
        [m, variance].map((one) => shaped(native, one, networks, channels)),
      )
      return
    }
    network!.set(native.download(m), ofMean.offset)
    network!.set(native.download(variance), ofVariance.offset)
  }

  function byFixed(): Arithmetic {
    return {
      load(network) {
        if (together !== null) return { tensors: [] }
        const own = (offset: number): Float32Array => network.subarray(offset, offset + channels)
        const factor = Float32Array.from(own(ofVariance.offset), (variance) => 1 / Math.sqrt(variance + epsilon))
        return { tensors: [own(ofMean.offset), factor].map((values) => native.upload(values, [1, 1, 1, channels])) }
      },
      forward(x, { tensors }) {
        const [m, factor] = together === null ? tensors : recorded()
        return { y: spendCentred(subtract(native, x, m), factor), factor: copy(native, factor) }
      },
      backward: (dy, _y, factor) => spend(multiply(native, dy, factor), dy),
    }
  }
  const spendCentred = (centred: Handle, factor: Handle): Handle => spend(multiply(native, centred, factor), centred)
  const recorded = (): Handle[] => {
    const [m, variance] = together!.statisticsOf(layer).map((one) => shaped(native, one, networks, 1, 1, channels))
    return [m, reciprocalRoot(native, add(native, variance, native.upload(Float32Array.of(epsilon), [])))]
  }

  const flat = layer.inputIsFlat
  const apart = (x: Handle): Handle => shaped(native, x, networks, -1, places, channels)
  const back = (x: Handle): Handle => spend(flat ? shaped(native, x, -1, channels) : shaped(native, x, -1, height, width, channels), x)
  return {
    load: (network) => ({ ...lying.load(network), network }),
    forward(x, loaded) {
      const images = apart(x)
      const { y, factor } = lying.forward(images, loaded)
      native.free(images)
      return { y: back(y), factor }
    },
    backward(dy, y, factor) {
      const [upstream, images] = [spend(apart(dy), dy), apart(y)]
      return back(spend(lying.backward(upstream, images, factor), images))
    },
  }
}
