/** Which pass serves a convolution, with the max-pooling behind it: what was measured fastest for its place and shape. */
import type { LayerPass, MakePass, PassContext } from '../../engine/target-network/layer-pass.ts'
import { ConvolutionPass } from './passes/convolution-pass.ts'
import { ConvolutionsPass } from './passes/convolutions-pass.ts'
import { PatchMaxPass } from './passes/patch-max-pass.ts'
import { PatchPass } from './passes/patch-pass.ts'
import { PatchInput, suitsPatches } from './passes/patches.ts'
import { isPlain, pooledConvolution, type PooledConvolution } from './passes/pooled-convolution.ts'
import { SparseConvolutionPass, suitsSparse } from './passes/sparse-convolution-pass.ts'
import { FramedInput, SparseFirstPass, suitsSparseFirst } from './passes/sparse-first-pass.ts'

export const makePass: MakePass = (layers, context) => {
  const own = pooledConvolution(layers)
  if (own === undefined) throw new Error(`No convolution: ${layers[0]?.definition.kind}`)
  if (context.together !== null) return { pass: new ConvolutionsPass(layers[0], own, context), layers: own.layers }
  const next = pooledConvolution(layers.slice(own.layers))
  const pass = (context.images === null || !isPlain(own) ? undefined : firstPass(own, next, context)) ?? laterPass(own, context)
  return { pass, layers: own.layers }
}

/** On images, which need no gradient: in vector kernels, or as products of patches; undefined: neither suits. */
function firstPass(own: PooledConvolution, next: PooledConvolution | undefined, context: PassContext): LayerPass | undefined {
  const { native, size, images, purpose } = context
  if (purpose === 'training' && context.sparse && suitsSparseFirst(own)) {
    const memory = context.memory()
    const input = memory.shared('images', () => new FramedInput(memory, own))
    return new SparseFirstPass(
      native,
      memory,
      own,
      size,
      input,
      next !== undefined && isPlain(next) && suitsSparse(next) ? next.kernel : undefined,
    )
  }
  if (!suitsPatches(own)) return undefined
  const input = context.shared('patches', () => new PatchInput(own))
  const scale = images === 'bytes' ? 1 / 255 : 1
  return purpose === 'training' ? new PatchPass(native, own, size, scale, input) : new PatchMaxPass(native, own, size, scale, input)
}

function laterPass(
  own: PooledConvolution,
  { native, size, images, purpose, sparse, memory }: PassContext,
): SparseConvolutionPass | ConvolutionPass {
  if (purpose === 'training' && sparse && images === null && isPlain(own) && suitsSparse(own))
    return new SparseConvolutionPass(native, memory(), own, size)
  return new ConvolutionPass(native, own, size)
}
