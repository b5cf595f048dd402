/** Files of networks as other programs write them: the same weights, to the bit, whatever the format and the order of axes. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, expect, it } from 'vitest'
import { npyHeader } from '../../../data/formats/npy/write-npy.ts'
import type { Target } from '../../../../shared/experiment.ts'
import { layOut } from '../../../../shared/target-layout.ts'
import { nameArrays, writeArrays } from '../named-arrays.ts'
import { onnxEnsemble, onnxModel } from '../onnx.ts'
import { beginRows } from '../weight-rows.ts'
import { inFortran, tensorsFile, torchState, type Tensor } from './testing/foreign-files.ts'
import { readNetworkFiles, type NetworkFilesRequest } from './read-networks.ts'

const folder = mkdtempSync(join(tmpdir(), 'networks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const target: Target = {
  input: { height: 6, width: 5, channels: 2 },
  layers: [
    { kind: 'convolution', kernel: 3, filters: 3, activation: 'relu' },
    { kind: 'max-pool', size: 2 },
    { kind: 'dense', units: 4, activation: 'relu' },
    { kind: 'dense', units: 4, activation: 'none' },
  ],
}
const layout = layOut(target)
const { weightCount } = layout
const population = (count: number, of = weightCount) =>
  Float32Array.from({ length: count * of }, (_, i) => Math.fround(Math.sin(1.7 * i + 0.3)))
const one = population(1)
const three = population(3)
const network = (i: number) => three.subarray(i * weightCount, (i + 1) * weightCount)

const place = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const digest = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
const read = (paths: string | string[], more: Partial<NetworkFilesRequest> = {}) =>
  readNetworkFiles({ paths: [paths].flat(), target, tried: 2, ...more })
const npz = (arrays: readonly Tensor[], type: '<f4' | '>f4' | '<f8' | '<f2' = '<f4', fortran = false): Uint8Array =>
  zipSync(
    Object.fromEntries(
      arrays.map(({ name, shape, values }) => {
        const numbers = type === '<f8' ? Float64Array.from(values) : type === '<f2' ? Float16Array.from(values) : Float32Array.from(values)
        const bytes = Buffer.from(numbers.buffer)
        return [`${name}.npy`, Buffer.concat([npyHeader(type, shape, fortran), type === '>f4' ? bytes.swap32() : bytes])]
      }),
    ),
  )

const keras = (weights: Float32Array): Tensor[] =>
  nameArrays(layout, weights).map(({ name, ...array }) => ({ ...array, name: name.replace(/layers\.(\d)\./, 'sequential/layer_$1/') }))
const torch = (weights: Float32Array, prefix = ''): Tensor[] => torchState(layout, weights, ['conv1', 'fc1', 'fc2'], prefix)

it('what this lab writes is read again: one network as NPZ and safetensors, rows, one and several as ONNX', async () => {
  for (const format of ['npz', 'safetensors'] as const) {
    await writeArrays(join(folder, `own.${format}`), format, nameArrays(layout, one), { run: 'calm-otter' })
    expect(await read(join(folder, `own.${format}`))).toMatchObject({
      networks: 1,
      readings: [{ layout: 'lab', weights: one }],
      doubted: [],
    })
    const rows = await beginRows(join(folder, `rows.${format}`), format, {
      target,
      checkpoint: 'c'.repeat(64),
      seed: 7,
      first: 3,
      count: 3,
      data: '{}',
    })
    await rows.write(three)
    await rows.finish()
    expect(await read(join(folder, `rows.${format}`))).toMatchObject({ networks: 3, readings: [{ layout: 'lab', weights: three }] })
  }
  const onnx = await read(place('own.onnx', onnxModel(layout, one, {})))
  expect(onnx).toMatchObject({ networks: 1, readings: [{ layout: 'onnx', weights: one }], source: 'own.onnx' })
  expect(onnx.sha256).toBe(digest(readFileSync(join(folder, 'own.onnx'))))
  expect(await read(place('ensemble.onnx', onnxEnsemble(layout, three, {})))).toMatchObject({ networks: 3, readings: [{ weights: three }] })
})

it('of what this lab writes of networks that normalise over the batch, weights are read: the reference batch gives the rest anew', async () => {
  const [first, ...others] = target.layers
  const normal: Target = { ...target, layers: [first, { kind: 'normalisation', over: 'batch', activation: 'relu' }, ...others] }
  const { completeCount, weightCount } = layOut(normal)
  const network = Float32Array.from({ length: completeCount }, (_, i) => i + 1)
  const weights = network.slice(0, weightCount)
  expect(completeCount).toBeGreaterThan(weightCount)
  const own = join(folder, 'normal.npz')
  await writeArrays(own, 'npz', nameArrays(layOut(normal), network), {})
  expect(await read(own, { target: normal })).toMatchObject({ networks: 1, readings: [{ layout: 'lab', weights }] })
  const path = join(folder, 'normal-rows.npz')
  const rows = await beginRows(path, 'npz', { target: normal, checkpoint: 'c'.repeat(64), seed: 7, first: 0, count: 2 })
  await rows.write(Float32Array.from([...network, ...network]))
  await rows.finish()
  const twice = Float32Array.from([...weights, ...weights])
  expect(await read(path, { target: normal })).toMatchObject({ networks: 2, readings: [{ layout: 'lab', weights: twice }] })
  const model = place('normal.onnx', onnxModel(layOut(normal), network, {}))
  expect(await read(model, { target: normal })).toMatchObject({ networks: 1, readings: [{ layout: 'onnx', weights }] })
  await expect(read(model)).rejects.toThrow(/BatchNormalization, for which this target has no layer/)
})

it('of flat colour images a graph does not say how their places lie: both ways are offered, where they differ', async () => {
  const flat: Target = { input: target.input, layers: target.layers.slice(2) }
  const laid = layOut(flat)
  const flatOne = population(1, laid.weightCount)
  const model = Buffer.from(onnxModel(laid, flatOne, {}))
  expect(await read(place('dense.onnx', model), { target: flat })).toMatchObject({ readings: [{ layout: 'onnx' }] })
  // Another name of the input: the graph says nothing of its shape.
  const unsaid = place(
    'flat.onnx',
    Buffer.from(model.toString('latin1').replaceAll('images', 'pixels').replace('pixels', 'images'), 'latin1'),
  )
  const { readings } = await read(unsaid, { target: flat })
  expect(readings.map(({ layout: name }) => name)).toEqual(['onnx', 'onnx-channels-last'])
  expect(readings[1].weights).toEqual(flatOne)
  expect(await read(unsaid, { target: flat, layout: 'onnx-channels-last' })).toMatchObject({ readings: [{ layout: 'onnx-channels-last' }] })
})

it('a normalisation of ONNX with a scale of its own is no layer of a target: it is not passed over', async () => {
  const image: Target = {
    ...target,
    layers: [target.layers[0], { kind: 'normalisation', over: 'image', activation: 'relu' }, ...target.layers.slice(1)],
  }
  const model = Buffer.from(onnxModel(layOut(image), one, {}))
  expect(await read(place('image.onnx', model), { target: image })).toMatchObject({ readings: [{ weights: one }] })
  const scale = model.indexOf(Buffer.from(new Float32Array(3).fill(1).buffer))
  model.writeFloatLE(2, scale)
  await expect(read(place('scaled.onnx', model), { target: image })).rejects.toThrow(
    /InstanceNormalization with a scale or offset of its own/,
  )
})

it('a state of PyTorch is read as it says, and may be read in two ways: the square kernel and the flattening are asked', async () => {
  for (const [name, bytes] of [
    ['torch.safetensors', tensorsFile(torch(one))],
    ['torch.npz', npz(torch(one))],
    [
      'fortran.npz',
      npz(
        torch(one).map((array) => inFortran(array)),
        '<f4',
        true,
      ),
    ],
    ['big-endian.npz', npz(torch(one), '>f4')],
  ] as const) {
    const path = place(name, bytes)
    expect((await read(path, { layout: 'pytorch' })).readings, name).toEqual([{ layout: 'pytorch', weights: one }])
    const { readings } = await read(path)
    expect(readings.map((reading) => reading.layout)).toEqual(['pytorch', 'pytorch-channels-last'])
    expect(readings[0].weights).toEqual(one)
    expect(readings[1].weights).not.toEqual(one)
  }
})

it('arrays of Keras are read, by name and as a bare list', async () => {
  expect(await read(place('keras.npz', npz(keras(one))))).toMatchObject({ readings: [{ layout: 'keras', weights: one }] })
  const bare = keras(one).map((array, i) => ({ ...array, name: `arr_${i}` }))
  expect(await read(place('bare.npz', npz(bare)))).toMatchObject({ readings: [{ layout: 'keras', weights: one }] })
  const many = [0, 1, 2].flatMap((i) => keras(network(i))).map((array, i) => ({ ...array, name: `arr_${i}` }))
  expect(await read(place('many.npz', npz(many.toReversed())))).toMatchObject({ networks: 3, readings: [{ weights: three }] })
})

it('several networks: a file each, under a number each, one behind another in each array', async () => {
  const asked = { layout: 'pytorch' } as const
  const paths = [0, 1, 2].map((i) => place(`net-${i}.safetensors`, tensorsFile(torch(network(i)))))
  expect(await read(paths, asked)).toMatchObject({
    networks: 3,
    readings: [{ weights: three }],
    source: 'net-0.safetensors, net-1.safetensors and 1 other',
    // Of the digests in the order of the files, one a line.
    sha256: digest(paths.map((path) => `${digest(readFileSync(path))}\n`).join('')),
  })
  const numbered = [2, 0, 1].flatMap((i) => torch(network(i), `${i}.`))
  expect(await read(place('numbered.safetensors', tensorsFile(numbered)), asked)).toMatchObject({
    networks: 3,
    readings: [{ weights: three }],
  })
  const stacked = torch(one).map(({ name, shape }, k) => {
    const values = [0, 1, 2].flatMap((i) => [...torch(network(i))[k].values])
    return { name, shape: [3, ...shape], values: Float32Array.from(values) }
  })
  expect(await read(place('stacked.npz', npz(stacked)), asked)).toMatchObject({ networks: 3, readings: [{ weights: three }] })
  // Of several readings the first few networks are enough to try.
  expect((await read(place('stacked.npz', npz(stacked)))).readings[0].weights).toEqual(three.subarray(0, 2 * weightCount))
})

it('networks under a number each come in the order of these, 10 behind 9', async () => {
  const eleven = population(11)
  const numbered = Array.from({ length: 11 }, (_, i) => torch(eleven.subarray(i * weightCount, (i + 1) * weightCount), `${i}.`)).flat()
  expect(await read(place('eleven.safetensors', tensorsFile(numbered)), { layout: 'pytorch' })).toMatchObject({
    networks: 11,
    readings: [{ weights: eleven }],
  })
})

it('two ways to read a file are two, though they differ in the last weights alone', async () => {
  const small: Target = {
    input: { height: 2, width: 2, channels: 1 },
    layers: [
      { kind: 'convolution', kernel: 5, filters: 2, activation: 'relu' },
      { kind: 'dense', units: 2, activation: 'none' },
    ],
  }
  const weights = population(1, layOut(small).weightCount)
  const path = place('last.safetensors', tensorsFile(torchState(layOut(small), weights, ['conv', 'fc'])))
  const { readings } = await read(path, { target: small })
  expect(readings.map(({ layout: name }) => name)).toEqual(['pytorch', 'pytorch-channels-last'])
  const apart = readings[0].weights.findIndex((weight, at) => weight !== readings[1].weights[at])
  expect(apart).toBeGreaterThan(weights.length / 2)
})

it('layers are told by their shapes where names are sorted otherwise, and asked about where these do not tell', async () => {
  const sorted = torchState(layout, one, ['z.conv', 'features', 'classifier'])
  expect(await read(place('sorted.safetensors', tensorsFile(sorted)), { layout: 'pytorch' })).toMatchObject({
    readings: [{ weights: one }],
    modules: ['z.conv', 'features', 'classifier'],
    doubted: [],
  })
  const alike: Target = {
    input: { height: 2, width: 2, channels: 1 },
    layers: [4, 4, 4].map((units) => ({ kind: 'dense', units, activation: 'none' })),
  }
  const laid = layOut(alike)
  const weights = population(1, laid.weightCount)
  const inOrder = tensorsFile(torchState(laid, weights, ['layer2', 'layer10', 'layer11']))
  expect(await read(place('alike.safetensors', inOrder), { target: alike, layout: 'pytorch' })).toMatchObject({
    readings: [{ weights }],
    doubted: [],
  })
  const path = place('unlike.safetensors', tensorsFile(torchState(laid, weights, ['input', 'hidden', 'output'])))
  expect((await read(path, { target: alike, layout: 'pytorch' })).doubted.toSorted()).toEqual(['hidden', 'input', 'output'])
  // Those of a later file are doubted, too.
  expect((await read([place('alike.safetensors', inOrder), path], { target: alike, layout: 'pytorch' })).doubted).toHaveLength(3)
  const modules = ['input', 'hidden', 'output']
  expect(await read(path, { target: alike, layout: 'pytorch', modules })).toMatchObject({ readings: [{ weights }], doubted: [], modules })
  await expect(read(path, { target: alike, modules: ['input', 'input', 'output'] })).rejects.toThrow('The layer "input" is named twice.')
  await expect(read(path, { target: alike, modules: ['input', 'hiden', 'output'] })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('no layer "hiden"') as string,
  })
  // NPZ keeps the order of its arrays.
  const kept = npz(torchState(laid, weights, ['input', 'hidden', 'output']))
  expect(await read(place('unlike.npz', kept), { target: alike, layout: 'pytorch' })).toMatchObject({
    readings: [{ weights }],
    doubted: [],
  })
})

it('other types of numbers become float32, and it is said', async () => {
  const halves = one.map((value) => Math.fround(new Float16Array([value])[0]))
  const read16 = await read(place('half.npz', npz(torch(one), '<f2')), { layout: 'pytorch' })
  expect(read16).toMatchObject({ readings: [{ weights: halves }], notes: ['Numbers of float16 were brought to float32.'] })
  expect(await read(place('double.npz', npz(torch(one), '<f8')), { layout: 'pytorch' })).toMatchObject({
    readings: [{ weights: one }],
    notes: [expect.stringContaining('float64') as string],
  })
  for (const dtype of ['F16', 'BF16', 'F64'] as const) {
    const { readings, notes } = await read(place('typed.safetensors', tensorsFile(torch(one), dtype)), { layout: 'pytorch' })
    expect(notes).toHaveLength(1)
    const worst = readings[0].weights.reduce((most, value, i) => Math.max(most, Math.abs(value - one[i])), 0)
    expect(worst).toBeLessThan({ F16: 5e-4, BF16: 4e-3, F64: 1e-12 }[dtype])
  }
  await expect(read(place('whole.safetensors', tensorsFile(torch(one), 'I8')))).rejects.toThrow(
    /conv1.bias is I8, and weights are floating-point/,
  )
})

const nan = Float32Array.from(three, (value, i) => (i === weightCount + 70 ? Number.NaN : value))
/** The first weight of its second layer. */
const infinite = one.with(layout.weighted[1].offset, -Infinity)
const whole = tensorsFile(torch(one))
const wholeNpz = npz(torch(one))
/** A zip takes names that come again, and readers differ in which of them they have. */
const twiceNpz = Buffer.from(npz(torch(one)))
for (let at = twiceNpz.indexOf('fc2.bias'); at >= 0; at = twiceNpz.indexOf('fc2.bias', at + 1)) twiceNpz.write('fc1.bias', at)
const refusals: [string, Uint8Array, RegExp, Partial<NetworkFilesRequest>?][] = [
  [
    'not-finite.npz',
    npz([0, 1, 2].flatMap((i) => torch(nan.subarray(i * weightCount, (i + 1) * weightCount), `${i}.`))),
    /Network 1 holds NaN among the weights of its layer 2/,
    { layout: 'pytorch' },
  ],
  ['infinite.npz', npz(keras(infinite)), /Network 0 holds -Infinity among the weights of its layer 2/],
  ['few.npz', npz(torch(one).slice(0, 4)), /few\.npz: it has 2 layers with weights, and the target has 3: conv1 \[3 x 2 x 3 x 3\]/],
  ['bare.safetensors', tensorsFile(torch(one).filter(({ name }) => name !== 'fc1.bias')), /fc1 \[4 x 27\] without bias/],
  [
    'other.npz',
    npz(
      torchState(
        layOut({ ...target, layers: [{ kind: 'convolution', kernel: 5, filters: 3, activation: 'relu' }, ...target.layers.slice(1)] }),
        population(1, 500),
        ['conv1', 'fc1', 'fc2'],
      ),
    ),
    /not those of the target: conv1 \[3 x 2 x 5 x 5\].*the target's kernels are \[3 x 2 x 3 x 3\]/,
  ],
  [
    'norm.npz',
    npz([
      ...torch(one),
      ...['weight', 'bias', 'running_mean'].map((name) => ({ name: `bn1.${name}`, shape: [3], values: new Float32Array(3) })),
    ]),
    /bn1 is no layer with a kernel and a bias/,
  ],
  [
    'hyper.npz',
    npz([{ name: 'extractor/layer1_weights', shape: [2, 2], values: new Float32Array(4) }]),
    /holds a hypernetwork, and no networks/,
  ],
  ['pickle.pt', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from('archive/data.pkl\x80\x02')]), /pickle of PyTorch or Python/],
  ['plain.pkl', Buffer.from('\x80\x04\x95', 'latin1'), /pickle/],
  ['keras.h5', Buffer.from('\x89HDF\r\n', 'latin1'), /HDF5, which is not read/],
  ['empty.npz', new Uint8Array(0), /it is empty/],
  ['text.txt', Buffer.from('hello, these are no networks'), /no safetensors, NPZ or ONNX file/],
  ['cut.safetensors', whole.subarray(0, whole.length - 5), /damaged or no safetensors file/],
  ['cut-early.safetensors', whole.subarray(0, 40), /damaged or no safetensors file/],
  ['cut.npz', wholeNpz.subarray(0, wholeNpz.length - 30), /damaged or no NPZ file/],
  ['twice.npz', twiceNpz, /it holds the array fc1\.bias twice/],
  ['cut.onnx', onnxModel(layout, one, {}).subarray(0, 700), /damaged or no ONNX file/],
  [
    'rows.npz',
    zipSync({
      'weights.npy': Buffer.concat([npyHeader('<f4', [1, 3]), Buffer.alloc(12)]),
      'layout.npy': Buffer.concat([npyHeader('<U2', []), Buffer.from('[\0\0\0]\0\0\0')]),
    }),
    /networks are of another target/,
  ],
  ['onnx-layout.onnx', onnxModel(layout, one, {}), /says itself how its kernels lie/, { layout: 'pytorch' }],
]
it.each(refusals)('%s is refused, and it says why', async (name, bytes, found, more = {}) => {
  const error = await read(place(name, bytes), more).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ message: expect.stringMatching(found) as string, remedy: expect.stringMatching(/\.$/) as string })
})

