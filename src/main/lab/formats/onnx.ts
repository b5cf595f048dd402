/**
 * A network as an ONNX model (opset 13, IR version 7; field numbers from onnx.proto). Input `images`:
 * [n, height, width, channels] with values in [0, 1]; output `probabilities`: [n, classes].
 */
import type { NamedArray, OnnxAttribute, OnnxGraph } from '../../../layers/exports.ts'
import type { LayerLayout, TargetLayout } from '../../../shared/target-layout.ts'
import { writeOutput } from '../../store/files/output.ts'
import { arraysOf, bytesOf } from './named-arrays.ts'
import { bytesField, integerField, join } from '../../../shared/protobuf.ts'
import type { Field } from '../../../shared/protobuf.ts'

/** TensorProto.DataType */
const float = 1

/** @throws LabError `disk` */
export async function writeOnnx(
  path: string,
  layout: TargetLayout,
  weights: Float32Array,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  await writeOutput(path, onnxModel(layout, weights, metadata), 'write the ONNX model')
}

/** The bytes of a ModelProto. */
export function onnxModel(layout: TargetLayout, weights: Float32Array, metadata: Readonly<Record<string, string>>): Uint8Array {
  return join([
    integerField(1, 7),
    bytesField(2, 'Weightscape'),
    ...Object.entries(metadata).map(([key, value]) => bytesField(14, join([bytesField(1, key), bytesField(2, value)]))),
    bytesField(8, join([bytesField(1, ''), integerField(2, 13)])),
    bytesField(7, graph(layout, weights)),
  ])
}

/** How what has been computed lies: ONNX works on places channels first; images come, and dense layers expect them, channels last. */
type Order = 'last' | 'first' | 'flat'

class Graph implements OnnxGraph {
  current = 'images'
  order: Order = 'last'
  readonly nodes: Field[] = []
  readonly initializers: Field[] = []
  readonly #constants = new Set<string>()

  add(operator: string, inputs: readonly string[] = [], attributes: Readonly<Record<string, OnnxAttribute>> = {}, output?: string): void {
    const name = output ?? `${operator.toLowerCase()}_${this.nodes.length}`
    const read = [this.current, ...inputs].map((input) => bytesField(1, input))
    const described = Object.entries(attributes).map(([key, value]) => bytesField(5, attribute(key, value)))
    this.nodes.push(bytesField(1, join([...read, bytesField(2, name), bytesField(3, name), bytesField(4, operator), ...described])))
    this.current = name
  }

  constant({ name, shape, values }: NamedArray): string {
    if (!this.#constants.has(name)) this.initializers.push(tensor(name, shape, values))
    this.#constants.add(name)
    return name
  }

  bringTo(order: 'first' | 'flat'): void {
    if (this.order === order) return
    if (order === 'first') this.add('Transpose', [], { perm: [0, 3, 1, 2] })
    else {
      if (this.order === 'first') this.add('Transpose', [], { perm: [0, 2, 3, 1] })
      this.add('Flatten', [], { axis: 1 })
    }
    this.order = order
  }
}

function graph({ target, layers, classes }: TargetLayout, weights: Float32Array): Uint8Array {
  const { height, width, channels } = target.input
  const built = new Graph()
  addChain(built, layers, weights)
  built.add('Softmax', [], { axis: -1 }, 'probabilities')
  return join([
    ...built.nodes,
    bytesField(2, 'network'),
    ...built.initializers,
    bytesField(11, value('images', ['n', height, width, channels])),
    bytesField(12, value('probabilities', ['n', classes])),
  ])
}

function addChain(built: Graph, chain: readonly LayerLayout[], weights: Float32Array): void {
  for (const one of chain) {
    const { definition, layer, chains, input } = one
    if (definition.places !== 'keeps') built.bringTo(definition.places === 'needs' ? 'first' : 'flat')
    definition.onnx(
      built,
      layer,
      arraysOf(one, weights),
      chains.map((inner) => () => addChain(built, inner, weights)),
      input,
    )
  }
}

/** TensorProto, as a field of GraphProto. */
function tensor(name: string, shape: readonly number[], values: Float32Array): Field {
  return bytesField(
    5,
    join([...shape.map((size) => integerField(1, size)), integerField(2, float), bytesField(8, name), bytesField(9, bytesOf(values))]),
  )
}

/** AttributeProto: its type is 2 for an integer, 3 for a text, 7 for integers. */
function attribute(name: string, value: OnnxAttribute): Uint8Array {
  if (typeof value === 'number') return join([bytesField(1, name), integerField(3, value), integerField(20, 2)])
  if (typeof value === 'string') return join([bytesField(1, name), bytesField(4, value), integerField(20, 3)])
  return join([bytesField(1, name), ...value.map((number) => integerField(8, number)), integerField(20, 7)])
}

/** ValueInfoProto of a float tensor; a text stands for a size that is free. */
function value(name: string, shape: readonly (number | string)[]): Uint8Array {
  const sizes = shape.map((size) => bytesField(1, typeof size === 'number' ? integerField(1, size) : bytesField(2, size)))
  const type = bytesField(1, join([integerField(1, float), bytesField(2, join(sizes))]))
  return join([bytesField(1, name), bytesField(2, type)])
}
