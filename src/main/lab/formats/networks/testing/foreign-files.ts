/** Networks as other programs keep them, from this lab's flat weights. */
import { bytesField, floatField, integerField, join } from '../../../../../shared/protobuf.ts'
import type { TargetLayout } from '../../../../../shared/target-layout.ts'

export interface Tensor {
  name: string
  shape: readonly number[]
  values: Float32Array
}

/** Numbers of an array under other axes: `axes[i]` is the axis that becomes the i-th. */
function permuted({ name, shape, values }: Tensor, axes: readonly number[]): Tensor {
  const turned = axes.map((axis) => shape[axis])
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  const result = Float32Array.from(values, (_, at) => {
    let rest = at
    let from = 0
    for (let i = axes.length - 1; i >= 0; i--) {
      from += (rest % turned[i]) * strides[axes[i]]
      rest = Math.floor(rest / turned[i])
    }
    return values[from]
  })
  return { name, shape: turned, values: result }
}

/** The same array, its numbers in Fortran's order. */
export function inFortran(array: Tensor): Tensor {
  const { values } = permuted(
    array,
    array.shape.map((_, i) => array.shape.length - 1 - i),
  )
  return { ...array, values }
}

/** A state_dict: kernels [out, in, height, width] and [out, in], dense layers that read one channel after the other. @param names of the layers */
export function torchState({ weighted }: TargetLayout, weights: Float32Array, names: readonly string[], prefix = ''): Tensor[] {
  return weighted.flatMap(({ arrays, input }, i) =>
    arrays.map(({ name, shape, offset, size }): Tensor => {
      const own = {
        name: `${prefix}${names[i]}.${name === 'kernel' ? 'weight' : name}`,
        shape,
        values: weights.slice(offset, offset + size),
      }
      if (shape.length === 4) return permuted(own, [3, 2, 0, 1])
      if (shape.length === 1) return own
      const images = permuted({ ...own, shape: [...input, shape[1]] }, [3, 2, 0, 1])
      return { ...images, shape: [shape[1], shape[0]] }
    }),
  )
}

/** As safetensors' own writer: sorted by name. */
export function tensorsFile(arrays: readonly Tensor[], dtype: 'F32' | 'F64' | 'F16' | 'BF16' | 'I8' = 'F32'): Uint8Array {
  const header: Record<string, unknown> = {}
  const parts: Buffer[] = []
  let at = 0
  for (const { name, shape, values } of arrays.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const bytes = Buffer.from(bytesOf(values, dtype))
    header[name] = { dtype, shape, data_offsets: [at, (at += bytes.length)] }
    parts.push(bytes)
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, ...parts])
}

function bytesOf(values: Float32Array, dtype: string): ArrayBuffer {
  if (dtype === 'F64') return Float64Array.from(values).buffer
  if (dtype === 'F16') return Float16Array.from(values).buffer
  if (dtype === 'BF16') return Uint16Array.from(new Uint32Array(Float32Array.from(values).buffer), (bits) => bits >>> 16).buffer
  return dtype === 'I8' ? Int8Array.from(values).buffer : Float32Array.from(values).buffer
}

/** Operator, with its domain before it where it has one; constants beside what came before; attributes. */
export type GraphStep = readonly [
  operator: string,
  constants?: readonly string[],
  attributes?: Readonly<Record<string, number | readonly number[]>>,
]

/** Operator, name of what it reads, name of what it gives, attributes. */
type FoldedStep = readonly [operator: string, of: string, as: string, attributes?: GraphStep[2]]

/**
 * A chain of operators as an ONNX file, with numbers called `number.mean` (0.5) and `number.deviation` (0.25) beside the arrays.
 * @param output one of `out.0`, `out.1`, ...; absent: the last
 * @param folded what is computed of arrays alone, before anything else
 * @param asNodes whether each array is what a node gives, and has no name of its own
 * @param asInputs whether the arrays are inputs as well, before the image, as files had them once
 */
export function onnxFile(
  steps: readonly GraphStep[],
  arrays: readonly Tensor[],
  shape: readonly number[],
  { output = `out.${steps.length - 1}`, opset = 13, asInputs = false, asNodes = false, folded = [] as readonly FoldedStep[] } = {},
): Uint8Array {
  const tensor = ({ name, shape: sizes, values }: Tensor) =>
    join([
      ...sizes.map((size) => integerField(1, size)),
      integerField(2, 1),
      ...(asNodes ? [] : [bytesField(8, name)]),
      bytesField(9, new Uint8Array(Float32Array.from(values).buffer)),
    ])
  const attribute = ([name, value]: [string, number | readonly number[]]) =>
    typeof value !== 'number'
      ? join([bytesField(1, name), ...value.map((one) => integerField(8, one)), integerField(20, 7)])
      : name === 'alpha' || name === 'beta'
        ? join([bytesField(1, name), floatField(2, value), integerField(20, 1)])
        : join([bytesField(1, name), integerField(3, value), integerField(20, 2)])
  const node = (operator: string, inputs: readonly string[], output: string, attributes: NonNullable<GraphStep[2]> = {}) =>
    join([
      ...inputs.map((name) => bytesField(1, name)),
      bytesField(2, output),
      bytesField(4, operator.split('.').at(-1)!),
      bytesField(7, operator.split('.').slice(0, -1).join('.')),
      ...Object.entries(attributes).map((one) => bytesField(5, attribute(one))),
    ])
  const constant = (array: Tensor) =>
    join([
      bytesField(2, array.name),
      bytesField(4, 'Constant'),
      bytesField(5, join([bytesField(1, 'value'), bytesField(5, tensor(array)), integerField(20, 4)])),
    ])
  const numbers = [
    { name: 'number.mean', shape: [1], values: Float32Array.of(0.5) },
    { name: 'number.deviation', shape: [1], values: Float32Array.of(0.25) },
  ]
  const nodes = [
    ...(asNodes ? [...arrays, ...numbers].map(constant) : []),
    ...folded.map(([operator, of, as, attributes]) => node(operator, [of], as, attributes)),
    ...steps.map(([operator, constants = [], attributes], i) =>
      node(operator, [i === 0 ? 'input' : `out.${i - 1}`, ...constants], `out.${i}`, attributes),
    ),
  ]
  const value = (name: string, sizes: readonly number[]) =>
    join([
      bytesField(1, name),
      bytesField(
        2,
        bytesField(1, join([integerField(1, 1), bytesField(2, join(sizes.map((size) => bytesField(1, integerField(1, size)))))])),
      ),
    ])
  return join([
    integerField(1, 7),
    bytesField(8, integerField(2, opset)),
    bytesField(
      7,
      join([
        ...nodes.map((one) => bytesField(1, one)),
        ...(asNodes ? [] : [...arrays, ...numbers].map((array) => bytesField(5, tensor(array)))),
        ...(asInputs ? [...arrays, ...numbers].map((array) => bytesField(11, value(array.name, array.shape))) : []),
        bytesField(11, value('input', shape)),
        bytesField(12, value(output, [shape[0], 4])),
      ]),
    ),
  ])
}