it('of a pickle the three lines that save it otherwise are told; what is no file, or not there, is said', async () => {
  await expect(read(place('a.pt', Buffer.from('\x80\x02}', 'latin1')))).rejects.toMatchObject({
    remedy: expect.stringContaining('save_file') as string,
  })
  await expect(read(folder)).rejects.toThrow(/is no file/)
  await expect(read(join(folder, 'absent.npz'))).rejects.toMatchObject({ code: 'not-found' })
  await expect(read([place('a.onnx', onnxModel(layout, one, {})), place('b.npz', wholeNpz)])).rejects.toThrow(/ONNX and others are not/)
})

it('a safetensors file is one whatever the length of its header, which may begin as a pickle does', async () => {
  const length = Number(Buffer.from(whole).readBigUInt64LE())
  for (const longer of [640, 896, 1152, 1408]) {
    const file = Buffer.concat([whole.subarray(0, 8 + length), Buffer.alloc(longer - length, ' '), whole.subarray(8 + length)])
    file.writeBigUInt64LE(BigInt(longer))
    expect(await read(place('longer.safetensors', file), { layout: 'pytorch' })).toMatchObject({ readings: [{ weights: one }] })
  }
})

it('what claims more than it holds, and more networks than a run has, are refused', async () => {
  const claimed = tensorsFile([{ name: 'fc.weight', shape: [3_000_000, 0, 0], values: new Float32Array(0) }])
  await expect(read(place('claimed.safetensors', claimed))).rejects.toThrow(/fc\.weight \[3000000 x 0 x 0\] holds no numbers/)
  const small: Target = { input: { height: 1, width: 1, channels: 1 }, layers: [{ kind: 'dense', units: 2, activation: 'none' }] }
  const many = 100_001
  const stacked = [
    { name: 'fc.kernel', shape: [many, 1, 2], values: new Float32Array(2 * many) },
    { name: 'fc.bias', shape: [many, 2], values: new Float32Array(2 * many) },
  ]
  await expect(read(place('too-many.npz', npz(stacked)), { target: small, layout: 'keras' })).rejects.toThrow(
    /there are 100001 networks; at most 100000/,
  )
})

