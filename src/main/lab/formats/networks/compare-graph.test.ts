/** Graphs of other programs: what they compute is what the target must compute with their weights. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Target } from '../../../../shared/experiment.ts'
import { layOut } from '../../../../shared/target-layout.ts'
import { onnxModel } from '../onnx.ts'
import { readNetworkFiles } from './read-networks.ts'
import { onnxFile, torchState, type GraphStep } from './testing/foreign-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'graphs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const target: Target = {
  input: { height: 6, width: 6, channels: 2 },
  layers: [
    { kind: 'convolution', kernel: 3, filters: 3, activation: 'relu' },
    { kind: 'max-pool', size: 2 },
    { kind: 'dense', units: 4, activation: 'none' },
  ],
}
const weightsOf = (of: Target) => Float32Array.from({ length: layOut(of).weightCount }, (_, i) => Math.fround(Math.sin(1.7 * i + 0.3)))
const read = (bytes: Uint8Array, of: Target = target) => {
  const path = join(folder, 'network.onnx')
  writeFileSync(path, bytes)
  return readNetworkFiles({ paths: [path], target: of, tried: 2 })
}

const windows = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1], dilations: [1, 1], group: 1 }
const halves = { kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], ceil_mode: 0 }
const gemm = { transB: 1, alpha: 1.0, beta: 1.0 }
const conv: GraphStep = ['Conv', ['conv.weight', 'conv.bias'], windows]
const pooled: GraphStep = ['MaxPool', [], halves]
const dense: GraphStep = ['Gemm', ['fc.weight', 'fc.bias'], gemm]
/** As torch.onnx.export writes it. */
const torch = (steps: readonly GraphStep[], of: Target = target) =>
  onnxFile(steps, torchState(layOut(of), weightsOf(of), ['conv', 'fc']), [1, of.input.channels, of.input.height, of.input.width])
const flat: GraphStep = ['Flatten', [], { axis: 1 }]

it('a graph as PyTorch writes it is the target with its weights, whatever it ends with', async () => {
  for (const end of [[], [['Softmax', [], { axis: 1 }]], [['LogSoftmax', [], { axis: -1 }]]] as GraphStep[][]) {
    const { readings, notes } = await read(torch([conv, ['Relu'], pooled, flat, dense, ...end]))
    expect(readings).toMatchObject([{ layout: 'onnx', weights: weightsOf(target) }])
    expect(notes).toEqual([])
  }
})

it.each<[string, readonly GraphStep[]]>([
  ['another activation', [conv, ['Tanh'], pooled, flat, dense]],
  ['none', [conv, pooled, flat, dense]],
  ['another slope', [conv, ['LeakyRelu', [], { alpha: 0.2 }], pooled, flat, dense]],
  ['another pooling', [conv, ['Relu'], ['AveragePool', [], halves], flat, dense]],
  ['other padding', [['Conv', ['conv.weight', 'conv.bias'], { ...windows, pads: [0, 0, 2, 2] }], ['Relu'], pooled, flat, dense]],
  [
    'windows with holes',
    [['Conv', ['conv.weight', 'conv.bias'], { ...windows, pads: [2, 2, 2, 2], dilations: [2, 2] }], ['Relu'], pooled, flat, dense],
  ],
  ['scaled pixels', [['Sub', ['number.mean']], ['Div', ['number.deviation']], conv, ['Relu'], pooled, flat, dense]],
])('%s in the graph than in the target is said, and not passed over', async (_what, steps) => {
  await expect(read(torch(steps))).rejects.toThrow(/network\.onnx: its graph computes something else than the target does with its weights/)
})

