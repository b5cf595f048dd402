import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseTensors } from '../../store/files/safetensors.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { runTarget } from '../formats/check/plain-network.ts'
import { followOnnx } from '../formats/check/run-onnx.ts'
import { readOnnx } from '../formats/onnx-graph/read-onnx.ts'
import { openLabBench, until } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'
import type { ExportRequest } from './exports.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

/** What another program finds in the file. */
async function taken(run: string, what: ExportRequest['what'], choice: { seed?: number; at?: number } = {}) {
  const path = join(bench.folder, 'network.safetensors')
  await bench.lab.exports.toFile(run, { ...choice, what, format: 'safetensors', path })
  const { metadata, arrays } = parseTensors(new Uint8Array(await readFile(path)), (found) => new Error(found))
  return { metadata, weights: Object.values(arrays).flatMap(({ data }) => [...data]) }
}

it('a network is taken out with its receipt: that of its index, seed and checkpoint', async () => {
  const { lab } = bench
  const run = await bench.trained()
  for (const choice of [{}, { seed: 9, at: 15 }]) {
    const { metadata, weights } = await taken(run, { network: 2 }, choice)
    const { seed = lab.runs.get(run).document.seed, at } = choice
    const checkpoint = await lab.runs.checkpoint(run, at)
    expect(metadata).toMatchObject({ run, checkpoint: checkpoint.record.hash, seed: String(seed), index: '2' })
    expect(weights).toEqual([...(await lab.sampling.inMemory(lab.runs.get(run), checkpoint, { seed, first: 2, count: 1 }))])
  }
})

it('a task that made a file ends by saying how that was checked', async () => {
  const { lab } = bench
  const run = await bench.trained()
  const { id } = lab.start.export(run, { what: { network: 2 }, format: 'onnx' })
  await until(() => lab.tasks.get(id).state === 'done')
  const [{ checked }] = lab.artefacts.list(run)
  expect(checked).toBeTruthy()
  expect(lab.tasks.get(id).stage).toBe(checked)
})

it('of several students the newest is taken out, or the one that is named, however the clock is set', async () => {
  await bench.close()
  let date = Date.UTC(2026, 0, 1)
  bench = await openLabBench({ clock: () => (date -= 3_600_000) })
  const run = await bench.trained()
  const ids: number[] = []
  for (const count of [3, 2]) {
    const { result } = await bench.lab.analyses.run(run, { kind: 'distillation', count, split: 'validation', images: 10 })
    ids.push(result.id)
  }
  const teachers = async (what: ExportRequest['what']) => (await taken(run, what)).metadata['teachers']
  expect([await teachers('student'), await teachers({ student: ids[0] }), await teachers({ student: ids[1] })]).toEqual(['2', '3', '2'])
  await expect(taken(run, { student: 99 })).rejects.toMatchObject({ code: 'not-found' })
})

it('says what cannot be written as what', async () => {
  const run = await bench.trained()
  const path = join(bench.folder, 'file')
  const refused = (what: ExportRequest['what'], format: ExportRequest['format']) => bench.lab.exports.toFile(run, { what, format, path })
  await expect(refused({ ensemble: 3 }, 'npz')).rejects.toMatchObject({
    message: 'An ensemble cannot be written as npz.',
    remedy: 'Choose onnx.',
  })
})

it('an ensemble is one model: the mean of its networks, and their votes', async () => {
  const { lab, folder } = bench
  const run = await bench.trained()
  const path = join(folder, 'ensemble.onnx')
  await lab.exports.toFile(run, { what: { ensemble: 3 }, format: 'onnx', path })
  const model = readOnnx(new Uint8Array(await readFile(path)))
  expect(model.metadata).toMatchObject({ run, index: '0 to 2' })
  const { target } = lab.runs.get(run).document
  const { height, width, channels } = target.input
  const values = Float32Array.from({ length: 2 * height * width * channels }, (_, i) => (i % 7) / 7)
  const { probabilities, votes } = followOnnx(model, { shape: [2, height, width, channels], values })
  const chosen = await lab.runs.checkpoint(run)
  const weights = await lab.sampling.inMemory(lab.runs.get(run), chosen, { seed: lab.runs.get(run).document.seed, first: 0, count: 3 })
  const layout = layOut(target)
  const members = [0, 1, 2].map((i) => runTarget(layout, weights.subarray(i * layout.weightCount, (i + 1) * layout.weightCount), values, 2))
  const { classes } = layout
  for (let i = 0; i < 2 * classes; i++) {
    expect(probabilities.values[i]).toBeCloseTo((members[0][i] + members[1][i] + members[2][i]) / 3, 5)
    const image = Math.floor(i / classes) * classes
    const winners = members.map((one) => one.slice(image, image + classes)).map((one) => one.indexOf(Math.max(...one)))
    expect(votes.values[i]).toBeCloseTo(winners.filter((winner) => winner === i - image).length / 3, 6)
  }
})
