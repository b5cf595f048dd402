/**
 * Records ops instead of running them: what is written for handles becomes a graph, which TensorFlow then runs as a
 * whole, on whatever device it has, in one call. Wire format: graph.proto, node_def.proto, attr_value.proto, saved_model.proto.
 */
import { defect } from '../../shared/errors.ts'
import { bytesField, floatField, integerField, join, varint } from '../../shared/protobuf.ts'
import { dataType, shapeAttribute, typeAttribute, type Attribute } from './attributes.ts'
import { Native, type Binding, type Handle } from './native.ts'

/** Attributes that name the type of an input, where they are not `T` of the first one. Negative: from the last one. */
const typedBy: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ArgMax: { T: 0, Tidx: 1 },
  ArgMin: { T: 0, Tidx: 1 },
  AssignVariableOp: { dtype: 1 },
  AvgPoolGrad: { T: 1 },
  Bitcast: { T: 0 },
  Cast: { SrcT: 0 },
  ConcatV2: { T: 0, Tidx: -1 },
  GatherV2: { Tparams: 0, Tindices: 1, Taxis: 2 },
  Max: { T: 0, Tidx: 1 },
  Mean: { T: 0, Tidx: 1 },
  Min: { T: 0, Tidx: 1 },
  OneHot: { T: 2, TI: 0 },
  Pad: { T: 0, Tpaddings: 1 },
  ReadVariableOp: {},
  Reshape: { T: 0, Tshape: 1 },
  ResourceApplyAdam: { T: 3 },
  ReverseV2: { T: 0, Tidx: 1 },
  Slice: { T: 0, Index: 1 },
  SparseSoftmaxCrossEntropyWithLogits: { T: 0, Tlabels: 1 },
  SplitV: { T: 0, Tlen: 1 },
  Sum: { T: 0, Tidx: 1 },
  Tile: { T: 0, Tmultiples: 1 },
  Transpose: { T: 0, Tperm: 1 },
  VarHandleOp: {},
}
/** Attributes that name the type of the output, where it is not the first attribute of {@link typedBy}. */
const typeOfOutput: Readonly<Record<string, string>> = { Cast: 'DstT', ArgMax: 'output_type', ArgMin: 'output_type', Bitcast: 'type' }
const truths = new Set(['Equal'])

/** An array that a graph is fed. */
export interface Feed {
  shape: readonly number[]
  dtype: number
}

/** A graph and the names of what goes in and comes out. */
export interface RecordedGraph {
  model: Uint8Array
  feeds: Readonly<Record<string, Feed>>
  /** Of each output by its name, where it is in the graph. */
  outputs: Readonly<Record<string, string>>
  /** How often each op stands in it. */
  ops: ReadonlyMap<string, number>
}

export class Recorder implements Binding {
  /** Ops on this are recorded. */
  readonly native: Native = new Native(this, true)
  readonly #nodes: Uint8Array[] = []
  readonly #ends: { end: string; dtype: number }[] = []
  readonly #feeds: Record<string, Feed> = {}
  readonly #outputs: Record<string, string> = {}
  readonly #ops = new Map<string, number>()

  /** What the graph is fed under a name. */
  feed(name: string, shape: readonly number[], dtype: number = dataType.float32): Handle {
    this.#feeds[name] = { shape, dtype }
    return this.#node('Placeholder', [typeAttribute('dtype', dtype), shapeAttribute('shape', shape)], [], [dtype], name)[0]
  }

  /** An array that stays on the device from one run to the next. */
  variable(name: string, shape: readonly number[]): Handle {
    const attributes = [
      typeAttribute('dtype', dataType.float32),
      shapeAttribute('shape', shape),
      { name: 'shared_name', type: 0, value: name },
    ]
    return this.#node('VarHandleOp', attributes, [], [dataType.resource], name)[0]
  }

  read(variable: Handle): Handle {
    return this.#node('ReadVariableOp', [typeAttribute('dtype', dataType.float32)], [variable.id], [dataType.float32])[0]
  }

