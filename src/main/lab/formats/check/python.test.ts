/**
 * The same files in programs that are not ours: numpy, safetensors and ONNX Runtime (requirements.txt), kept
 * in the user's cache like the benchmark's rivals. Where they cannot be had the tests are skipped, and it says why.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { installPackages } from '../../../../../bench/workers/python-packages.ts'
import type { Target } from '../../../../shared/experiment.ts'
import { layOut } from '../../../../shared/target-layout.ts'
import { nameArrays, writeArrays } from '../named-arrays.ts'
import { onnxModel } from '../onnx.ts'
import { writeOutput } from '../../../store/files/output.ts'
import { beginRows } from '../weight-rows.ts'
import { runTarget } from './plain-network.ts'

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url))
const readers = await installPackages('readers', requirements, (line) => process.stderr.write(`${line}\n`)).catch((error: unknown) => {
  process.stderr.write(`Exports are not read elsewhere: ${String(error)}\n`)
  return null
})

/** What a program prints, as JSON. */
function ask(program: string, ...words: string[]): unknown {
  if (readers === null) throw new Error('Asked without a Python.')
  const env = { ...process.env, ...readers.environment }
  return JSON.parse(execFileSync(readers.python, ['-s', '-c', program, ...words], { encoding: 'utf8', env }))
}

const target: Target = {
  input: { height: 7, width: 6, channels: 2 },
  layers: [
    { kind: 'convolution', kernel: 5, filters: 3, activation: 'relu' },
    { kind: 'max-pool', size: 2 },
    { kind: 'convolution', kernel: 3, filters: 4, activation: 'leaky-relu' },
    { kind: 'max-pool', size: 2, stride: 1 },
    { kind: 'convolution', kernel: 2, filters: 4, stride: 2, bias: false, activation: 'gelu' },
    { kind: 'average-pool', size: 3, stride: 1 },
    { kind: 'convolution', kernel: 1, filters: 4, padding: 'valid', activation: 'tanh' },
    { kind: 'global-average' },
    { kind: 'dense', units: 6, activation: 'gelu' },
    { kind: 'dense', units: 5, activation: 'none' },
  ],
}
const { weightCount } = layOut(target)
const weights = Float32Array.from({ length: weightCount }, (_, i) => 0.5 * Math.sin(1.7 * i))
const pixels = Float32Array.from({ length: 3 * 84 }, (_, i) => ((i * 37) % 256) / 255)
const folder = mkdtempSync(join(tmpdir(), 'python-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const expected = nameArrays(layOut(target), weights).map(({ name, shape, values }) => ({ name, shape, values: [...values] }))
const arraysOf = (opened: string): string => `
import json, sys
${opened}
print(json.dumps([{"name": n, "shape": list(f[n].shape), "values": f[n].ravel().tolist()} for n in sorted(f.keys()) if n.startswith("layers.")]))`

describe.skipIf(readers === null)('in numpy', () => {
  it('the arrays of one network are what they were', async () => {
    const path = join(folder, 'network.npz')
    await writeArrays(path, 'npz', nameArrays(layOut(target), weights), { run: 'calm-otter' })
    expect(ask(arraysOf('import numpy\nf = numpy.load(sys.argv[1])'), path)).toEqual(
      expected.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    )
  })

  it('rows of networks come with their receipts', async () => {
    const path = join(folder, 'rows.npz')
    const rows = await beginRows(path, 'npz', { target, checkpoint: 'c'.repeat(64), seed: 7, first: 3, count: 2 })
    await rows.write(new Float32Array(2 * weightCount).fill(0.25))
    await rows.finish()
    const found = ask(
      'import json, sys, numpy; f = numpy.load(sys.argv[1]); print(json.dumps([list(f["weights"].shape), float(f["weights"].sum()), f["index"].tolist(), str(f["seed"]), str(f["checkpoint"])]))',
      path,
    )
    expect(found).toEqual([[2, weightCount], weightCount / 2, [3, 4], '7', 'c'.repeat(64)])
  })
})

describe.skipIf(readers === null)('in the safetensors library', () => {
  it('the arrays of one network are what they were', async () => {
    const path = join(folder, 'network.safetensors')
    await writeArrays(path, 'safetensors', nameArrays(layOut(target), weights), { run: 'calm-otter' })
    expect(ask(arraysOf('from safetensors.numpy import load_file\nf = load_file(sys.argv[1])'), path)).toEqual(
      expected.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    )
  })
})

describe.skipIf(readers === null)('in ONNX Runtime', () => {
  it('the network says the same of images', async () => {
    const path = join(folder, 'network.onnx')
    await writeOutput(path, onnxModel(layOut(target), weights, { run: 'calm-otter' }), 'write the model')
    const program = `
import json, sys, numpy, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
images = numpy.array(json.loads(sys.argv[2]), dtype=numpy.float32).reshape(3, 7, 6, 2)
print(json.dumps(session.run(["probabilities"], {"images": images})[0].ravel().tolist()))`
    const found = ask(program, path, JSON.stringify([...pixels])) as number[]
    const own = runTarget(layOut(target), weights, pixels, 3)
    expect(found.length).toBe(own.length)
    for (const [i, value] of found.entries()) expect(Math.abs(value - own[i])).toBeLessThan(1e-5)
  })
})