it('names that lead elsewhere write nothing, and sizes that a zip only claims are not believed', async () => {
  const [first, ...rest] = torch(one)
  const outside = npz([{ ...first, name: '../../etc/conv1.weight' }, { ...rest[0], name: '../../etc/conv1.bias' }, ...rest.slice(1)])
  expect(await read(place('outside.npz', outside), { layout: 'pytorch' })).toMatchObject({ readings: [{ weights: one }] })
  const claimed = Buffer.from(wholeNpz)
  const central = claimed.indexOf('PK\x01\x02', 0, 'latin1')
  claimed.writeUInt32LE(0xf0000000, central + 24)
  await expect(read(place('claimed.npz', claimed))).rejects.toThrow(/numbers; at most/)
  for (let at = 0; at < whole.length; at += 41) {
    const flipped = Buffer.from(whole)
    flipped[at] ^= 0x20
    // Whatever it becomes, it is weights or a sentence.
    await read(place('flipped.safetensors', flipped), { layout: 'pytorch' }).catch((error: unknown) =>
      expect(error).toHaveProperty('remedy'),
    )
  }
  const onnx = onnxModel(layout, one, {})
  for (let at = 0; at < onnx.length; at += 29) {
    const flipped = Buffer.from(onnx)
    flipped[at] ^= 0x11
    await read(place('flipped.onnx', flipped)).catch((error: unknown) => expect(error).toHaveProperty('remedy'))
  }
})
