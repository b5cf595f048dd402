/**
 * Records a perceptron in training mode and its way back (perceptron.ts). Rows are [1, 1, rows, width] throughout, in which matrix
 * products, batch norm and all else take them as they are.
 */
import { products } from '../../../engine/native/batch-ops.ts'
import type { Handle, Native } from '../../../engine/native/native.ts'
import { batchNormGradient, batchNormTraining, leakyRelu, leakyReluGradient } from '../../../engine/native/norm-ops.ts'
import type { HypernetworkSpec } from '../schema.ts'
import type { Entry, PerceptronEntries } from '../parameter-layout.ts'

/** The parameters' handles, or their gradients', by name; and the moments of the batch, mean and unbiased variance. */
export type Named = Map<Entry, Handle>

/**
 * @param parameters of the whole hypernetwork
 * @param moments receives those of the batch
 * @param gradients receives those of the parameters, once gone back
 */
export function recordPerceptron(
  native: Native,
  { leak, batchNorm }: HypernetworkSpec,
  { layers }: PerceptronEntries,
  parameters: Named,
  input: Handle,
  moments: Named,
  gradients: Named,
) {
  const empty = native.upload(new Float32Array(0), [0])
  const back: ((dy: Handle, wanted: boolean) => Handle | undefined)[] = []
  let x = input
  for (const { weights, norm } of layers) {
    const [read, own] = [x, parameters.get(weights)!]
    const affine = products(native, read, own)
    back.push((dy, wanted) => {
      gradients.set(weights, products(native, read, dy, true))
      return wanted ? products(native, dy, own, false, true) : undefined
    })
    if (norm === null) x = affine
    else {
      const activated = leakyRelu(native, affine, leak)
      const [scale, offset] = [parameters.get(norm.scale)!, parameters.get(norm.offset)!]
      const normalised = batchNormTraining(native, activated, scale, offset, empty, batchNorm.epsilon)
      moments.set(norm.mean, normalised.mean)
      moments.set(norm.variance, normalised.variance)
      x = normalised.output
      back.push((dy) => {
        const found = batchNormGradient(native, dy, activated, scale, normalised, batchNorm.epsilon)
        gradients.set(norm.scale, found.scale)
        gradients.set(norm.offset, found.offset)
        return leakyReluGradient(native, found.input, activated, leak)
      })
    }
  }
  return {
    output: x,
    /** @param wantInput whether the gradient of the input is wanted */
    backward: (dy: Handle, wantInput: boolean) =>
      back.reduceRight<Handle | undefined>((d, step, i) => (d === undefined ? d : step(d, i > 0 || wantInput)), dy),
  }
}