it.each([{}, { perm: [1, 0] }])(
  'weights that a graph names anew, or turns with %j, are read as their layers have them',
  async (turning) => {
    const steps: GraphStep[] = [
      ['Conv', ['same', 'conv.bias'], windows],
      ['Relu'],
      pooled,
      flat,
      ['Gemm', ['turned', 'fc.bias'], { alpha: 1.0, beta: 1.0 }],
    ]
    const file = onnxFile(steps, torchState(layOut(target), weightsOf(target), ['conv', 'fc']), [1, 2, 6, 6], {
      folded: [
        ['Identity', 'conv.weight', 'same'],
        ['Transpose', 'fc.weight', 'turned', turning],
      ],
    })
    expect(await read(file)).toMatchObject({ notes: [], readings: [{ layout: 'onnx', weights: weightsOf(target) }] })
  },
)

it('weights that nodes of the graph give are read as those beside it', async () => {
  const state = torchState(layOut(target), weightsOf(target), ['conv', 'fc'])
  const file = onnxFile([conv, ['Relu'], pooled, flat, dense], state, [1, 2, 6, 6], { asNodes: true })
  expect(await read(file)).toMatchObject({ notes: [], readings: [{ layout: 'onnx', weights: weightsOf(target) }] })
})

it('stride 2 with the padding of PyTorch begins one place earlier than that of TensorFlow', async () => {
  const stepped: Target = {
    ...target,
    layers: [{ kind: 'convolution', kernel: 3, filters: 3, stride: 2, activation: 'relu' }, target.layers[2]],
  }
  const steps = (pads: number[]): GraphStep[] => [
    ['Conv', ['conv.weight', 'conv.bias'], { ...windows, strides: [2, 2], pads }],
    ['Relu'],
    flat,
    dense,
  ]
  await expect(read(torch(steps([1, 1, 1, 1]), stepped), stepped)).rejects.toThrow(/computes something else/)
  expect(await read(torch(steps([0, 0, 1, 1]), stepped), stepped)).toMatchObject({ notes: [], readings: [{ weights: weightsOf(stepped) }] })
})

it('scaled pixels are those of a target that scales them', async () => {
  const scaled: Target = { ...target, layers: [{ kind: 'pixel-scaling', mean: [0.5, 0.5], deviation: [0.25, 0.25] }, ...target.layers] }
  const steps: GraphStep[] = [['Sub', ['number.mean']], ['Div', ['number.deviation']], conv, ['Relu'], pooled, flat, dense]
  expect(await read(torch(steps, scaled), scaled)).toMatchObject({ notes: [], readings: [{ weights: weightsOf(scaled) }] })
})

it('every layer that this lab writes is followed', async () => {
  const all: Target = {
    input: target.input,
    layers: [
      { kind: 'pixel-scaling', mean: [0.5, 0.4], deviation: [0.25, 0.2] },
      { kind: 'convolution', kernel: 3, filters: 4, stride: 2, activation: 'gelu' },
      { kind: 'normalisation', over: 'image', activation: 'leaky-relu' },
      { kind: 'residual', layers: [{ kind: 'convolution', kernel: 3, filters: 4, activation: 'tanh' }], shortcut: [], activation: 'relu' },
      { kind: 'average-pool', size: 2 },
      { kind: 'global-average' },
      { kind: 'dense', units: 4, activation: 'none' },
    ],
  }
  expect(await read(onnxModel(layOut(all), weightsOf(all), {}), all)).toMatchObject({ notes: [], readings: [{ weights: weightsOf(all) }] })
})

it('what is not known here is said, and what would take too long is not begun', async () => {
  const without = (await read(torch([conv, ['Relu'], ['Mystery'], pooled, flat, dense]))).notes
  expect(without).toEqual([expect.stringContaining('was not compared: what that has is not followed here (Mystery).')])
  const foreign = await read(torch([conv, ['com.example.Relu'], pooled, flat, dense]))
  expect(foreign.notes).toEqual([expect.stringContaining('(com.example.Relu)')])
  const known = await read(torch([conv, ['Relu'], ['MaxPool', [], { ...halves, storage_order: 1 }], flat, dense]))
  expect(known.notes).toEqual([expect.stringContaining('(MaxPool with storage_order 1)')])
  const endless = { ...windows, pads: [1e9, 1e9, 1e9, 1e9] }
  const { notes } = await read(torch([['Conv', ['conv.weight', 'conv.bias'], endless], ['Relu'], pooled, flat, dense]))
  expect(notes).toEqual([expect.stringContaining('(more than is computed here)')])
})

