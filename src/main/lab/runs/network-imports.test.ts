import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { guessOf } from '../../../analyses/guessing.ts'
import { percentWithin } from '../../../shared/statistics/in-words.ts'
import { wilson } from '../../../shared/statistics/intervals.ts'
import { meanOf } from '../../../shared/statistics/moments.ts'
import { percent } from '../../../shared/wording.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { nameArrays, writeArrays } from '../formats/named-arrays.ts'
import { tensorsFile, torchState } from '../formats/networks/testing/foreign-files.ts'
import { trainingCommands } from './command-lines.ts'
import { openLabBench, type LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

it('imported networks get an id that no run of this lab has', async () => {
  const { lab, folder } = bench
  const { document } = await bench.create()
  const { weightCount } = layOut(document.target)
  const path = join(folder, 'one.npz')
  const weights = Float32Array.from({ length: weightCount }, (_, i) => Math.sin(i))
  await writeArrays(path, 'npz', nameArrays(layOut(document.target), weights), {})
  const unused = vi.spyOn(lab.store.runs, 'unusedId').mockReturnValueOnce('odd-otter')
  const { run } = await lab.networkImports.import({ paths: [path], from: { document }, settings: [], options: { accept: 'guessing' } })
  expect(unused).toHaveBeenCalledOnce()
  expect(run).toMatchObject({ id: 'odd-otter', state: 'finished' })
  expect(lab.runs.list().map(({ id }) => id)).toContain('odd-otter')
  // What was answered stands in the command that imports them again.
  expect(trainingCommands(lab.store, lab.store.runs.get('odd-otter'))).toEqual([expect.stringMatching(/ --layout lab --accept guessing$/)])
})

it('they are tried on the validation images: the better reading comes first, and what only guesses is told with the interval over images', async () => {
  const { lab, folder, engine } = bench
  const { document } = await bench.create()
  const layout = layOut(document.target)
  const rows = Float32Array.from({ length: 3 * layout.weightCount }, (_, i) => Math.sin(i))
  const row = (i: number) => rows.subarray(i * layout.weightCount, (i + 1) * layout.weightCount)
  const path = join(folder, 'torch.safetensors')
  await writeFile(path, tensorsFile([0, 1, 2].flatMap((i) => torchState(layout, row(i), ['conv', 'fc'], `${i}.`))))
  /** Accuracies that each trial in turn finds. */
  const found = [[0.5, 0.6, 0.4], [0.9, 0.8, 0.7], [0.9, 0.1, 0.2]] // prettier-ignore
  const jobs: unknown[] = []
  const run = engine.run.bind(engine)
  vi.spyOn(engine, 'run').mockImplementation((job, handlers) => {
    jobs.push(job)
    const accuracies = found[jobs.length - 1]
    const handle = run(job, handlers)
    const told = { accuracies, mean: meanOf(accuracies), min: Math.min(...accuracies), max: Math.max(...accuracies) }
    return {
      ...handle,
      result: handle.result.then((own) => ({ ...own, result: { ...(own as { result: object }).result, ...told } })),
    }
  })
  const request = { paths: [path], from: { document }, settings: [], options: {} }
  const { preview } = await lab.networkImports.import(request)
  const { validation } = document.data.split
  for (const [i, weights] of [rows, expect.any(Float32Array) as unknown].entries())
    expect(jobs[i]).toMatchObject({
      ...{ seed: document.seed, count: 3, split: 'validation', images: validation },
      ...{ document: { method: { kind: 'imported', networks: 3 } }, checkpoint: { step: 1, arrays: { weights } } },
    })
  expect(preview.readings.map(({ layout: name, mean, min, max, images }) => [name, mean, min, max, images])).toEqual([
    ['pytorch', 0.5, 0.4, 0.6, validation],
    ['pytorch-channels-last', meanOf(found[1]), 0.7, 0.9, validation],
  ])
  expect(preview.doubts.map(({ code, choices }) => [code, choices.map(({ options }) => options.layout)])).toEqual([
    ['layout', ['pytorch-channels-last', 'pytorch']],
  ])
  const settled = await lab.networkImports.import({ ...request, options: { layout: 'pytorch' } })
  expect(settled.run).toBeNull()
  const guess = guessOf(await lab.store.datasets.labels(document.data), { from: document.data.split.train, count: validation })
  expect(settled.preview.doubts.map(({ code, message }) => [code, message.split(':')[0]])).toEqual([
    [
      'guessing',
      `2 networks of 3 (1 and 2) are at most ${percentWithin(0.2, wilson(0.2, validation))} accurate on ${validation} validation images, where always naming one class is ${percent(guess)} accurate`,
    ],
  ])
})
