import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Target } from '../../../../shared/experiment.ts'
import { layOut } from '../../../../shared/target-layout.ts'
import { nameArrays, writeArrays } from '../named-arrays.ts'
import { onnxModel } from '../onnx.ts'
import { writeOutput } from '../../../store/files/output.ts'
import { writeTfjs } from '../tfjs.ts'
import { checkExport } from './check-export.ts'

const target: Target = {
  input: { height: 6, width: 5, channels: 2 },
  layers: [
    { kind: 'convolution', kernel: 3, filters: 3, activation: 'relu' },
    { kind: 'max-pool', size: 2 },
    { kind: 'dense', units: 4, activation: 'none' },
  ],
}
const weights = Float32Array.from({ length: layOut(target).weightCount }, (_, i) => Math.sin(1.3 * i))
const pixels = Float32Array.from({ length: 3 * 60 }, (_, i) => ((i * 37) % 256) / 255)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function write(path: string, format: 'tfjs' | 'onnx' | 'npz' | 'safetensors', of: Float32Array): Promise<void> {
  if (format === 'tfjs') await writeTfjs(path, layOut(target), of, {})
  else if (format === 'onnx') await writeOutput(path, onnxModel(layOut(target), of, {}), 'write the model')
  else await writeArrays(path, format, nameArrays(layOut(target), of), { run: 'calm-otter' })
}

describe.each(['tfjs', 'onnx', 'npz', 'safetensors'] as const)('a file of a network as %s', (format) => {
  it('is found to be right', async () => {
    const path = join(folder, `right.${format}`)
    await write(path, format, weights)
    expect(await checkExport({ path, format, target, weights, pixels })).toMatch(
      format === 'npz' || format === 'safetensors'
        ? `Loaded again with a reader of ${format} files: the probabilities of 3 images are the same to the bit.`
        : /^Loaded again with .+: the probabilities of 3 images (are the same to the bit|differ by at most [1-9]e-\d+)\.$/,
    )
  })

  it('is found to hold another network', async () => {
    const path = join(folder, `other.${format}`)
    await write(path, format, weights.with(5, weights[5] + 0.5))
    await expect(checkExport({ path, format, target, weights, pixels })).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('differ by up to') as string,
    })
  })

  it('is found to be no number', async () => {
    const path = join(folder, `nan.${format}`)
    await write(path, format, weights.with(weights.length - 1, Number.NaN))
    await expect(checkExport({ path, format, target, weights, pixels })).rejects.toMatchObject({ code: 'corrupt' })
  })

  it('is found to be cut off', async () => {
    const path = join(folder, `short.${format}`)
    await write(path, format, weights)
    const file = format === 'tfjs' ? join(path, 'weights.bin') : path
    await writeFile(file, (await readFile(file)).subarray(0, -20))
    await expect(checkExport({ path, format, target, weights, pixels })).rejects.toMatchObject({ code: 'corrupt' })
  })
})

it.each(['npz', 'safetensors'] as const)('a file of arrays as %s is found to have its axes in another order', async (format) => {
  const path = join(folder, `turned.${format}`)
  const turned = nameArrays(layOut(target), weights).map((array) => ({ ...array, shape: array.shape.toReversed() }))
  await writeArrays(path, format, turned, {})
  await expect(checkExport({ path, format, target, weights, pixels })).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringContaining('layers.0.kernel is [3,2,3,3], not [3,3,2,3]') as string,
  })
})
