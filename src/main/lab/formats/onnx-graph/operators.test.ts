/** Operators one by one, in files of the onnx package: what ONNX Runtime makes of them (testing/onnx-runtime.py). */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { runOnnx } from '../check/run-onnx.ts'
import { follow } from './follow-graph.ts'
import { NotFollowed, type Attribute, type GraphNode } from './graph.ts'
import { readOnnx } from './read-onnx.ts'

interface Numbers {
  shape: number[]
  values: number[]
}
interface Case {
  name: string
  model: string
  input: Numbers
  output: Numbers
}

const cases = JSON.parse(readFileSync(new URL('testing/onnx-runtime.json', import.meta.url), 'utf8')) as Case[]

it.each(cases)('$name', ({ model, input: { shape, values }, output }) => {
  const found = runOnnx(readOnnx(Buffer.from(model, 'base64')), { shape, values: Float32Array.from(values) })
  expect(found.shape).toEqual(output.shape)
  expect(found.values).toHaveLength(output.values.length)
  output.values.forEach((value, i) => expect(Math.abs(found.values[i] - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value))))
})

const filled = (...shape: number[]) => ({ shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1) })
const list = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) })
type Refused = [
  operator: string,
  operands: ReturnType<typeof filled>[],
  attributes: Record<string, Attribute>,
  found: string,
  opset?: number,
]
const image = filled(1, 2, 5, 5)
const side = { kernel_shape: [2, 2] }

it.each<Refused>([
  ['Mystery', [image], {}, 'Mystery'],
  ['Relu', [image], { slope: 1 }, 'Relu with slope 1'],
  ['Relu', [image], {}, 'opset 6', 6],
  ['Relu', [image, image], {}, 'Relu of 2 inputs'],
  ['Conv', [image, filled(1, 2, 2, 2)], { auto_pad: 'SAME' }, 'Conv with auto_pad SAME'],
  ['Conv', [image, filled(1, 2, 2, 2)], { group: 2 }, 'Conv with group 2'],
  ['Conv', [image, filled(1, 2, 2, 2)], { pads: [1, 1] }, 'Conv with pads 1,1'],
  ['Conv', [image, filled(1, 2, 2, 2)], { dilations: [2, 2], auto_pad: 'SAME_UPPER' }, 'dilations with auto_pad SAME_UPPER'],
  ['Conv', [image, filled(1, 1, 2, 2)], {}, 'Conv of these shapes'],
  ['Conv', [image, filled(1, 2, 2, 2)], { kernel_shape: [3, 3] }, 'Conv of these shapes'],
  ['Conv', [image, filled(1, 2, 2, 2), filled(2)], {}, 'Conv of these shapes'],
  ['Conv', [filled(1, 2, 5), filled(1, 2, 2)], {}, 'windows over other than two axes'],
  ['MaxPool', [image], {}, 'MaxPool of these shapes'],
  ['MaxPool', [image], { ...side, storage_order: 1 }, 'MaxPool with storage_order 1'],
  ['AveragePool', [image], { ...side, dilations: [2, 1] }, 'AveragePool with dilations 2,1'],
  ['Gemm', [filled(2, 3), filled(2, 3)], {}, 'Gemm of these shapes'],
  ['Gemm', [filled(2, 3), filled(3, 4), filled(2)], {}, 'Gemm of these shapes'],
  ['MatMul', [filled(2, 3), filled(2, 3, 4)], {}, 'MatMul of these shapes'],
  ['Add', [filled(2, 3), filled(2)], {}, 'Add of these shapes'],
  ['Add', [filled(2, 3)], {}, 'Add of these shapes'],
  ['PRelu', [filled(1, 2), filled(3, 2)], {}, 'PRelu of these shapes'],
  ['Softmax', [filled(2, 3, 4)], { axis: 1 }, 'Softmax along axis 1 of 3'],
  ['Softmax', [filled(2, 3, 4)], {}, 'Softmax along axis 1 of 3', 12],
  ['InstanceNormalization', [image, filled(3), filled(3)], {}, 'InstanceNormalization of these shapes'],
  [
    'BatchNormalization',
    [image, ...Array.from({ length: 4 }, () => filled(2))],
    { training_mode: 1 },
    'BatchNormalization with training_mode 1',
  ],
  ['Dropout', [image, filled(), filled()], {}, 'Dropout of 3 inputs'],
  ['Cast', [image], { to: 7 }, 'Cast with to 7'],
  ['Transpose', [image], { perm: [0, 1, 1, 2] }, 'Transpose of these shapes'],
  ['Reshape', [filled(2, 3), list(4)], {}, 'Reshape of these shapes'],
  ['Reshape', [filled(2, 3), list(4, -1)], {}, 'Reshape of these shapes'],
  ['Reshape', [filled(2, 3), list(0, -1)], { allowzero: 1 }, 'Reshape with allowzero 1'],
  ['Slice', [image, list(0, 0), list(1, 1)], {}, 'Slice along several axes, or with steps'],
  ['Slice', [image, list(0), list(1), list(0), list(2)], {}, 'Slice along several axes, or with steps'],
  ['Gather', [list(1, 2), list(2)], {}, 'Gather of these shapes'],
  ['Gather', [filled(2, 2), list(0)], {}, 'a place along one of 2 axes'],
])('%s of what it is not known for is not followed', (operator, operands, attributes, found, opset = 21) => {
  const names = operands.map((_, i) => `value ${i}`)
  const constants = new Map(operands.map((one, i) => [names[i], one]))
  const nodes = [{ operator, inputs: names, outputs: ['y'], attributes }]
  expect(() => follow({ opset, nodes, constants, input: names[0], outputs: ['y'] }, operands[0])).toThrow(
    expect.objectContaining({ constructor: NotFollowed, message: found }) as Error,
  )
})

const graph = (nodes: GraphNode[], output: string) => ({ opset: 21, nodes, constants: new Map(), input: 'x', outputs: [output] })
const node = (operator: string, inputs: string[], output: string, attributes = {}): GraphNode => ({ operator, inputs, outputs: [output], attributes }) // prettier-ignore

it('what all operators take together has a limit', () => {
  const nodes = Array.from({ length: 3 }, (_, i) => node('Add', [i === 0 ? 'x' : `y${i - 1}`, 'x'], `y${i}`))
  // Each adds up two arrays of 10 numbers.
  expect(follow(graph(nodes, 'y2'), filled(10), { numbers: 10, work: 60 }).y2.values).toEqual(new Float32Array(10).fill(4))
  expect(() => follow(graph(nodes, 'y2'), filled(10), { numbers: 10, work: 59 })).toThrow('more than is computed here')
})

it('an input that nothing gives is not one that is left out', () => {
  const constants = new Map([['kernel', filled(1, 2, 2, 2)]])
  const asked = (bias: string) => ({ ...graph([node('Conv', ['x', 'kernel', bias], 'y')], 'y'), constants })
  expect(follow(asked(''), image).y.values).toEqual(new Float32Array(16).fill(8))
  expect(() => follow(asked('bias'), image)).toThrow('Conv of bias')
})

it('of places one is hot each, counted from the end where they lie below 0, and none of those beyond', () => {
  const constants = new Map([
    ['depth', list(3)],
    ['offOn', list(5, 7)],
  ])
  const { y } = follow({ ...graph([node('OneHot', ['x', 'depth', 'offOn'], 'y', { axis: -1 })], 'y'), constants }, list(2, 0, -1, 3, -4))
  expect(y.shape).toEqual([5, 3])
  expect([...y.values]).toEqual([5, 5, 7, 7, 5, 5, 5, 5, 7, 5, 5, 5, 5, 5, 5])
})
