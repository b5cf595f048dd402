import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Target } from '../../../shared/experiment.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { tinyBars } from '../testing/tiny-data.ts'
import { dataNotes } from './data-notes.ts'
import { nameArrays, writeArrays } from './named-arrays.ts'
import { npyHeader } from '../../data/formats/npy/write-npy.ts'
import { beginRows } from './weight-rows.ts'

const target: Target = {
  input: { height: 4, width: 4, channels: 2 },
  layers: [
    { kind: 'convolution', kernel: 3, filters: 3, activation: 'relu' },
    { kind: 'max-pool', size: 2 },
    { kind: 'dense', units: 5, activation: 'none' },
  ],
}
const { weightCount } = layOut(target)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formats-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

interface Npy {
  type: string
  shape: number[]
  data: Uint8Array
}

/** Reads an NPY file by the letter of its format. */
function readNpy(bytes: Uint8Array): Npy {
  const buffer = Buffer.from(bytes)
  expect(buffer.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00')
  const length = buffer.readUInt16LE(8)
  expect((10 + length) % 64).toBe(0)
  const header = buffer.subarray(10, 10 + length).toString('latin1')
  expect(header.endsWith('\n')).toBe(true)
  const match = /^\{'descr': '([^']+)', 'fortran_order': False, 'shape': \(([^)]*)\), \} *\n$/.exec(header)!
  const shape = match[2]
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number)
  return { type: match[1], shape, data: buffer.subarray(10 + length) }
}

const floats = (bytes: Uint8Array) => new Float32Array(Uint8Array.from(bytes).buffer)
const text = (npy: Npy) => String.fromCodePoint(...new Uint32Array(Uint8Array.from(npy.data).buffer))

