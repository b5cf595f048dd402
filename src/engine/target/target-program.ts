/**
 * The target network's arithmetic on native TensorFlow, with gradients written by hand: one network
 * after another, each layer a few kernels, every intermediate freed as soon as it is spent.
 *
 * Networks never share an op, so a network's numbers do not depend on what else was asked for in the
 * same call. See docs/decisions/target-arithmetic.md for what was measured.
 */
import { native as currentNative, type Handle, type Native } from '../native/native.ts'
import { crossEntropy, softmaxInto } from './cross-entropy.ts'
import { ConvolutionPass } from './convolution-pass.ts'
import { DensePass } from './dense-pass.ts'
import type { LayerPass, LayerWeights, Saved } from './layer-pass.ts'
import type { TargetLayout } from './layout.ts'
import type { LossAndGradient, TargetProgram } from './program.ts'

/** Largest intermediate of one pass, numbers; more images are taken in several passes. */
const largestIntermediate = 6 << 20

/**
 * Makes the program of a target. It holds no tensors between calls.
 * @throws LabError `set-up` (when called) without native TensorFlow
 */
export function createTargetProgram(layout: TargetLayout): TargetProgram {
  const { input } = layout.target
  const pixels = input.height * input.width * input.channels
  const imagesAPass = chunkSize(layout)

  function forward(passes: readonly LayerPass[], images: Handle, weights: readonly LayerWeights[], keep: boolean): Saved[] {
    const native = currentNative()
    const saved: Saved[] = []
    let x = images
    for (const [i, pass] of passes.entries()) {
      const step = pass.forward(x, weights[i]!, keep)
      if (!keep && i > 0) native.free(x)
      saved.push(step)
      x = step.output
    }
    return saved
  }

  /** Logits [images, classes] of one network on some of its images. */
  function logitsOf(passes: readonly LayerPass[], images: Handle, weights: readonly LayerWeights[]): Float32Array {
    const native = currentNative()
    const last = forward(passes, images, weights, false).at(-1)!.output
    const logits = native.download(last)
    native.free(last)
    return logits
  }

  function lossAndGradient(weights: Float32Array, images: Float32Array, labels: Int32Array, n: number, batch: number): LossAndGradient {
    const native = currentNative()
    const result: LossAndGradient = {
      loss: new Float32Array(n),
      accuracy: new Float32Array(n),
      gradient: new Float32Array(n * layout.weightCount),
    }
    native.scope(() => {
      const passesFor = passesBySize(native, layout)
      for (let i = 0; i < n; i++) {
        const network = uploadWeights(native, layout, passesFor(1), weights.subarray(i * layout.weightCount, (i + 1) * layout.weightCount))
        const gradient = result.gradient.subarray(i * layout.weightCount, (i + 1) * layout.weightCount)
        let loss = 0
        let right = 0
        for (let from = 0; from < batch; from += imagesAPass) {
          const size = Math.min(imagesAPass, batch - from)
          const passes = passesFor(size)
          const first = i * batch + from
          const chunk = native.upload(images.subarray(first * pixels, (first + size) * pixels), [size, input.height, input.width, input.channels])
          const saved = forward(passes, chunk, network, true)
          const entropy = crossEntropy(native.download(saved.at(-1)!.output), labels.subarray(first, first + size), batch)
          loss += entropy.loss
          right += entropy.right
          let dy = native.upload(entropy.gradient, [size, layout.classes])
          for (let l = passes.length - 1; l >= 0; l--) {
            const step = passes[l]!.backward(dy, saved[l]!, network[l]!, l > 0)
            const { kernelOffset, biasOffset } = layout.layers[l]!
            addInto(gradient, kernelOffset, native.download(step.kernel), from > 0)
            addInto(gradient, biasOffset, native.download(step.bias), from > 0)
            native.free(step.kernel, step.bias)
            if (step.input !== undefined) dy = step.input
          }
          native.free(chunk)
        }
        result.loss[i] = loss / batch
        result.accuracy[i] = right / batch
        for (const { kernel, bias } of network) native.free(kernel, bias)
      }
    })
    return result
  }

  function probabilities(weights: Float32Array, images: Float32Array, n: number, count: number): Float32Array {
    const native = currentNative()
    const result = new Float32Array(n * count * layout.classes)
    native.scope(() => {
      const passesFor = passesBySize(native, layout)
      for (let i = 0; i < n; i++) {
        const network = uploadWeights(native, layout, passesFor(1), weights.subarray(i * layout.weightCount, (i + 1) * layout.weightCount))
        for (let from = 0; from < count; from += imagesAPass) {
          const size = Math.min(imagesAPass, count - from)
          const chunk = native.upload(images.subarray(from * pixels, (from + size) * pixels), [size, input.height, input.width, input.channels])
          softmaxInto(result, (i * count + from) * layout.classes, logitsOf(passesFor(size), chunk, network), layout.classes)
          native.free(chunk)
        }
        for (const { kernel, bias } of network) native.free(kernel, bias)
      }
    })
    return result
  }

  function logits(weights: Float32Array, images: Float32Array, n: number, batch: number): Float32Array {
    const native = currentNative()
    const result = new Float32Array(n * batch * layout.classes)
    native.scope(() => {
      const passesFor = passesBySize(native, layout)
      for (let i = 0; i < n; i++) {
        const network = uploadWeights(native, layout, passesFor(1), weights.subarray(i * layout.weightCount, (i + 1) * layout.weightCount))
        for (let from = 0; from < batch; from += imagesAPass) {
          const size = Math.min(imagesAPass, batch - from)
          const first = i * batch + from
          const chunk = native.upload(images.subarray(first * pixels, (first + size) * pixels), [size, input.height, input.width, input.channels])
          result.set(logitsOf(passesFor(size), chunk, network), first * layout.classes)
          native.free(chunk)
        }
        for (const { kernel, bias } of network) native.free(kernel, bias)
      }
    })
    return result
  }

  return { lossAndGradient, probabilities, logits }
}

