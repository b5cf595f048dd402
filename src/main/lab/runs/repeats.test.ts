import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

it('repeats have one value each, of the furthest step that as many of them have', async () => {
  const { lab } = bench
  const ids = [await bench.trained('seed=1'), await bench.trained('seed=2')]
  // At the end three networks were tested while it trained; the same is asked again, and more of an earlier step.
  const { images } = lab.runs.get(ids[0]).document.evaluation
  for (const id of ids) {
    await lab.analyses.run(id, { kind: 'evaluation', count: 3, split: 'validation', images })
    await lab.analyses.run(id, { kind: 'evaluation', count: 9, split: 'validation', images: 10, at: 15 })
  }
  const mean = () => lab.repeats.found(lab.repeats.of(lab.runs.list().find(({ id }) => id === ids[0])!)).values[0]
  expect(mean().found.map(({ run, seed }) => [run, seed])).toEqual(ids.map((run, i) => [run, i + 1]))
  expect(mean()).toMatchObject({
    label: 'Mean network',
    basis: expect.stringContaining('step 20, first 3 networks') as string,
    missing: [],
  })
})

it('a run that was stopped is made anew, one that has come further is gone on with', async () => {
  const { lab } = bench
  const run = await bench.create('seed=1')
  const seeds = () => lab.repeats.make({ from: { document: run.document } }, [1])
  expect((await seeds())[0]).toMatchObject({ isNew: false, run: { id: run.id } })
  lab.runs.stop(run.id)
  const [made] = await seeds()
  expect(made.isNew).toBe(true)
  expect(made.run.id).not.toBe(run.id)
})