it('pooling of odd sides is that of a target where it rounds up, and not where it rounds down', async () => {
  const odd: Target = { ...target, input: { height: 5, width: 7, channels: 2 } }
  const up: GraphStep = ['MaxPool', [], { ...halves, ceil_mode: 1 }]
  expect(await read(torch([conv, ['Relu'], up, flat, dense], odd), odd)).toMatchObject({
    notes: [],
    readings: [{ weights: weightsOf(odd) }],
  })
  expect((await read(torch([conv, ['Relu'], pooled, flat, dense], odd), odd)).notes).toEqual([
    expect.stringContaining('(Gemm of these shapes)'),
  ])
})

it('each file is compared whose graph is another, be it by its wires or by numbers that are no weights', async () => {
  const path = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  const arrays = torchState(layOut(target), weightsOf(target), ['conv', 'fc'])
  const mean = (value: number) => ({ name: 'mean', shape: [1, 2, 6, 6], values: new Float32Array(72).fill(value) })
  const shifted = (value: number) =>
    onnxFile([['Sub', ['mean']], conv, ['Relu'], pooled, flat, dense], [...arrays, mean(value)], [1, 2, 6, 6])
  const paths = [path('first.onnx', shifted(0)), path('second.onnx', shifted(0.5))]
  await expect(readNetworkFiles({ paths, target, tried: 2 })).rejects.toThrow(/^second\.onnx: its graph computes something else/)
  const padded: GraphStep = ['Conv', ['conv.weight', 'conv.bias'], { ...windows, pads: [0, 0, 2, 2] }]
  const [sound, ...others] = [
    onnxFile([conv, ['Relu'], pooled, flat, dense], arrays, [1, 2, 6, 6]),
    onnxFile([padded, ['Relu'], pooled, flat, dense], arrays, [1, 2, 6, 6]),
    onnxFile([conv, ['Relu'], pooled, flat, dense], arrays, [1, 2, 6, 6], { opset: 6 }),
  ].map((bytes, i) => path(`${i}.onnx`, bytes))
  await expect(readNetworkFiles({ paths: [sound, others[0]], target, tried: 2 })).rejects.toThrow(/^1\.onnx: its graph/)
  const { notes } = await readNetworkFiles({ paths: [sound, others[1]], target, tried: 2 })
  expect(notes).toEqual([expect.stringContaining('(opset 6)')])
  const plain = { kind: 'convolution', kernel: 3, filters: 3 } as const
  const around: Target = {
    ...target,
    layers: [
      { ...plain, activation: 'none' },
      { kind: 'residual', layers: [{ ...plain, activation: 'tanh' }], shortcut: [], activation: 'none' },
      target.layers[2],
    ],
  }
  const own = torchState(layOut(around), weightsOf(around), ['conv', 'within', 'fc'])
  const wired = (to: string) =>
    onnxFile([conv, ['Conv', ['within.weight', 'within.bias'], windows], ['Tanh'], ['Add', [to]], flat, dense], own, [1, 2, 6, 6])
  const files = (to: string) => [path('first.onnx', wired('out.0')), path('second.onnx', wired(to))]
  expect(await readNetworkFiles({ paths: files('out.0'), target: around, tried: 2 })).toMatchObject({ networks: 2, notes: [] })
  await expect(readNetworkFiles({ paths: files('out.1'), target: around, tried: 2 })).rejects.toThrow(/^second\.onnx: its graph/)
})

it('each graph is compared with the weights of its own file', async () => {
  const others = weightsOf(target).map((weight) => -weight / 2)
  const file = (name: string, weights: Float32Array, end: GraphStep[]) => {
    const arrays = torchState(layOut(target), weights, ['conv', 'fc'])
    writeFileSync(join(folder, name), onnxFile([conv, ['Relu'], pooled, flat, dense, ...end], arrays, [1, 2, 6, 6]))
    return join(folder, name)
  }
  const paths = [file('first.onnx', weightsOf(target), []), file('second.onnx', others, [['Softmax', [], { axis: 1 }]])]
  expect(await readNetworkFiles({ paths, target, tried: 2 })).toMatchObject({
    notes: [],
    readings: [{ weights: Float32Array.from([...weightsOf(target), ...others]) }],
  })
})

