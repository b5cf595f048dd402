/**
 * Weights of an ONNX file of anyone's. The graph says which weights follow which, how the kernel of a dense layer lies, and in which
 * order it reads the places of an image.
 */
import { slope } from '../../../../layers/activation.ts'
import type { Fields } from '../../../../shared/protobuf.ts'
import { hasStatistics, type TargetLayout } from '../../../../shared/target-layout.ts'
import { badInput, damaged } from '../../../data/bad-input.ts'
import type { OnnxTensor } from '../onnx-graph/graph.ts'
import { liesElsewhere, nameOf, readOnnx, readTensor, type OnnxModel, type OnnxNode, type OnnxValue } from '../onnx-graph/read-onnx.ts'
import { strided } from '../strided.ts'
import { requireRoom, type FileArray } from './file-arrays.ts'
import type { FileModule, FileNetworks, ImageGraph } from './file-networks.ts'

/** Operators with weights that no layer has. */
const unknown = /^(ConvTranspose|LSTM|GRU|RNN|LayerNormalization|GroupNormalization)$/

const isAll = (value: number, array: FileArray | undefined): boolean => array?.values.every((one) => one === value) === true

const again = 'Export it again; from PyTorch: torch.onnx.export(model.eval(), (images,), "network.onnx", external_data=False).'

/** @throws LabError `bad-input` */
export function readOnnxNetworks(file: string, bytes: Uint8Array, target: TargetLayout): FileNetworks {
  try {
    const reader = new GraphReader(file, bytes)
    const modules = reader.read(target)
    // Of an ensemble the networks stand one after another.
    const each = modules.length % target.weighted.length === 0 ? target.weighted.length : modules.length
    const networks = Array.from({ length: modules.length === 0 ? 1 : modules.length / each }, (_, i) =>
      modules.slice(i * each, (i + 1) * each),
    )
    return { networks, isOrdered: true, isOwn: false, converted: reader.converted, computes: reader.computes() }
  } catch (error) {
    throw damaged(error, file, 'it is damaged or no ONNX file', again)
  }
}

class GraphReader {
  readonly #file: string
  readonly #model: OnnxModel
  readonly converted = new Set<string>()
  readonly #constants = new Map<string, FileArray>()
  /** Whole numbers: shapes, and places along an axis. */
  readonly #integers = new Map<string, OnnxTensor>()
  /** What computed each value. */
  readonly #makers = new Map<string, OnnxNode>()