  /**
   * Lets a run that asks for this output do something that has none.
   * @param doing ops without outputs, each with its attributes and inputs
   */
  effect(name: string, doing: readonly (readonly [op: string, inputs: readonly Handle[]])[]): void {
    const done: string[] = []
    for (const [op, inputs] of doing) {
      this.native.runMany(op, [], inputs, 0)
      done.push(`^n${this.#nodes.length - 1}`)
    }
    const nothing = this.native.upload(new Float32Array(1), [1])
    this.output(name, this.#node('Identity', [typeAttribute('T', dataType.float32)], [nothing.id], [dataType.float32], undefined, done)[0])
  }

  output(name: string, { id }: Handle): void {
    this.#outputs[name] = this.#ends[id].end
  }

  /** The graph as TensorFlow reads it: a file `saved_model.pb`, tagged `weightscape`. */
  finish(): RecordedGraph {
    const graph = join([...this.#nodes.map((node) => bytesField(1, node)), bytesField(4, integerField(1, 1000))])
    const meta = join([bytesField(1, bytesField(4, 'weightscape')), bytesField(2, graph)])
    return { model: join([integerField(1, 1), bytesField(2, meta)]), feeds: this.#feeds, outputs: this.#outputs, ops: this.#ops }
  }

  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array | Uint8Array): number {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    const tensor = join([integerField(1, dtype), bytesField(2, shapeMessage(shape)), bytesField(4, bytes)])
    const attributes = [typeAttribute('dtype', dtype), { name: 'value', type: tensorType, value: [...tensor] }]
    return this.#node('Const', attributes, [], [dtype])[0].id
  }

  executeOp(op: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Handle[] {
    const given = new Map(attributes.map((one) => [one.name, one]))
    const types = Object.entries(typedBy[op] ?? { T: 0 })
    const dtypeOf = (input: number) => this.#ends[inputs.at(input)!].dtype
    for (const [name, input] of types) if (!given.has(name)) given.set(name, typeAttribute(name, dtypeOf(input)))
    if (op === 'ConcatV2') given.set('N', { name: 'N', type: 1, value: inputs.length - 1 })
    if (op === 'SplitV') given.set('num_split', { name: 'num_split', type: 1, value: outputs })
    const own = truths.has(op) ? dataType.bool : (given.get(typeOfOutput[op] ?? types[0][0])?.value as number)
    return this.#node(op, [...given.values()], inputs, new Array<number>(outputs).fill(own))
  }

  deleteTensor(): void {
    // A graph frees what is spent by itself.
  }

  tensorDataSync(): never {
    throw defect('What is recorded has no numbers yet.')
  }

  getNumOfTensors(): number {
    return this.#ends.length
  }

  /** @param after ops to be done before, as inputs name them */
  #node(
    op: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: readonly number[],
    name = `n${this.#nodes.length}`,
    after: readonly string[] = [],
  ): Handle[] {
    const fields = [
      bytesField(1, name),
      bytesField(2, op),
      ...[...inputs.map((id) => this.#ends[id].end), ...after].map((end) => bytesField(3, end)),
      ...attributes.map((one) => bytesField(5, join([bytesField(1, one.name), bytesField(2, valueMessage(one))]))),
    ]
    this.#nodes.push(join(fields))
    this.#ops.set(op, (this.#ops.get(op) ?? 0) + 1)
    return outputs.map((dtype, i) => ({ id: this.#ends.push({ end: `${name}:${i}`, dtype }) - 1, shape: [], dtype }))
  }
}

/** Beside TF_AttrType: the bytes of a TensorProto. */
const tensorType = 6

const shapeMessage = (shape: readonly number[]): Uint8Array => join(shape.map((side) => bytesField(2, integerField(1, side))))

/** An AttrValue. */
function valueMessage({ type, value }: Attribute): Uint8Array {
  if (type === 0) return bytesField(2, value as string)
  if (type === 1 && typeof value === 'object') return bytesField(1, bytesField(3, join(value.map(varint))))
  if (type === 1) return integerField(3, value as number)
  if (type === 2) return floatField(4, value as number)
  if (type === 3) return integerField(5, value === true ? 1 : 0)
  if (type === 4) return integerField(6, value as number)
  if (type === 5) return bytesField(7, shapeMessage(value as readonly number[]))
  return bytesField(8, Uint8Array.from(value as readonly number[]))
}