it('a graph that is the same but for the size of its images is compared by itself', async () => {
  const anywhere: Target = { ...target, layers: [target.layers[0], { kind: 'global-average' }, target.layers[2]] }
  const arrays = torchState(layOut(anywhere), weightsOf(anywhere), ['conv', 'fc'])
  const paths = [6, 12].map((side) => {
    const path = join(folder, `of-${side}.onnx`)
    writeFileSync(path, onnxFile([conv, ['Relu'], ['GlobalAveragePool'], flat, dense], arrays, [1, 2, side, side]))
    return path
  })
  const { notes } = await readNetworkFiles({ paths, target: anywhere, tried: 2 })
  expect(notes).toEqual([expect.stringContaining('(an input of 1 × 2 × 12 × 12)')])
})

it('a difference as small as that of two slopes is one', async () => {
  const leaky: Target = { ...target, layers: [{ ...(target.layers[0] as object), activation: 'leaky-relu' } as Target['layers'][0], ...target.layers.slice(1)] } // prettier-ignore
  const steps = (alpha: number): GraphStep[] => [conv, ['LeakyRelu', [], { alpha }], pooled, flat, dense]
  expect((await read(torch(steps(0.05), leaky), leaky)).notes).toEqual([])
  await expect(read(torch(steps(0.06), leaky), leaky)).rejects.toThrow(/computes something else/)
})

it('biases that are added by themselves are those of the kernels before them', async () => {
  const arrays = torchState(layOut(target), weightsOf(target), ['conv', 'fc']).map((array) =>
    array.name === 'conv.bias' ? { ...array, shape: [1, 3, 1, 1] } : array,
  )
  const turned = arrays.map((array) => {
    if (array.name !== 'fc.weight') return array
    const [rows, columns] = array.shape
    return {
      ...array,
      shape: [columns, rows],
      values: array.values.map((_, at) => array.values[(at % rows) * columns + Math.floor(at / rows)]),
    }
  })
  const steps: GraphStep[] = [
    ['Conv', ['conv.weight'], windows],
    ['Add', ['conv.bias']],
    ...[['Relu'] as GraphStep, pooled, flat],
    ['MatMul', ['fc.weight']],
    ['Add', ['fc.bias']],
  ]
  const { readings, notes } = await read(onnxFile(steps, turned, [1, 2, 6, 6]))
  expect(readings).toEqual([{ layout: 'onnx', weights: weightsOf(target) }])
  expect(notes).toEqual([])
})

it.each<[string, Parameters<typeof onnxFile>[0][number]]>([
  ['half the bias', ['Gemm', ['fc.weight', 'fc.bias'], { ...gemm, beta: 0.5 }]],
  ['twice the product', ['Gemm', ['fc.weight', 'fc.bias'], { ...gemm, alpha: 2 }]],
  ['the input turned', ['Gemm', ['fc.weight', 'fc.bias'], { ...gemm, transA: 1 }]],
])('a dense layer with %s is refused, whether its graph is followed or not', async (_what, step) => {
  for (const more of [[], [['Mystery']]] as GraphStep[][])
    await expect(read(torch([conv, ['Relu'], pooled, flat, step, ...more]))).rejects.toThrow(
      'fc.weight is not read as a dense layer reads its weights.',
    )
})

