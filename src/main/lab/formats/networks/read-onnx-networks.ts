/**
 * Weights of an ONNX file of anyone's (field numbers from onnx.proto). The graph says which weights follow which, how the
 * kernel of a dense layer lies, and in which order it reads the places of an image.
 */
import { slope } from '../../../../layers/activation.ts'
import type { OnnxAttribute, OnnxTensor } from '../../../../layers/exports.ts'
import { badInput, damaged } from '../../../data/bad-input.ts'
import { fieldsOf, integersOf, join, messages, texts, type Fields } from '../../../../shared/protobuf.ts'
import { hasStatistics, type TargetLayout } from '../../../../shared/target-layout.ts'
import { requireRoom, toFloat32, type FileArray } from './file-arrays.ts'
import type { FileModule, FileNetworks, ImageGraph } from './file-networks.ts'

interface Node {
  operator: string
  inputs: string[]
  outputs: string[]
  attributes: Map<string, Fields>
}

/** TensorProto.DataType, by the names that safetensors has for them. */
const types: Readonly<Record<number, string>> = { 1: 'F32', 10: 'F16', 11: 'F64', 16: 'BF16' }

const int64 = 7

/** Repeated whole numbers, packed or one by one. */
const wholes = (fields: Fields, number: number): number[] =>
  fields.bytes.has(number) ? fields.bytes.get(number)!.flatMap((packed) => packedNumbers(packed)) : integersOf(fields, number)

