import { afterEach, beforeEach, expect, test } from 'vitest'
import { looksAtTest } from '../../../analyses/chosen.ts'
import { openLabBench, until } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

const validation = { split: 'validation', images: 10 } as const
const resultsOf = (id: string) => bench.lab.runs.details(id).results
const onTest = (id: string) => resultsOf(id).filter(({ split }) => split === 'test')

test('what was chosen on validation images is asked again on all test images, once, and nothing else is', async () => {
  const { lab } = bench
  const id = await bench.trained()
  await expect(lab.finalTest.run(id)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('nothing was chosen') as string,
  })
  expect(() => lab.start.finalTest(id)).toThrow(expect.objectContaining({ code: 'conflict' }) as Error)
  expect(looksAtTest(resultsOf(id))).toContain('were not looked at yet')

  await lab.analyses.run(id, { ...validation, kind: 'evaluation', count: 3 })
  await lab.analyses.run(id, { ...validation, kind: 'evaluation', count: 6 })
  await lab.analyses.run(id, { ...validation, kind: 'ensemble', networks: [0, 2, 4], options: { sizes: [1, 3] } })
  await lab.analyses.run(id, { ...validation, kind: 'distillation', count: 4, options: { steps: 7 } })
  await lab.analyses.run(id, { ...validation, kind: 'map', count: 5, options: { method: 'pca' } })
  const found = await lab.finalTest.run(id)
  const { test: all } = lab.runs.get(id).document.data.split
  expect(found.map(({ result: { kind, count, networks, images, split } }) => [kind, count, networks, split, images])).toEqual([
    ['evaluation', 6, null, 'test', all],
    ['ensemble', 3, [0, 2, 4], 'test', all],
    ['distillation', 4, null, 'test', all],
  ])
  expect(found.map(({ reused }) => reused)).toEqual([false, false, false])
  expect(found[2].result.options).toMatchObject({ steps: 7 })
  // What a vote needs of the first networks is looked at with it.
  const looks = /^The test images of this run were looked at (\d) times: by (\d) evaluations?, 1 ensemble and 1 student\.$/.exec(
    looksAtTest(resultsOf(id)),
  )
  expect(Number(looks?.[1])).toBe(onTest(id).length)

  const before = onTest(id).length
  expect((await lab.finalTest.run(id)).map(({ reused }) => reused)).toEqual([true, true, true])
  expect(onTest(id)).toHaveLength(before)
})

test('is one click, of the checkpoint that was chosen, and leads a report with figures of one basis', async () => {
  const { lab } = bench
  const id = await bench.trained()
  // Not the newest one, which would be taken where none is named.
  const steps = lab.store.checkpoints
    .list(id)
    .map(({ step }) => step)
    .sort((a, b) => a - b)
  expect(steps.length).toBeGreaterThan(1)
  await lab.analyses.run(id, { ...validation, kind: 'evaluation', count: 3, at: steps[0] })
  await lab.analyses.run(id, { ...validation, kind: 'ensemble', options: { sizes: [1, 3] }, at: steps[0] })
  await lab.analyses.run(id, { split: 'test', images: 5, kind: 'evaluation', count: 9, at: steps[0] })
  const { id: begun } = lab.start.finalTest(id)
  await until(() => lab.tasks.get(begun).endedAt !== null)
  const task = lab.tasks.get(begun)
  expect(task).toMatchObject({ state: 'done', kind: 'final-test', command: expect.stringMatching(/ final-test \S+$/) as string })
  expect(task.made.map(({ kind }) => kind)).toEqual(['evaluation', 'ensemble'])
  expect(onTest(id).every(({ step }) => step === steps[0])).toBe(true)
  const { results, looks } = await lab.reports.input(lab.runs.get(id))
  expect(results.map(({ kind, split, images }) => [kind, split, images])).toEqual([
    ['evaluation', 'test', lab.runs.get(id).document.data.split.test],
    ['ensemble', 'test', lab.runs.get(id).document.data.split.test],
  ])
  expect(looks).toMatch(/looked at 3 times: by 2 evaluations and 1 ensemble\.$/)
})
