/** Reads an ONNX file, anyone's (field numbers from onnx.proto): it shares no code with what writes ours. */
import { fieldsOf, integersOf, join, messages, texts, type Fields } from '../../../../shared/protobuf.ts'
import { toFloat32 } from '../networks/file-arrays.ts'
import { sizeOf } from '../strided.ts'
import type { Attribute, GraphNode, OnnxTensor } from './graph.ts'

export interface OnnxNode extends GraphNode {
  /** Its attributes that are arrays. */
  arrays: ReadonlyMap<string, Fields>
}

/** An input or output. */
export interface OnnxValue {
  name: string
  /** A size that is free has a name, or none; undefined: nothing is said of its shape. */
  shape: (number | string | undefined)[] | undefined
}

export interface OnnxModel {
  irVersion: number
  opset: number
  metadata: Record<string, string>
  nodes: OnnxNode[]
  initializers: Fields[]
  /** Those that no initializer stands for. */
  inputs: OnnxValue[]
  outputs: OnnxValue[]
}

/** @throws Error where it is none */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  const model = fieldsOf(bytes)
  const [graph] = messages(model, 7)
  if (graph === undefined) throw new Error('it has no graph')
  const initializers = messages(graph, 5)
  const given = new Set(initializers.map(nameOf))
  const versions = messages(model, 8).filter((one) => isOnnx(texts(one, 1).at(0) ?? ''))
  return {
    irVersion: integersOf(model, 1)[0],
    // What the standard says of a file that says nothing.
    opset: versions.length === 0 ? 1 : integersOf(versions[0], 2)[0],
    metadata: Object.fromEntries(messages(model, 14).map((entry) => [texts(entry, 1)[0], texts(entry, 2)[0]])),
    nodes: messages(graph, 1).map(nodeOf),
    initializers,
    inputs: messages(graph, 11)
      .map(valueOf)
      .filter(({ name }) => !given.has(name)),
    outputs: messages(graph, 12).map(valueOf),
  }
}

/** Whether a domain of operators is the standard's. */
const isOnnx = (domain: string): boolean => domain === '' || domain === 'ai.onnx'

function nodeOf(node: Fields): OnnxNode {
  const [domain, operator] = [7, 4].map((number) => texts(node, number).at(0) ?? '')
  const attributes = messages(node, 5).map((attribute) => ({ name: texts(attribute, 1)[0] ?? '', attribute }))
  return {
    operator: isOnnx(domain) ? operator : `${domain}.${operator}`,
    inputs: texts(node, 1),
    outputs: texts(node, 2),
    attributes: Object.fromEntries(attributes.map(({ name, attribute }) => [name, attributeOf(attribute)])),
    arrays: new Map(attributes.flatMap(({ name, attribute }) => messages(attribute, 5).map((array) => [name, array]))),
  }
}

/** AttributeProto: type 1 is a number, 2 a whole one, 3 a text, 7 whole numbers. */
function attributeOf(attribute: Fields): Attribute {
  const [type] = integersOf(attribute, 20)
  if (type === 1) {
    const raw = attribute.bytes.get(2)?.[0]
    return raw === undefined ? 0 : new DataView(Uint8Array.from(raw).buffer).getFloat32(0, true)
  }
  if (type === 2) return integersOf(attribute, 3)[0] ?? 0
  if (type === 3) return texts(attribute, 4)[0] ?? ''
  return type === 7 ? wholes(attribute, 8) : null
}

function valueOf(value: Fields): OnnxValue {
  const [shape] = messages(value, 2)
    .flatMap((type) => messages(type, 1))
    .flatMap((tensor) => messages(tensor, 2))
  return {
    name: texts(value, 1)[0] ?? '',
    shape: shape === undefined ? undefined : messages(shape, 1).map((size) => integersOf(size, 1)[0] ?? texts(size, 2)[0]),
  }
}

/** TensorProto.DataType of floating-point numbers, by the names that safetensors has for them. */
const floats: Readonly<Record<number, string>> = { 1: 'F32', 10: 'F16', 11: 'F64', 16: 'BF16' }
const int64 = 7

export interface ReadTensor extends OnnxTensor {
  /** Else whole numbers: shapes, and places along an axis. */
  isFloat: boolean
}

export const nameOf = (tensor: Fields): string => texts(tensor, 8)[0] ?? ''

/** Whether its numbers stand in another file. */
export const liesElsewhere = (tensor: Fields): boolean => integersOf(tensor, 14)[0] === 1

/**
 * @param into is told of what was converted
 * @returns null: they are other numbers, or none
 * @throws Error where they are not as many as they should be
 */
export function readTensor(tensor: Fields, into: { converted: Set<string> }): ReadTensor | null {
  const [type] = integersOf(tensor, 2)
  const raw = tensor.bytes.get(9)?.[0]
  const shape = wholes(tensor, 1)
  const isFloat = type in floats
  if (!isFloat && type !== int64) return null
  const values = isFloat ? toFloat32(floats[type], raw ?? loose(tensor, type), into)! : integersIn(tensor, raw)
  if (values.length !== sizeOf(shape))
    throw new Error(`${nameOf(tensor)} has ${values.length} numbers, and its shape is ${shape.join(' x ')}`)
  return { shape, values, isFloat }
}

/** Not as bytes: of two bytes each, as whole numbers. */
const loose = (tensor: Fields, type: number): Uint8Array =>
  type === 10 || type === 16
    ? new Uint8Array(Uint16Array.from(wholes(tensor, 5)).buffer)
    : join(tensor.bytes.get(type === 11 ? 10 : 4) ?? [])

const integersIn = (tensor: Fields, raw?: Uint8Array): Float32Array =>
  Float32Array.from(raw === undefined ? wholes(tensor, 7) : Array.from(new BigInt64Array(Uint8Array.from(raw).buffer), Number))

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
