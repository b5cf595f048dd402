import { afterEach, beforeEach, expect, it } from 'vitest'
import { ofKind } from '../../../analyses/registry.ts'
import { metricNames } from '../../report/input.ts'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

it('a report has curves in its own units, and the results of the checkpoint it is of', async () => {
  const { lab } = bench
  const id = await bench.trained()
  lab.store.metrics.append(id, [{ step: 3, name: 'stepMilliseconds', value: 250, at: 1 }])
  const images = { kind: 'evaluation', count: 3, images: 10 } as const
  await lab.analyses.run(id, { ...images, split: 'test', at: 15 })
  await lab.analyses.run(id, { ...images, split: 'validation', at: 15 })
  await lab.analyses.run(id, { ...images, split: 'validation', seed: 9 })
  const run = lab.runs.get(id)
  const at15 = await lab.reports.input(run, 15)
  const curve = (name: string) => at15.metrics.find((one) => one.name === name)?.points
  expect(curve(metricNames.stepSeconds)).toEqual([{ step: 3, value: 0.25 }])
  const tested = ofKind(lab.store.results.list(id, { during: true }), 'evaluation')
  expect(curve(metricNames.accuracy)).toEqual(
    tested.map(({ step, result: { mean, min, max } }) => ({ step, value: mean, low: min, high: max })),
  )
  expect(new Set(tested.map(({ result: { mean, min, max } }) => [mean, min, max]).flat()).size).toBe(3 * tested.length)
  expect([at15.run.step, at15.all?.map(({ split }) => split), at15.reproduce.checkpoint]).toEqual([
    15,
    ['test', 'validation'],
    (await lab.runs.checkpoint(id, 15)).record.hash,
  ])
  // Accuracies beside filters are those of the same networks: the run's own seed, not 9.
  expect(at15.filters?.networks.every(({ accuracy }, i) => accuracy === undefined || i < 3)).toBe(true)
  expect(at15.filters?.networks[0].accuracy).toBeDefined()
  const newest = await lab.reports.input(run)
  expect([newest.run.step, newest.all?.map(({ seed }) => seed)]).toEqual([20, [9]])
  // Of each its own: evaluations of the run's own seed, unless they were asked with another.
  const { seed } = run.document
  expect([at15.reproduce.seeds, newest.reproduce.seeds]).toEqual([
    { training: seed, evaluation: seed },
    { training: seed, evaluation: 9 },
  ])
  // Test images are the run's, whatever checkpoint was tried on them.
  expect([at15.looks, newest.looks]).toEqual(Array(2).fill('The test images of this run were looked at once: by 1 evaluation.'))
  expect(newest.filters?.networks.map(({ accuracy }) => accuracy)).toEqual(newest.filters?.networks.map(() => undefined))
})
