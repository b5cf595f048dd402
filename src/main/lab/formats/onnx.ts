/**
 * A network as an ONNX model (opset 13, IR version 7; field numbers from onnx.proto). Input `images`:
 * [n, height, width, channels] with values in [0, 1]; output `probabilities`: [n, classes].
 */
import type { Target } from '../../../shared/experiment.ts'
import { writeWhole } from '../../store/files/files.ts'
import { bytesOf, nameArrays } from './named-arrays.ts'
import { bytesField, integerField, join } from './protobuf.ts'
import type { Field } from './protobuf.ts'

/** TensorProto.DataType */
const float = 1

/** @throws LabError `disk` */
export async function writeOnnx(
  path: string,
  target: Target,
  weights: Float32Array,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  await writeWhole(path, onnxModel(target, weights, metadata), 'write the ONNX model')
}

/** The bytes of a ModelProto. */
export function onnxModel(target: Target, weights: Float32Array, metadata: Readonly<Record<string, string>>): Uint8Array {
  return join([
    integerField(1, 7),
    bytesField(2, 'Weightscape'),
    ...Object.entries(metadata).map(([key, value]) => bytesField(14, join([bytesField(1, key), bytesField(2, value)]))),
    bytesField(8, join([bytesField(1, ''), integerField(2, 13)])),
    bytesField(7, graph(target, weights)),
  ])
}

function graph(target: Target, weights: Float32Array): Uint8Array {
  const { height, width, channels } = target.input
  const nodes: Field[] = []
  let current = 'images'
  const add = (operator: string, inputs: string[], attributes: Uint8Array[] = [], output = `${operator.toLowerCase()}_${nodes.length}`) => {
    const fields = [...inputs.map((input) => bytesField(1, input)), bytesField(2, output), bytesField(3, output), bytesField(4, operator)]
    nodes.push(bytesField(1, join([...fields, ...attributes.map((attribute) => bytesField(5, attribute))])))
    current = output
  }

  // ONNX convolves channels first; images come, and dense layers expect them, channels last.
  const initializers: Field[] = []
  const arrays = nameArrays(target, weights)
  let spatial = false
  let flat = false
  for (const [i, layer] of target.layers.entries()) {
    const [kernel, bias] = [arrays[2 * i], arrays[2 * i + 1]]
    initializers.push(tensor(bias.name, bias.shape, bias.values))
    if (layer.kind === 'convolution') {
      if (!spatial) add('Transpose', [current], [integers('perm', [0, 3, 1, 2])])
      spatial = true
      const [rows, columns, inputs, outputs] = kernel.shape
      initializers.push(tensor(kernel.name, [outputs, inputs, rows, columns], filtersFirst(kernel.values, rows * columns, inputs, outputs)))
      add('Conv', [current, kernel.name, bias.name], [text('auto_pad', 'SAME_UPPER'), integers('kernel_shape', [rows, columns])])
      if (layer.activation === 'relu') add('Relu', [current])
      if (layer.pool > 1)
        add(
          'MaxPool',
          [current],
          [
            text('auto_pad', 'SAME_UPPER'),
            integers('kernel_shape', [layer.pool, layer.pool]),
            integers('strides', [layer.pool, layer.pool]),
          ],
        )
      continue
    }
    if (spatial) add('Transpose', [current], [integers('perm', [0, 2, 3, 1])])
    spatial = false
    if (!flat) add('Flatten', [current], [integer('axis', 1)])
    flat = true
    initializers.push(tensor(kernel.name, kernel.shape, kernel.values))
    add('Gemm', [current, kernel.name, bias.name])
    if (layer.activation === 'relu') add('Relu', [current])
  }
  add('Softmax', [current], [integer('axis', -1)], 'probabilities')

  const classes = arrays[arrays.length - 1].shape[0]
  return join([
    ...nodes,
    bytesField(2, 'network'),
    ...initializers,
    bytesField(11, value('images', ['n', height, width, channels])),
    bytesField(12, value('probabilities', ['n', classes])),
  ])
}

/** [positions, inputs, outputs] to [outputs, inputs, positions]. */
function filtersFirst(kernel: Float32Array, positions: number, inputs: number, outputs: number): Float32Array {
  const turned = new Float32Array(kernel.length)
  for (let position = 0; position < positions; position++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++)
        turned[(output * inputs + input) * positions + position] = kernel[(position * inputs + input) * outputs + output]
    }
  }
  return turned
}

/** TensorProto, as a field of GraphProto. */
function tensor(name: string, shape: readonly number[], values: Float32Array): Field {
  return bytesField(
    5,
    join([...shape.map((size) => integerField(1, size)), integerField(2, float), bytesField(8, name), bytesField(9, bytesOf(values))]),
  )
}

/** AttributeProto: its type is 2 for an integer, 3 for a text, 7 for integers. */
function integer(name: string, number: number): Uint8Array {
  return join([bytesField(1, name), integerField(3, number), integerField(20, 2)])
}

function text(name: string, value: string): Uint8Array {
  return join([bytesField(1, name), bytesField(4, value), integerField(20, 3)])
}

function integers(name: string, numbers: readonly number[]): Uint8Array {
  return join([bytesField(1, name), ...numbers.map((number) => integerField(8, number)), integerField(20, 7)])
}

/** ValueInfoProto of a float tensor; a text stands for a size that is free. */
function value(name: string, shape: readonly (number | string)[]): Uint8Array {
  const sizes = shape.map((size) => bytesField(1, typeof size === 'number' ? integerField(1, size) : bytesField(2, size)))
  const type = bytesField(1, join([integerField(1, float), bytesField(2, join(sizes))]))
  return join([bytesField(1, name), bytesField(2, type)])
}