/** A packed list as a message of its own: each number behind the tag of field 1. */
function packedNumbers(packed: Uint8Array): number[] {
  const tagged: number[] = []
  let isBegin = true
  for (const byte of packed) {
    if (isBegin) tagged.push(8)
    tagged.push(byte)
    isBegin = byte < 128
  }
  return integersOf(fieldsOf(Uint8Array.from(tagged)), 1)
}

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
  readonly #graph: Fields
  readonly converted = new Set<string>()
  readonly #constants = new Map<string, FileArray>()
  /** Whole numbers: shapes, and places along an axis. */
  readonly #integers = new Map<string, OnnxTensor>()
  /** What computed each value. */
  readonly #makers = new Map<string, Node>()

  constructor(file: string, bytes: Uint8Array) {
    this.#file = file
    requireRoom(file, bytes.length / 4)
    const [graph] = messages(fieldsOf(bytes), 7)
    if (graph === undefined) throw new Error('it has no graph')
    this.#graph = graph
    for (const tensor of messages(graph, 5)) this.#keep(texts(tensor, 8).at(0) ?? '', tensor)
  }

  /** Layers with weights, in the order of the graph. */
  read(target: TargetLayout): FileModule[] {
    const modules: FileModule[] = []
    /** By the name of what it gives, while its bias may still come as an addition. */
    const open = new Map<string, FileModule>()
    for (const node of messages(this.#graph, 1).map(nodeOf)) {
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

  #keep(name: string, tensor: Fields): void {
    const [type] = integersOf(tensor, 2)
    if (integersOf(tensor, 14)[0] === 1) throw badInput(this.#file, `the numbers of ${name} lie in another file.`, again)
    if (type === int64) this.#keepIntegers(name, tensor)
    const raw = tensor.bytes.get(9)?.[0] ?? join(tensor.bytes.get(type === 11 ? 10 : 4) ?? [])
    const shape = wholes(tensor, 1)
    const values = type in types ? toFloat32(types[type], raw, this) : null
    if (values === null) return
    if (values.length !== shape.reduce((a, b) => a * b, 1))
      throw new Error(`${name} has ${values.length} numbers, and its shape is ${shape.join(' x ')}`)
    this.#constants.set(name, { name, shape, values })
  }

  #keepIntegers(name: string, tensor: Fields): void {
    const raw = tensor.bytes.get(9)?.[0]
    const values = raw === undefined ? wholes(tensor, 7) : Array.from(new BigInt64Array(Uint8Array.from(raw).buffer), Number)
    this.#integers.set(name, { shape: wholes(tensor, 1), values: Float32Array.from(values) })
  }

  /** What it computes of its first input, for its first output. */
  computes(): ImageGraph {
    const constants = new Map<string, OnnxTensor>(this.#integers)
    for (const [name, { shape, values }] of this.#constants) constants.set(name, { shape: [...shape], values })
    const [input] = messages(this.#graph, 11).filter((one) => !this.#constants.has(texts(one, 1)[0] ?? ''))
    const [output] = messages(this.#graph, 12)
    return {
      nodes: messages(this.#graph, 1)
        .map(nodeOf)
        .map(({ attributes, ...node }) => ({
          ...node,
          attributes: Object.fromEntries([...attributes].map(([name, attribute]) => [name, valueOf(attribute)])),
        })),
      constants,
      input: input === undefined ? '' : (texts(input, 1)[0] ?? ''),
      output: output === undefined ? '' : (texts(output, 1)[0] ?? ''),
      shape: input === undefined ? [] : sizesOf(input),
    }
  }

  #constant({ outputs, attributes }: Node): void {
    const value = attributes.get('value')
    for (const tensor of value === undefined ? [] : messages(value, 5)) this.#keep(outputs[0], tensor)
  }

  /** What is computed of weights alone. */
  #fold({ operator, outputs, attributes }: Node, [first]: readonly (FileArray | undefined)[]): void {
    if (first === undefined) return
    if (operator === 'Identity') this.#constants.set(outputs[0], first)
    if (operator === 'Transpose' && first.shape.length === 2) {
      const perm = attributes.get('perm')
      if (perm === undefined || wholes(perm, 8).join() === '1,0') this.#constants.set(outputs[0], transposed(first))
    }
  }

  #takesBias({ inputs, outputs }: Node, constants: readonly (FileArray | undefined)[], open: Map<string, FileModule>): boolean {
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

  #moduleOf(node: Node, constants: readonly (FileArray | undefined)[], target: TargetLayout): FileModule | null {
    const { operator, inputs, attributes } = node
    const [, kernel, bias] = constants
    const integer = (name: string): number => integersOf(attributes.get(name) ?? none, 3)[0] ?? 0
    const isScaled = /^(Batch|Instance)Normalization$/.test(operator) && !(isAll(1, kernel) && isAll(0, bias))
    const isSloped = operator === 'PRelu' && !isAll(Math.fround(slope), kernel)
    const why = isSloped
      ? ' with slopes of its own'
      : isScaled
        ? ' with a scale or offset of its own'
        : operator === 'Conv' && integer('group') > 1
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
    if (operator === 'Gemm' && (integer('transA') === 1 || [1, 2].some((name) => !isOne(attributes.get(['', 'alpha', 'beta'][name])))))
      throw badInput(this.#file, `${inputs[1]} is not read as a dense layer reads its weights.`, again)
    const dense = operator === 'Gemm' && integer('transB') === 1 ? 'OI' : 'IO'
    return { ...own, graph: { dense, flattened: this.#reads(inputs[0], target.target.input.channels) } }
  }

  /** How the places lie that a dense layer reads: what came before them tells. */
  #reads(value: string, channels: number): 'CHW' | 'HWC' | null {
    for (let name = value, steps = 0; steps < 100_000; steps++) {
      const node = this.#makers.get(name)
      if (node === undefined) return this.#imagesAre(name, channels)
      const perm = node.attributes.get('perm')
      if (node.operator === 'Transpose' && perm !== undefined) {
        const order = wholes(perm, 8).join()
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
    const input = messages(this.#graph, 11).find((one) => texts(one, 1)[0] === name)
    const sizes = input === undefined ? [] : sizesOf(input)
    const isFirst = sizes.length === 4 && sizes[1] === channels
    const isLast = sizes.length === 4 && sizes[3] === channels
    return isFirst === isLast ? null : isFirst ? 'CHW' : 'HWC'
  }
}

const none: Fields = { integers: new Map(), bytes: new Map() }

const nodeOf = (node: Fields): Node => ({
  operator: texts(node, 4)[0] ?? '',
  inputs: texts(node, 1),
  outputs: texts(node, 2),
  attributes: new Map(messages(node, 5).map((attribute) => [texts(attribute, 1)[0] ?? '', attribute])),
})

/** Sizes of what a ValueInfoProto describes; undefined: any. */
function sizesOf(value: Fields): (number | undefined)[] {
  const [tensor] = messages(messages(value, 2)[0] ?? none, 1)
  const [shape] = tensor === undefined ? [] : messages(tensor, 2)
  return shape === undefined ? [] : messages(shape, 1).map((size) => integersOf(size, 1)[0] as number | undefined)
}

/** AttributeProto: type 1 is a number, 2 a whole one, 3 a text, 7 whole numbers. */
function valueOf(attribute: Fields): OnnxAttribute {
  const [type] = integersOf(attribute, 20)
  if (type === 1) return numberIn(attribute) ?? 0
  if (type === 2) return integersOf(attribute, 3)[0] ?? 0
  return type === 7 ? wholes(attribute, 8) : (texts(attribute, 4)[0] ?? 'of another type')
}

function numberIn(attribute: Fields): number | undefined {
  const raw = attribute.bytes.get(2)?.[0]
  return raw === undefined ? undefined : new DataView(Uint8Array.from(raw).buffer).getFloat32(0, true)
}

/** Of a floating-point attribute, whether it is 1; absent, it is. */
function isOne(attribute: Fields | undefined): boolean {
  return attribute === undefined || (numberIn(attribute) ?? 1) === 1
}

function transposed({ name, shape: [rows, columns], values }: FileArray): FileArray {
  const turned = new Float32Array(values.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column]
  return { name, shape: [columns, rows], values: turned }
}