it('a normalisation with an offset of its own is refused, though its graph is not compared', async () => {
  const normal: Target = { ...target, layers: [target.layers[0], { kind: 'normalisation', over: 'batch', activation: 'relu' }, ...target.layers.slice(1)] } // prettier-ignore
  const arrays = torchState(layOut(normal), weightsOf(normal), ['conv', 'fc'])
  const file = (scale: number, offset: number) => {
    const numbers = { scale, offset, mean: 0.3, variance: 2 }
    const own = Object.entries(numbers).map(([name, value]) => ({ name, shape: [3], values: new Float32Array(3).fill(value) }))
    const step: GraphStep = ['BatchNormalization', ['scale', 'offset', 'mean', 'variance']]
    return onnxFile([conv, step, ['Relu'], pooled, flat, dense], [...arrays, ...own], [1, 2, 6, 6])
  }
  expect((await read(file(1, 0), normal)).readings).toEqual([{ layout: 'onnx', weights: weightsOf(normal) }])
  for (const [scale, offset] of [
    [1, 0.5],
    [2, 0],
  ])
    // prettier-ignore
    await expect(read(file(scale, offset), normal)).rejects.toThrow(/BatchNormalization with a scale or offset of its own/)
})

it('arrays that are inputs as well are not taken for the image, and what is not finite is said before anything is compared', async () => {
  const steps: GraphStep[] = [conv, ['Relu'], pooled, flat, dense]
  const arrays = torchState(layOut(target), weightsOf(target), ['conv', 'fc'])
  expect(await read(onnxFile(steps, arrays, [1, 2, 6, 6], { asInputs: true }))).toMatchObject({
    notes: [],
    readings: [{ weights: weightsOf(target) }],
  })
  arrays[0].values[3] = Number.NaN
  await expect(read(onnxFile(steps, arrays, [1, 2, 6, 6]))).rejects.toThrow(/Network 0 holds NaN among the weights of its layer 1/)
})

it('an image is given in whichever order of its numbers the input may mean, as often as a batch has it', async () => {
  const alike = [{ kind: 'dense', units: 5, activation: 'tanh' }, target.layers[2]] as const
  const flatten: GraphStep[] = [['Gemm', ['conv.weight', 'conv.bias'], gemm], ['Tanh'], dense]
  for (const [channels, shape] of [
    [2, [1, 72]],
    [1, [1, 36]],
    [1, [3, 36]],
  ] as const) {
    const of: Target = { input: { height: 6, width: 6, channels }, layers: [...alike] }
    const own = torchState(layOut(of), weightsOf(of), ['conv', 'fc'])
    expect(await read(onnxFile(flatten, own, shape), of)).toMatchObject({ notes: [] })
  }
  const grey: Target = { input: { height: 6, width: 6, channels: 1 }, layers: [...alike] }
  const own = torchState(layOut(grey), weightsOf(grey), ['conv', 'fc'])
  expect(await read(onnxFile([flat, ...flatten], own, [2, 6, 6]), grey)).toMatchObject({
    notes: [],
    readings: [{ weights: weightsOf(grey) }],
  })
  // Whose places lie channels last: what PyTorch flattens is not that.
  const colour: Target = { input: { height: 6, width: 6, channels: 2 }, layers: [...alike] }
  const turned = torchState(layOut(colour), weightsOf(colour), ['conv', 'fc'])
  const last = await read(onnxFile([flat, ...flatten], turned, [1, 6, 6, 2]), colour)
  expect(last).toMatchObject({ notes: [], readings: [{ layout: 'onnx' }] })
})

it('what the answer does not come from need not be known; an answer that is not one number a class is not compared', async () => {
  const steps: GraphStep[] = [conv, ['Relu'], pooled, flat, dense]
  const arrays = torchState(layOut(target), weightsOf(target), ['conv', 'fc'])
  const aside = onnxFile([...steps, ['Mystery']], arrays, [1, 2, 6, 6], { output: 'out.4' })
  expect((await read(aside)).notes).toEqual([])
  const rows = { name: 'rows', shape: [2, 1], values: new Float32Array(2) }
  const { notes } = await read(onnxFile([...steps, ['Add', ['rows']]], [...arrays, rows], [1, 2, 6, 6]))
  expect(notes).toEqual([expect.stringContaining('(an output of other than one number a class)')])
})
