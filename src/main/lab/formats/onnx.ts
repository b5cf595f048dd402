/**
 * Networks as ONNX models (opset 13, IR version 7; field numbers from onnx.proto): one, several that vote, or what makes them.
 * Networks take `images` [n, height, width, channels] with values in [0, 1] and give `probabilities` [n, classes].
 */
import type { NamedArray, OnnxAttribute, OnnxGraph } from '../../../layers/exports.ts'
import type { ExportedGenerator } from '../../../methods/exported-generator.ts'
import type { LayerLayout, TargetLayout } from '../../../shared/target-layout.ts'
import { arraysOf, bytesOf } from './named-arrays.ts'
import { bytesField, integerField, join } from '../../../shared/protobuf.ts'
import type { Field } from '../../../shared/protobuf.ts'

/** TensorProto.DataType */
const float = 1
const int64 = 7

type Metadata = Readonly<Record<string, string>>

/** One network. @returns the bytes of a ModelProto */
export function onnxModel(layout: TargetLayout, weights: Float32Array, metadata: Metadata): Uint8Array {
  const built = new Graph('images')
  addChain(built, layout.layers, weights)
  built.add('Softmax', [], { axis: -1 }, 'probabilities')
  return model(built, 'network', imagesOf(layout), [answer('probabilities', layout)], metadata)
}

/**
 * Several networks that vote: the mean of their `probabilities`, and `votes`, the share of them that each class is the answer of.
 * @param weights of complete networks, one behind the other
 */
export function onnxEnsemble(layout: TargetLayout, weights: Float32Array, metadata: Metadata): Uint8Array {
  const built = new Graph('images')
  const { completeCount, classes } = layout
  const depth = built.integers([classes])
  const offOn = built.constant({ name: 'off_on', shape: [2], values: Float32Array.of(0, 1) })
  const members = Array.from({ length: weights.length / completeCount }, (_, i) => {
    built.begin('images', `networks.${i}.`)
    addChain(built, layout.layers, weights.subarray(i * completeCount, (i + 1) * completeCount))
    built.add('Softmax', [], { axis: -1 })
    const probabilities = built.current
    built.add('ArgMax', [], { axis: -1, keepdims: 0 })
    built.add('OneHot', [depth, offOn], { axis: -1 })
    return { probabilities, vote: built.current }
  })
  for (const [key, name] of [
    ['probabilities', 'probabilities'],
    ['vote', 'votes'],
  ] as const) {
    const [first, ...others] = members.map((member) => member[key])
    built.current = first
    built.add('Mean', others, {}, name)
  }
  return model(built, 'ensemble', imagesOf(layout), [answer('probabilities', layout), answer('votes', layout)], metadata)
}

/** From `z` [n, latent] to the arrays of n networks, by the names that one network's have. */
export function onnxGenerator(generator: ExportedGenerator, metadata: Metadata): Uint8Array {
  const built = new Graph('z')
  const outputs = generator.addTo(built).map(({ name, shape }) => value(name, ['n', ...shape]))
  return model(built, 'generator', value('z', ['n', generator.latent]), outputs, metadata)
}

const imagesOf = ({ target: { input } }: TargetLayout): Uint8Array => value('images', ['n', input.height, input.width, input.channels])
const answer = (name: string, { classes }: TargetLayout): Uint8Array => value(name, ['n', classes])

function model(built: Graph, name: string, input: Uint8Array, outputs: readonly Uint8Array[], metadata: Metadata): Uint8Array {
  return join([
    integerField(1, 7),
    bytesField(2, 'Weightscape'),
    ...Object.entries(metadata).map(([key, text]) => bytesField(14, join([bytesField(1, key), bytesField(2, text)]))),
    bytesField(8, join([bytesField(1, ''), integerField(2, 13)])),
    bytesField(
      7,
      join([
        ...built.nodes,
        bytesField(2, name),
        ...built.initializers,
        bytesField(11, input),
        ...outputs.map((output) => bytesField(12, output)),
      ]),
    ),
  ])
}

/** How what has been computed lies: ONNX works on places channels first; images come, and dense layers expect them, channels last. */
type Order = 'last' | 'first' | 'flat'

class Graph implements OnnxGraph {
  current: string
  order: Order = 'last'
  readonly nodes: Field[] = []
  readonly initializers: Field[] = []
  readonly #constants = new Set<string>()
  /** Before the names of a network's arrays, where there are several networks. */
  #prefix = ''

  constructor(input: string) {
    this.current = input
  }

  /** Begins another network behind the same input. */
  begin(input: string, prefix: string): void {
    this.current = input
    this.order = 'last'
    this.#prefix = prefix
  }

  add(operator: string, inputs: readonly string[] = [], attributes: Readonly<Record<string, OnnxAttribute>> = {}, output?: string): void {
    const name = output ?? `${operator.toLowerCase()}_${this.nodes.length}`
    const read = [this.current, ...inputs].map((input) => bytesField(1, input))
    const described = Object.entries(attributes).map(([key, its]) => bytesField(5, attribute(key, its)))
    this.nodes.push(bytesField(1, join([...read, bytesField(2, name), bytesField(3, name), bytesField(4, operator), ...described])))
    this.current = name
  }

  constant({ name, shape, values }: NamedArray): string {
    return this.#keep(`${this.#prefix}${name}`, float, shape, bytesOf(values))
  }

  integers(values: readonly number[]): string {
    return this.#keep(`integers_${values.join('_')}`, int64, [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer))
  }

  #keep(name: string, type: number, shape: readonly number[], bytes: Uint8Array): string {
    if (!this.#constants.has(name)) this.initializers.push(tensor(name, type, shape, bytes))
    this.#constants.add(name)
    return name
  }

  bringTo(order: 'first' | 'flat'): void {
    // What is flat already has its channels first.
    if (this.order === order || this.order === 'flat') return
    if (order === 'first') this.add('Transpose', [], { perm: [0, 3, 1, 2] })
    else {
      if (this.order === 'first') this.add('Transpose', [], { perm: [0, 2, 3, 1] })
      this.add('Flatten', [], { axis: 1 })
    }
    this.order = order
  }
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
function tensor(name: string, type: number, shape: readonly number[], bytes: Uint8Array): Field {
  return bytesField(
    5,
    join([...shape.map((size) => integerField(1, size)), integerField(2, type), bytesField(8, name), bytesField(9, bytes)]),
  )
}

/** AttributeProto: its type is 2 for an integer, 3 for a text, 7 for integers. */
function attribute(name: string, its: OnnxAttribute): Uint8Array {
  if (typeof its === 'number') return join([bytesField(1, name), integerField(3, its), integerField(20, 2)])
  if (typeof its === 'string') return join([bytesField(1, name), bytesField(4, its), integerField(20, 3)])
  return join([bytesField(1, name), ...its.map((number) => integerField(8, number)), integerField(20, 7)])
}

/** ValueInfoProto of a float tensor; a text stands for a size that is free. */
function value(name: string, shape: readonly (number | string)[]): Uint8Array {
  const sizes = shape.map((size) => bytesField(1, typeof size === 'number' ? integerField(1, size) : bytesField(2, size)))
  const type = bytesField(1, join([integerField(1, float), bytesField(2, join(sizes))]))
  return join([bytesField(1, name), bytesField(2, type)])
}