/** Images a pass, by the layout alone, so that the same images are summed in the same order always. */
function chunkSize(layout: TargetLayout): number {
  const sizes = layout.layers.map(({ input: [height, width, channels], filters, layer }) =>
    Math.max(height * width * channels, (layer.kind === 'convolution' ? height * width : 1) * filters),
  )
  return Math.max(1, Math.floor(largestIntermediate / Math.max(...sizes)))
}

/** The layers' passes for a number of images, made once each. */
function passesBySize(native: Native, layout: TargetLayout): (size: number) => readonly LayerPass[] {
  const made = new Map<number, readonly LayerPass[]>()
  return (size) => {
    let passes = made.get(size)
    if (passes === undefined) {
      passes = layout.layers.map((layer, i) => {
        if (layer.layer.kind === 'convolution') return new ConvolutionPass(native, layer, layer.layer, size)
        return new DensePass(native, layer, layer.layer, layout.layers[i - 1]?.layer.kind !== 'dense', size)
      })
      made.set(size, passes)
    }
    return passes
  }
}

/** Hands one network's weights [weightCount] to TensorFlow, without copying. */
function uploadWeights(native: Native, layout: TargetLayout, passes: readonly LayerPass[], weights: Float32Array): LayerWeights[] {
  return layout.layers.map(({ kernelOffset, biasOffset, filters }, i) => ({
    kernel: native.upload(weights.subarray(kernelOffset, biasOffset), passes[i]!.kernelShape),
    bias: native.upload(weights.subarray(biasOffset, biasOffset + filters), [filters]),
  }))
}

function addInto(out: Float32Array, offset: number, values: Float32Array, add: boolean): void {
  if (!add) out.set(values, offset)
  else for (let i = 0; i < values.length; i++) out[offset + i]! += values[i]!
}
