/** Networks out of a lab and in again, with the real engine: the same bits, the same accuracies; what is not certain is asked. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NetworkOptions } from '../../shared/network-import.ts'
import type { Target } from '../../shared/experiment.ts'
import { layOut } from '../../shared/target-layout.ts'
import { nameArrays, writeArrays } from '../lab/formats/named-arrays.ts'
import { tensorsFile, torchState } from '../lab/formats/networks/testing/foreign-files.ts'
import { onnxEnsemble } from '../lab/formats/onnx.ts'
import type { Lab } from '../lab/lab.ts'
import { addBars } from '../lab/testing/tiny-data.ts'
import { openLab } from './open-lab.ts'

const target: Target = {
  input: { height: 6, width: 6, channels: 1 },
  layers: [
    { kind: 'convolution', kernel: 3, filters: 4, activation: 'relu' },
    { kind: 'max-pool', size: 2 },
    { kind: 'dense', units: 3, activation: 'none' },
  ],
}
const layout = layOut(target)
const { weightCount } = layout
const networks = 3
const folder = mkdtempSync(join(tmpdir(), 'imported-networks-'))
const path = (name: string): string => join(folder, name)
let lab: Lab
/** Accuracies of the networks in the run that trained them, and their weights. */
let accuracies: number[]
let weights: Float32Array

const row = (i: number): Float32Array => weights.subarray(i * weightCount, (i + 1) * weightCount)
const request = (paths: string[], options: NetworkOptions = {}, name?: string) => ({
  ...{ paths, options, from: 'mnist-ensemble', data: 'bars' },
  settings: [{ key: 'target', value: target }],
  ...(name === undefined ? {} : { name }),
})
const evaluated = async (run: string): Promise<number[]> =>
  (await lab.analyses.run(run, { kind: 'evaluation', count: networks, split: 'test', images: 20 })).result.result.accuracies
const weightsOf = (run: string): Promise<Float32Array> =>
  lab.runs.using(run, {}, ({ run: own, checkpoint, seed }) => lab.sampling.inMemory(own, checkpoint, { seed, first: 0, count: networks }))
const population = (rows: readonly Float32Array[]): Uint8Array =>
  tensorsFile(rows.flatMap((own, i) => torchState(layout, own, ['conv', 'fc'], `${i}.`)))

beforeAll(async () => {
  lab = openLab({ dataDir: path('data') })
  await addBars(lab.store)
  const settings = Object.entries({
    target,
    'method.networks': networks,
    'training.steps': 60,
    'training.imageBatch': 16,
    'training.learningRate': 0.02,
    'training.cooldown': 0,
    'evaluation.every': 0,
  }).map(([key, value]) => ({ key, value }))
  const { id } = await lab.runs.create({ from: 'mnist-ensemble', data: 'bars', settings })
  await lab.runs.train(id)
  accuracies = await evaluated(id)
  weights = await weightsOf(id)
  await lab.sampling.toFile(id, { count: networks, path: path('rows.npz') })
  for (let i = 0; i < networks; i++) await writeArrays(path(`${i}.npz`), 'npz', nameArrays(layout, row(i)), {})
  writeFileSync(path('ensemble.onnx'), onnxEnsemble(layout, weights, {}))
  writeFileSync(path('torch.safetensors'), population([0, 1, 2].map(row)))
}, 600_000)
afterAll(async () => {
  await lab.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('with the real engine', { timeout: 600_000 }, () => {
  it.each<[string, string[], NetworkOptions]>([
    ['sampled rows', ['rows.npz'], {}],
    ['an NPZ each', ['0.npz', '1.npz', '2.npz'], {}],
    ['an ensemble of ONNX', ['ensemble.onnx'], {}],
    ['a population of PyTorch', ['torch.safetensors'], { layout: 'pytorch' }],
  ])('%s: the same bits, and the accuracies of the source', async (_what, files, options) => {
    expect(Math.min(...accuracies)).toBeGreaterThan(0.6)
    const { preview, run } = await lab.networkImports.import(request(files.map(path), options))
    expect(preview).toMatchObject({ networks, weights: weightCount, doubts: [] })
    expect(run).toMatchObject({ state: 'finished', step: 1, document: { method: { kind: 'imported', networks } } })
    expect(await weightsOf(run!.id)).toEqual(weights)
    expect(await evaluated(run!.id)).toEqual(accuracies)
    // Tried at the import: the list of runs has it.
    expect(lab.store.runs.summary(run!.id)?.accuracy).toBeCloseTo(preview.readings[0].mean, 12)
  })

  it('the order of axes is asked, with how good each is, and nothing is kept until it is said', async () => {
    const before = lab.runs.list().length
    const { preview, run } = await lab.networkImports.import(request([path('torch.safetensors')]))
    expect(run).toBeNull()
    const byMean = preview.readings.toSorted((a, b) => b.mean - a.mean)
    expect(byMean[0].layout).toBe('pytorch')
    expect(
      preview.doubts.map(({ code, choices }) => [code, ...choices.map(({ words, options }) => [words.split(': ')[0], options])]),
    ).toEqual([['layout', ...byMean.map(({ title, layout }) => [title, { layout }])]])
    const [best, worse] = byMean
    expect(worse.mean).toBeLessThan(best.mean)
    expect(lab.runs.list()).toHaveLength(before)
    expect(readdirSync(path('data')).filter((name) => name.startsWith('.import'))).toEqual([])
  })

  it('networks that only guess are a doubt, which a person may answer', async () => {
    writeFileSync(path('guessing.safetensors'), population([row(0), new Float32Array(weightCount)]))
    const asked = await lab.networkImports.import(request([path('guessing.safetensors')], { layout: 'pytorch' }))
    expect(asked.run).toBeNull()
    expect(asked.preview.doubts).toMatchObject([
      { code: 'guessing', message: expect.stringMatching(/^1 network of 2 \(1\) is at most/) as string },
    ])
    // The figure is that of those that guess, not of the others.
    const [, best, guess] = /at most ([\d.]+).* one class is ([\d.]+)/.exec(asked.preview.doubts[0].message)!
    expect(Number(best)).toBeLessThanOrEqual(Number(guess))
    const { run } = await lab.networkImports.import(request([path('guessing.safetensors')], { layout: 'pytorch', accept: 'guessing' }))
    expect(run).toMatchObject({ state: 'finished' })
  })

  it('more networks than there are, and training, are refused beforehand; a report says where they are from', async () => {
    const { run } = await lab.networkImports.import(request([path('rows.npz')], {}, 'mine'))
    const { id, document } = run!
    expect(run).toMatchObject({ name: 'mine' })
    await expect(lab.analyses.run(id, { kind: 'evaluation', count: networks + 1 })).rejects.toThrow(`The run has ${networks} networks`)
    await expect(lab.runs.train(id)).rejects.toThrow(/nothing trains them here/)
    await expect(lab.runs.fork(id)).rejects.toThrow(/nothing trains them here/)
    await expect(lab.runs.create({ from: { document } })).rejects.toThrow(/nothing trains them here/)
    await lab.analyses.run(id, { kind: 'ensemble', count: networks, split: 'validation', images: 20 })
    await lab.analyses.run(id, { kind: 'map', count: networks })
    const { reports } = await lab.reports.write(id, { formats: ['html'], folder: path('report') })
    const page = readFileSync(reports[0], 'utf8')
    expect(page).toContain('imported from rows.npz')
    expect(page).toContain('networks import rows.npz --data bars')
    expect(page).not.toContain('Learning rate')
  })
})
