/** Reads an ONNX file and follows its graph in plain loops: an independent reader, for checks of what we write. */
import { places, type OnnxAttribute, type OnnxOperator, type OnnxTensor } from '../../../../layers/exports.ts'
import { activationOperators } from '../../../../layers/activation.ts'
import { arrayOperators, broadcasting } from './array-operators.ts'
import { fieldsOf, integersOf, messages, texts, type Fields } from '../../../../shared/protobuf.ts'
import { layerKinds, type LayerKinds } from '../../../../layers/registry.ts'

export interface OnnxNode {
  operator: string
  inputs: string[]
  output: string
  attributes: Readonly<Record<string, OnnxAttribute>>
}

export interface OnnxModel {
  irVersion: number
  opset: number
  metadata: Record<string, string>
  nodes: OnnxNode[]
  initializers: Record<string, OnnxTensor>
  input: { name: string; shape: (number | string)[] }
  outputs: { name: string; shape: (number | string)[] }[]
}

export function readOnnx(bytes: Uint8Array): OnnxModel {
  const model = fieldsOf(bytes)
  const [graph] = messages(model, 7)
  return {
    irVersion: integersOf(model, 1)[0],
    opset: integersOf(messages(model, 8)[0], 2)[0],
    metadata: Object.fromEntries(messages(model, 14).map((entry) => [texts(entry, 1)[0], texts(entry, 2)[0]])),
    nodes: messages(graph, 1).map((node) => ({
      operator: texts(node, 4)[0],
      inputs: texts(node, 1),
      output: texts(node, 2)[0],
      attributes: Object.fromEntries(messages(node, 5).map((attribute) => [texts(attribute, 1)[0], attributeOf(attribute)])),
    })),
    initializers: Object.fromEntries(
      messages(graph, 5).map((tensor) => [texts(tensor, 8)[0], { shape: integersOf(tensor, 1), values: numbersOf(tensor) }]),
    ),
    input: valueOf(messages(graph, 11)[0]),
    outputs: messages(graph, 12).map(valueOf),
  }
}

/** Of a TensorProto: floats, or 64-bit integers that are small. */
function numbersOf(tensor: Fields): Float32Array {
  const { buffer } = Uint8Array.from(tensor.bytes.get(9)![0])
  return integersOf(tensor, 2)[0] === 7 ? Float32Array.from(new BigInt64Array(buffer), Number) : new Float32Array(buffer)
}

function attributeOf(attribute: Fields): OnnxAttribute {
  const [type] = integersOf(attribute, 20)
  if (type === 2) return integersOf(attribute, 3)[0]
  if (type === 3) return texts(attribute, 4)[0]
  return integersOf(attribute, 8)
}

function valueOf(value: Fields): { name: string; shape: (number | string)[] } {
  const [tensor] = messages(messages(value, 2)[0], 1)
  const sizes = messages(messages(tensor, 2)[0], 1)
  return { name: texts(value, 1)[0], shape: sizes.map((size) => integersOf(size, 1)[0] ?? texts(size, 2)[0]) }
}

/** @param kinds the kinds of layers whose operators there are @returns its first output */
export const runOnnx = (model: OnnxModel, input: OnnxTensor, kinds: LayerKinds = layerKinds): OnnxTensor =>
  followOnnx(model, input, kinds)[model.outputs[0].name]

/** @returns all that is computed, by name */
export function followOnnx(model: OnnxModel, input: OnnxTensor, kinds: LayerKinds = layerKinds): Record<string, OnnxTensor> {
  const operators = onnxOperators(kinds)
  const values: Record<string, OnnxTensor> = { ...model.initializers, [model.input.name]: input }
  for (const { operator, inputs, output, attributes } of model.nodes) {
    const operands = inputs.map((name) => values[name])
    if (!Object.hasOwn(operators, operator)) throw new Error(`operator ${operator}`)
    values[output] = operators[operator](operands, attributes)
  }
  return values
}

/** All that are known, by their names: with the attributes that this lab writes, and no others. */
export const onnxOperators = (kinds: LayerKinds = layerKinds): Readonly<Record<string, OnnxOperator>> =>
  Object.assign({}, arrayOperators, commonOperators, ...Object.values(kinds).map((kind) => kind.onnxOperators), broadcasting) as Readonly<
    Record<string, OnnxOperator>
  >

/** As the operators' specification says (onnx.ai, "Operators"): those of every network; the others stand with their kind of layer. */
const commonOperators: Readonly<Record<string, OnnxOperator>> = {
  Transpose: ([{ shape, values }], { perm }) => {
    const order = perm as number[]
    const turned = order.map((axis) => shape[axis])
    const result = new Float32Array(values.length)
    for (let i = 0; i < values.length; i++) {
      const from = places(i, shape)
      let to = 0
      order.forEach((axis, k) => {
        to = to * turned[k] + from[axis]
      })
      result[to] = values[i]
    }
    return { shape: turned, values: result }
  },
  ...activationOperators,
  Flatten: ([{ shape, values }]) => ({ shape: [shape[0], values.length / shape[0]], values }),
  Softmax: ([{ shape, values }]) => {
    const width = shape[shape.length - 1]
    const result = new Float32Array(values.length)
    for (let from = 0; from < result.length; from += width) {
      const row = values.subarray(from, from + width)
      const largest = row.reduce((a, b) => Math.max(a, b))
      const powers = Array.from(row, (value) => Math.exp(value - largest))
      const sum = powers.reduce((a, b) => a + b, 0)
      powers.forEach((power, k) => (result[from + k] = power / sum))
    }
    return { shape, values: result }
  },
}
