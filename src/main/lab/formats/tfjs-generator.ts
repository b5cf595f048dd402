/**
 * What makes networks, as a TensorFlow.js graph model: `model.json` (nodes of a TensorFlow graph, a weights manifest) and `weights.bin` beside it.
 * Input: `z` [n, latent]; outputs: the arrays of n networks, by the names that one network's have.
 */
import type { io } from '@tensorflow/tfjs-core'
import type { NamedArray, OnnxAttribute, OnnxGraph } from '../../../layers/exports.ts'
import type { ExportedGenerator } from '../../../methods/exported-generator.ts'
import { bytesOf } from './named-arrays.ts'
import { writeModelFolder } from './tfjs.ts'

/** @param folder made if absent @throws LabError `disk` */
export async function writeTfjsGenerator(
  folder: string,
  generator: ExportedGenerator,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const built = new Graph('z', generator.latent)
  const outputs = generator.addTo(built).map(({ name, shape }) => tensor(name, shape))
  await writeModelFolder(folder, Buffer.concat(built.bytes), {
    format: 'graph-model',
    generatedBy: 'Weightscape',
    convertedBy: null,
    userDefinedMetadata: metadata,
    signature: { inputs: Object.fromEntries([tensor('z', [generator.latent])]), outputs: Object.fromEntries(outputs) },
    modelTopology: { node: built.nodes, versions: { producer: 1882 } },
    weightsManifest: [{ paths: ['weights.bin'], weights: built.weights }],
  })
}

/** TensorInfo of n arrays. */
const tensor = (name: string, shape: readonly number[]): [string, object] => [
  name,
  { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: { dim: [-1, ...shape].map((size) => ({ size: String(size) })) } },
]

/** Operators that TensorFlow has under another name, and those that it has under the same. */
const operators: Readonly<Record<string, string>> = {
  ...{ MatMul: 'MatMul', PRelu: 'Prelu', Add: 'AddV2', Sub: 'Sub', Mul: 'Mul', Div: 'RealDiv', Sqrt: 'Sqrt', Reshape: 'Reshape' },
  ...{ Slice: 'StridedSlice', Transpose: 'Transpose', ReduceSumSquare: 'Sum', ReduceMean: 'Mean' },
}

class Graph implements OnnxGraph {
  current: string
  readonly nodes: object[] = []
  readonly weights: io.WeightsManifestEntry[] = []
  readonly bytes: Uint8Array[] = []
  readonly #integers = new Map<string, readonly number[]>()

  constructor(input: string, width: number) {
    this.current = input
    const shape = { dim: [{ size: '-1' }, { size: String(width) }] }
    this.nodes.push({ name: input, op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape } } })
  }

  add(operator: string, inputs: readonly string[] = [], attributes: Readonly<Record<string, OnnxAttribute>> = {}, output?: string): void {
    const op = operators[operator]
    const axes = [attributes['perm'], attributes['axes']].flatMap((its) => (Array.isArray(its) ? [this.integers(its)] : []))
    if (operator === 'ReduceSumSquare') this.#node('Square', [this.current])
    if (operator === 'Slice') {
      const [[from], [to], [axis]] = inputs.map((name) => this.#integers.get(name)!)
      const place = (at: number): string => this.integers([...new Array<number>(axis).fill(0), at])
      // The axes before it are taken whole.
      const mask = { i: String(2 ** axis - 1) }
      const masks = { begin_mask: mask, end_mask: mask }
      this.#node(op, [this.current, place(from), place(to), this.integers(new Array<number>(axis + 1).fill(1))], masks, output)
    } else {
      const keeps = attributes['keepdims'] === undefined ? {} : { keep_dims: { b: attributes['keepdims'] === 1 } }
      this.#node(op, [this.current, ...inputs, ...axes], keeps, output)
    }
  }

  #node(op: string, input: readonly string[], attr: object = {}, name = `${op.toLowerCase()}_${this.nodes.length}`): void {
    this.nodes.push({ name, op, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } })
    this.current = name
  }

  constant({ name, shape, values }: NamedArray): string {
    return this.#keep({ name, shape: [...shape], dtype: 'float32' }, bytesOf(values))
  }

  integers(values: readonly number[]): string {
    const name = `integers_${values.join('_')}`
    this.#integers.set(name, values)
    return this.#keep({ name, shape: [values.length], dtype: 'int32' }, bytesOf(Int32Array.from(values)))
  }

  #keep(entry: io.WeightsManifestEntry, bytes: Uint8Array): string {
    const { name, dtype } = entry
    if (this.weights.some((kept) => kept.name === name)) return name
    this.weights.push(entry)
    this.bytes.push(bytes)
    this.nodes.push({ name, op: 'Const', attr: { dtype: { type: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' } } })
    return name
  }
}