async function readSafetensors(
  path: string,
): Promise<{ metadata: Record<string, string>; arrays: Record<string, { shape: number[]; data: Uint8Array }> }> {
  const bytes = await readFile(path)
  const length = Number(bytes.readBigUInt64LE(0))
  expect(length % 8).toBe(0)
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, { shape: number[]; data_offsets: [number, number] }>
  const { __metadata__: metadata, ...entries } = header
  let end = 0
  const arrays = Object.fromEntries(
    Object.entries(entries).map(
      ([
        name,
        {
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        expect(from).toBe(end)
        end = to
        return [name, { shape, data: bytes.subarray(8 + length + from, 8 + length + to) }]
      },
    ),
  )
  expect(bytes.length).toBe(8 + length + end)
  return { metadata: metadata as unknown as Record<string, string>, arrays }
}

describe('NPY', () => {
  it.each([[[]], [[3]], [[2, 3]], [[1000000, 20018]]])('describes the shape %j as numpy does', (shape) => {
    expect(readNpy(npyHeader('<f4', shape))).toMatchObject({ type: '<f4', shape })
  })

  it('begins its numbers at a multiple of 64 bytes, however long its header is', () => {
    for (let axes = 0; axes < 64; axes++)
      expect(
        readNpy(
          npyHeader(
            '<f4',
            Array.from({ length: axes }, () => 1),
          ),
        ).shape,
      ).toHaveLength(axes)
  })
})

describe('rows of weights', () => {
  const rows = Float32Array.from({ length: 7 * weightCount }, (_, i) => Math.sin(i))
  const header = { target, checkpoint: 'c'.repeat(64), seed: 4294967295, first: 10, count: 7 }

  it.each(['npz', 'safetensors'] as const)('come back from %s with their receipts, however they were cut', async (format) => {
    const path = join(folder, `rows.${format}`)
    const writer = await beginRows(path, format, header)
    for (let row = 0; row < 7; row += 3) await writer.write(rows.subarray(row * weightCount, Math.min(7, row + 3) * weightCount))
    await writer.finish()
    expect(await readdir(folder)).toEqual([`rows.${format}`])

    if (format === 'npz') {
      const entries = unzipSync(await readFile(path))
      const weights = readNpy(entries['weights.npy'])
      expect(weights.shape).toEqual([7, weightCount])
      expect(floats(weights.data)).toEqual(rows)
      expect([...new Uint32Array(Uint8Array.from(readNpy(entries['index.npy']).data).buffer)]).toEqual([10, 11, 12, 13, 14, 15, 16])
      expect(text(readNpy(entries['checkpoint.npy']))).toBe(header.checkpoint)
      expect(text(readNpy(entries['seed.npy']))).toBe('4294967295')
      const layout = JSON.parse(text(readNpy(entries['layout.npy']))) as { offset: number; shape: number[] }[]
      expect(layout.map(({ offset }) => offset)).toEqual([0, 54, 57, 117])
      expect(layout.map(({ shape }) => shape)).toEqual([[3, 3, 2, 3], [3], [12, 5], [5]])
    } else {
      const { metadata, arrays } = await readSafetensors(path)
      expect(arrays.weights.shape).toEqual([7, weightCount])
      expect(floats(arrays.weights.data)).toEqual(rows)
      expect(metadata.checkpoint).toBe(header.checkpoint)
      expect(metadata.seed).toBe('4294967295')
      expect([...new Uint32Array(Uint8Array.from(arrays.index.data).buffer)]).toEqual([10, 11, 12, 13, 14, 15, 16])
    }
  })

  it('are the same bytes when written again', async () => {
    for (const name of ['a.npz', 'b.npz']) {
      const writer = await beginRows(join(folder, name), 'npz', header)
      await writer.write(rows)
      await writer.finish()
    }
    expect(await readFile(join(folder, 'a.npz'))).toEqual(await readFile(join(folder, 'b.npz')))
  })

  it('leave nothing behind when given up', async () => {
    const writer = await beginRows(join(folder, 'x.npz'), 'npz', header)
    await writer.write(rows.subarray(0, weightCount))
    await writer.discard()
    expect(await readdir(folder)).toEqual([])
  })

  it('name the folder that is not there', async () => {
    await expect(beginRows(join(folder, 'absent', 'x.npz'), 'npz', header)).rejects.toMatchObject({ code: 'disk' })
  })
})

describe('one network', () => {
  const weights = Float32Array.from({ length: weightCount }, (_, i) => i)

  it('is cut into a kernel and a bias a layer', () => {
    const arrays = nameArrays(layOut(target), weights)
    expect(arrays.map(({ name }) => name)).toEqual(['layers.0.kernel', 'layers.0.bias', 'layers.1.kernel', 'layers.1.bias'])
    expect(arrays.flatMap(({ values }) => [...values])).toEqual([...weights])
  })

  it.each(['npz', 'safetensors'] as const)('comes back from %s', async (format) => {
    const path = join(folder, `network.${format}`)
    await writeArrays(path, format, nameArrays(layOut(target), weights), { run: 'calm-otter' })
    if (format === 'npz') {
      const entries = unzipSync(await readFile(path))
      expect(readNpy(entries['layers.1.kernel.npy']).shape).toEqual([12, 5])
      expect(floats(readNpy(entries['layers.1.bias.npy']).data)).toEqual(weights.subarray(117))
      expect(text(readNpy(entries['run.npy']))).toBe('calm-otter')
    } else {
      const { metadata, arrays } = await readSafetensors(path)
      expect(arrays['layers.0.kernel'].shape).toEqual([3, 3, 2, 3])
      expect(floats(arrays['layers.1.bias'].data)).toEqual(weights.subarray(117))
      expect(metadata).toEqual({ run: 'calm-otter' })
    }
  })

  it('comes with what it is to be fed', () => {
    const { images: _images, labels: _labels, ...bars } = tinyBars()
    const notes: unknown = JSON.parse(
      dataNotes({ ...bars, name: 'bars', hash: 'h', bytes: 1, createdAt: 1 }, { id: 'h', split: { train: 1, validation: 1, test: 1 } }),
    )
    expect(notes).toEqual({
      name: 'bars',
      hash: 'h',
      input: expect.stringMatching(/^6 x 6 x 1; .*divided by 255$/) as string,
      classes: ['left', 'middle', 'right'],
    })
  })
})
