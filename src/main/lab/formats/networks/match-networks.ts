/** Layers of files brought into the order and the axes of a target's weights. */
import { kernelLayouts, type KernelLayout, type KernelLayoutName } from '../../../../methods/imported/schema.ts'
import { badInput } from '../../../data/bad-input.ts'
import { LabError } from '../../../../shared/errors.ts'
import type { TargetLayout, WeightedLayout } from '../../../../shared/target-layout.ts'
import { plural } from '../../../../shared/wording.ts'
import type { FileModule, FileNetworks } from './file-networks.ts'
import { inShape, naturally } from './split-networks.ts'

export interface NamedNetworks extends FileNetworks {
  file: string
}

export interface MatchedNetwork {
  /** In the order of the target's layers with weights. */
  modules: FileModule[]
  /** Names that could stand in another order as well: shapes do not tell them apart, and names do not count. */
  doubted: string[]
}

const axesOf = (layout: KernelLayout, { graph }: FileModule): KernelLayout =>
  graph === undefined ? layout : { ...layout, dense: graph.dense, flattened: graph.flattened ?? layout.flattened }

/** Shape of a layer's kernel, as it lies in a file. */
function kernelShape({ arrays: [kernel] }: WeightedLayout, { convolution, dense }: KernelLayout): readonly number[] {
  const { shape } = kernel
  if (shape.length === 4 && convolution === 'OIHW') return [shape[3], shape[2], shape[0], shape[1]]
  return shape.length === 2 && dense === 'OI' ? shape.toReversed() : shape
}

const hasBias = ({ arrays }: WeightedLayout): boolean => arrays.length === 2

function fits(layer: WeightedLayout, module: FileModule, layout: KernelLayout): boolean {
  const bias = hasBias(layer) ? [layer.filters] : undefined
  return module.kernel.shape.join() === kernelShape(layer, axesOf(layout, module)).join() && module.bias?.shape.join() === bias?.join()
}

/**
 * @param chosen names of layers, in the order of the target's, where a person said it
 * @throws LabError `bad-input` where they do not fit, `invalid-argument` for names that there are not
 */
export function matchNetwork(
  target: TargetLayout,
  { file, isOrdered }: Pick<NamedNetworks, 'file' | 'isOrdered'>,
  modules: readonly FileModule[],
  name: KernelLayoutName,
  chosen?: readonly string[],
): MatchedNetwork {
  const layout = kernelLayouts[name]
  const { weighted } = target
  const inTurn = (own: readonly FileModule[]) => own.length === weighted.length && weighted.every((layer, i) => fits(layer, own[i], layout))
  if (chosen !== undefined) {
    const found = chosen.map((one) => modules.find((module) => module.name === one) ?? unknownModule(file, one, modules))
    const twice = chosen.find((one, i) => chosen.indexOf(one) < i)
    if (twice !== undefined)
      throw new LabError(
        'invalid-argument',
        `The layer ${JSON.stringify(twice)} is named twice.`,
        'Name each layer once, in the order of the target’s.',
        {
          settings: { modules: null },
        },
      )
    if (!inTurn(found)) throw misfit(target, file, found, layout)
    return { modules: found, doubted: [] }
  }
  if (isOrdered && inTurn(modules)) return { modules: [...modules], doubted: [] }
  if (modules.length !== weighted.length) throw misfit(target, file, modules, layout)
  const rest = isOrdered ? [...modules] : modules.toSorted((a, b) => naturally(a.name, b.name))
  const matched = weighted.map((layer) => {
    const at = rest.findIndex((module) => fits(layer, module, layout))
    if (at < 0) throw misfit(target, file, modules, layout)
    return { alike: rest.filter((module) => fits(layer, module, layout)).map((module) => module.name), module: rest.splice(at, 1)[0] }
  })
  const doubted = isOrdered ? [] : matched.map(({ alike }) => alike).filter((alike) => new Set(alike.map(withoutNumbers)).size > 1)
  return { modules: matched.map(({ module }) => module), doubted: [...new Set(doubted.flat())] }
}

const withoutNumbers = (name: string): string => name.replaceAll(/\d+/g, '0')

const listed = (modules: readonly FileModule[]): string =>
  `${modules
    .slice(0, 12)
    .map(({ name, kernel, bias }) => `${name} [${inShape(kernel.shape)}]${bias === undefined ? ' without bias' : ''}`)
    .join(', ')}${modules.length > 12 ? `, and ${modules.length - 12} more` : ''}`

function unknownModule(file: string, name: string, modules: readonly FileModule[]): never {
  throw new LabError(
    'invalid-argument',
    `${file} has no layer ${JSON.stringify(name)}.`,
    `Name these, in the order of the target's: ${modules.map((module) => module.name).join(', ')}.`,
    { settings: { modules: null } },
  )
}

function misfit({ weighted }: TargetLayout, file: string, modules: readonly FileModule[], layout: KernelLayout): LabError {
  const wanted = weighted
    .slice(0, 12)
    .map((layer) => `[${inShape(kernelShape(layer, layout))}]${hasBias(layer) ? '' : ' without bias'}`)
    .join(', ')
  const missing =
    modules.length === weighted.length
      ? undefined
      : `it has ${plural(modules.length, 'layer')} with weights, and the target has ${weighted.length}`
  const bare = modules.find(({ kernel, bias }) => bias === undefined && kernel.shape.length === 2)
  return badInput(
    file,
    `${missing ?? 'its layers are not those of the target'}: ${listed(modules)}; the target's kernels are ${wanted}.`,
    bare === undefined
      ? 'Choose the target that these networks have, or say how their kernels lie.'
      : `A dense layer of a target has a bias: save zeros for that of ${bare.name}.`,
    { settings: { target: null, layout: null } },
  )
}

/** Puts a network into `into`, [weights], canonical layout. */
export function placeNetwork(target: TargetLayout, { modules }: MatchedNetwork, name: KernelLayoutName, into: Float32Array): void {
  target.weighted.forEach((layer, i) => {
    const module = modules[i]
    placeKernel(layer, module, axesOf(kernelLayouts[name], module), into.subarray(layer.kernelOffset, layer.biasOffset))
    if (module.bias !== undefined) into.set(module.bias.values, layer.biasOffset)
  })
}

function placeKernel(layer: WeightedLayout, { kernel }: FileModule, axes: KernelLayout, into: Float32Array): void {
  const { fanIn, filters, input, arrays } = layer
  const { values } = kernel
  const isConvolution = arrays[0].shape.length === 4
  // Of a kernel of a convolution the places are its own.
  const [height, width, channels] = isConvolution ? [arrays[0].shape[0], arrays[0].shape[1], arrays[0].shape[2]] : input
  const outFirst = isConvolution ? axes.convolution === 'OIHW' : axes.dense === 'OI'
  const channelsFirst = isConvolution ? outFirst : axes.flattened === 'CHW'
  const places = height * width
  for (let row = 0; row < fanIn; row++) {
    const from = channelsFirst ? (row % channels) * places + Math.floor(row / channels) : row
    for (let filter = 0; filter < filters; filter++)
      into[row * filters + filter] = values[outFirst ? filter * fanIn + from : from * filters + filter]
  }
}
