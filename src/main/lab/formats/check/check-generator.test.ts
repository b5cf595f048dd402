import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NamedArray } from '../../../../layers/exports.ts'
import type { ExportedGenerator } from '../../../../methods/exported-generator.ts'
import type { Target } from '../../../../shared/experiment.ts'
import { layOut } from '../../../../shared/target-layout.ts'
import { writeOutput } from '../../../store/files/output.ts'
import { writeArrays } from '../named-arrays.ts'
import { onnxGenerator } from '../onnx.ts'
import { writeTfjsGenerator } from '../tfjs-generator.ts'
import { checkGenerator } from './check-generator.ts'

const target: Target = {
  input: { height: 1, width: 2, channels: 1 },
  layers: [
    { kind: 'dense', units: 3, activation: 'relu' },
    { kind: 'dense', units: 2, activation: 'none' },
  ],
}
const { weighted, weightCount } = layOut(target)
const latent = 2
const count = 3
const z = Float32Array.from({ length: count * latent }, (_, i) => Math.sin(i + 1))
/** Each weight is a sum of z: what one row and column of a matrix says. */
const matrix = Float32Array.from({ length: latent * weightCount }, (_, i) => Math.cos(1.7 * i))
const weights = Float32Array.from({ length: count * weightCount }, (_, i) => {
  const [n, at] = [Math.floor(i / weightCount), i % weightCount]
  return z[n * latent] * matrix[at] + z[n * latent + 1] * matrix[weightCount + at]
})

function generator(of: Float32Array): ExportedGenerator {
  const parts = weighted.flatMap(({ index, arrays }) => arrays.map((array) => ({ ...array, name: `layers.${index}.${array.name}` })))
  const columns = ({ name, offset, size }: (typeof parts)[number]): NamedArray => ({
    ...{ name: `${name}.of`, shape: [latent, size] },
    values: Float32Array.from({ length: latent * size }, (_, i) => of[Math.floor(i / size) * weightCount + offset + (i % size)]),
  })
  return {
    latent,
    arrays: parts.map(columns),
    addTo(graph) {
      const from = graph.current
      return parts.map((part) => {
        graph.current = from
        graph.add('MatMul', [graph.constant(columns(part))])
        graph.add('Reshape', [graph.integers([-1, ...part.shape])], {}, part.name)
        return { name: part.name, shape: part.shape }
      })
    },
  }
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'generator-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Format = 'tfjs' | 'onnx' | 'npz' | 'safetensors'
async function checked(format: Format, written: Float32Array, sampled = weights): Promise<string> {
  const path = join(folder, `${crypto.randomUUID()}.${format}`)
  if (format === 'tfjs') await writeTfjsGenerator(path, generator(written), {})
  else if (format === 'onnx') await writeOutput(path, onnxGenerator(generator(written), {}), 'write the model')
  else await writeArrays(path, format, generator(written).arrays, {})
  return checkGenerator({ path, format, target, arrays: generator(matrix).arrays, z, weights: sampled })
}
const refused = { code: 'corrupt', message: expect.stringContaining('differ by up to') as string }

describe.each(['tfjs', 'onnx', 'npz', 'safetensors'] as const)('a file of what makes networks as %s', (format) => {
  it('is found to be right', async () => {
    expect(await checked(format, matrix)).toMatch(
      /^Loaded again with .+: (every array is as it was|the weights of 3 networks are those of sampled ones to the bit)\.$/,
    )
  })

  it('is found to hold another, be it by little or no number', async () => {
    await expect(checked(format, matrix.with(4, matrix[4] + 1e-3))).rejects.toMatchObject(refused)
    await expect(checked(format, matrix.with(weightCount, Number.NaN))).rejects.toMatchObject({ code: 'corrupt' })
  })
})

it.each(['tfjs', 'onnx'] as const)('each of the networks is compared, as %s', async (format) => {
  for (let n = 0; n < count; n++) {
    const at = n * weightCount + 1
    await expect(checked(format, matrix, weights.with(at, weights[at] + 0.01))).rejects.toMatchObject(refused)
  }
})