  constructor(file: string, bytes: Uint8Array) {
    this.#file = file
    requireRoom(file, bytes.length / 4)
    this.#model = readOnnx(bytes)
    for (const tensor of this.#model.initializers) this.#keep(tensor)
  }

  /** Layers with weights, in the order of the graph. */
  read(target: TargetLayout): FileModule[] {
    const modules: FileModule[] = []
    /** By the name of what it gives, while its bias may still come as an addition. */
    const open = new Map<string, FileModule>()
    for (const node of this.#model.nodes) {
      for (const output of node.outputs) this.#makers.set(output, node)
      const constants = node.inputs.map((name) => this.#constants.get(name))
      if (node.operator === 'Constant') this.#constant(node)
      else if (constants.every((one) => one !== undefined)) this.#fold(node, constants)
      else if (node.operator === 'Add' && this.#takesBias(node, constants, open)) continue
      else {
        const module = this.#moduleOf(node, constants, target)
        if (module === null) continue
        modules.push(module)
        if (module.bias === undefined) open.set(node.outputs[0], module)
      }
    }
    return modules
  }

  /** @param as its name, where it has none of its own */
  #keep(tensor: Fields, as?: string): void {
    const name = as ?? nameOf(tensor)
    if (liesElsewhere(tensor)) throw badInput(this.#file, `the numbers of ${name} lie in another file.`, again)
    const read = readTensor(tensor, this)
    if (read === null) return
    const { shape, values, isFloat } = read
    if (isFloat) this.#constants.set(name, { name, shape, values })
    else this.#integers.set(name, { shape, values })
  }

  /** What it computes of its first input, for its first output. */
  computes(): ImageGraph {
    const { opset, nodes, inputs, outputs } = this.#model
    const [input, output] = [inputs.at(0), outputs.at(0)]
    return {
      ...{ opset, nodes },
      constants: new Map<string, OnnxTensor>([...this.#integers, ...this.#constants]),
      input: input?.name ?? '',
      outputs: [output?.name ?? ''],
      shape: sizesOf(input),
    }
  }

  #constant({ outputs, arrays }: OnnxNode): void {
    const value = arrays.get('value')
    if (value !== undefined) this.#keep(value, outputs[0])
  }

  /** What is computed of weights alone. */
  #fold({ operator, outputs, attributes }: OnnxNode, [first]: readonly (FileArray | undefined)[]): void {
    if (first === undefined) return
    if (operator === 'Identity') this.#constants.set(outputs[0], first)
    if (operator === 'Transpose' && first.shape.length === 2 && String(attributes.perm ?? '1,0') === '1,0')
      this.#constants.set(outputs[0], transposed(first))
  }

  #takesBias({ inputs, outputs }: OnnxNode, constants: readonly (FileArray | undefined)[], open: Map<string, FileModule>): boolean {
    const at = constants.findIndex((one) => one !== undefined)
    const module = open.get(inputs[1 - at] ?? '')
    const bias = constants[at]
    if (at < 0 || module === undefined || bias === undefined) return false
    const filters = module.graph?.dense === 'IO' ? module.kernel.shape[1] : module.kernel.shape[0]
    if (bias.values.length !== filters) return false
    module.bias = { ...bias, shape: [filters] }
    open.delete(inputs[1 - at])
    this.#makers.set(outputs[0], this.#makers.get(inputs[1 - at])!)
    return true
  }

  #moduleOf(node: OnnxNode, constants: readonly (FileArray | undefined)[], target: TargetLayout): FileModule | null {
    const { operator, inputs, attributes } = node
    const [, kernel, bias] = constants
    const isScaled = /^(Batch|Instance)Normalization$/.test(operator) && !(isAll(1, kernel) && isAll(0, bias))
    const isSloped = operator === 'PRelu' && !isAll(Math.fround(slope), kernel)
    const why = isSloped
      ? ' with slopes of its own'
      : isScaled
        ? ' with a scale or offset of its own'
        : operator === 'Conv' && (attributes.group ?? 1) !== 1
          ? ' in groups'
          : ''
    // What it normalises by is found anew, on the reference batch of the target.
    if (why !== '' || unknown.test(operator) || (operator === 'BatchNormalization' && !hasStatistics(target)))
      throw badInput(
        this.#file,
        `it has ${operator}${why}, for which this target has no layer.`,
        'Import networks of layers that the target has; of batch normalisation, fold mean, variance, scale and offset into the kernel and bias before it.',
      )
    if (kernel === undefined || inputs[1] === '') return null
    const own = { name: inputs[1], kernel, ...(bias === undefined ? {} : { bias }) }
    if (operator === 'Conv') return own
    if (operator !== 'Gemm' && operator !== 'MatMul') return null
    if (operator === 'Gemm' && (attributes.transA === 1 || ['alpha', 'beta'].some((name) => (attributes[name] ?? 1) !== 1)))
      throw badInput(this.#file, `${inputs[1]} is not read as a dense layer reads its weights.`, again)
    const dense = operator === 'Gemm' && attributes.transB === 1 ? 'OI' : 'IO'
    return { ...own, graph: { dense, flattened: this.#reads(inputs[0], target.target.input.channels) } }
  }

  /** How the places lie that a dense layer reads: what came before them tells. */
  #reads(value: string, channels: number): 'CHW' | 'HWC' | null {
    for (let name = value, steps = 0; steps < 100_000; steps++) {
      const node = this.#makers.get(name)
      if (node === undefined) return this.#imagesAre(name, channels)
      if (node.operator === 'Transpose') {
        const order = String(node.attributes.perm)
        if (order === '0,2,3,1') return 'HWC'
        if (order === '0,3,1,2') return 'CHW'
      }
      if (node.operator === 'Conv') return 'CHW'
      if (node.operator === 'Gemm' || node.operator === 'MatMul') return null
      name = node.inputs.find((input) => !this.#constants.has(input)) ?? ''
    }
    return null
  }

  #imagesAre(name: string, channels: number): 'CHW' | 'HWC' | null {
    const sizes = sizesOf(this.#model.inputs.find((input) => input.name === name))
    const isFirst = sizes.length === 4 && sizes[1] === channels
    const isLast = sizes.length === 4 && sizes[3] === channels
    return isFirst === isLast ? null : isFirst ? 'CHW' : 'HWC'
  }
}

const sizesOf = (input?: OnnxValue): (number | undefined)[] =>
  (input?.shape ?? []).map((size) => (typeof size === 'number' ? size : undefined))

function transposed({ name, shape: [rows, columns], values }: FileArray): FileArray {
  return { name, shape: [columns, rows], values: strided(values, [columns, rows], [1, columns]) }
}
