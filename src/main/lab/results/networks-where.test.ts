import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

test('networks are chosen by what a test or a map says of them', async () => {
  const { lab } = bench
  const id = await bench.trained()
  await expect(lab.analyses.where(id, 'accuracy > 0.5')).rejects.toMatchObject({ code: 'not-found', help: { action: 'map', run: id } })
  const { result } = await lab.analyses.run(id, { kind: 'evaluation', count: 8, split: 'validation' })
  const { accuracies } = result.result
  const middle = accuracies.toSorted((a, b) => a - b)[4]
  const better = [...accuracies.keys()].filter((i) => accuracies[i] >= middle)
  expect(better.length).toBeLessThan(8)
  expect(await lab.analyses.where(id, `accuracy >= ${middle}`)).toEqual(better)
  await expect(lab.analyses.where(id, 'norm > 0')).rejects.toMatchObject({
    code: 'invalid-argument',
    remedy: expect.stringContaining('“norm” cannot be filtered by. Write, for example, “accuracy > 0.95”') as string,
  })
  await lab.analyses.run(id, { kind: 'map', count: 5, options: { method: 'pca' } })
  expect(await lab.analyses.where(id, 'norm > -1e9 and network > 2')).toEqual([3, 4])
  // The map has no accuracy: the test has.
  expect(await lab.analyses.where(id, `accuracy >= ${middle}`)).toEqual(better)
  await expect(lab.analyses.where(id, 'accuracy > 2')).rejects.toMatchObject({
    message: 'None of the first 8 networks passes “accuracy > 2”.',
  })
  await expect(lab.analyses.where(id, 'norm > 0', { seed: 99 })).rejects.toMatchObject({ code: 'not-found' })
})
