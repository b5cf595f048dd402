import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

test('the perplexity fits the number of networks by itself; one that is too large is refused', async () => {
  const { lab } = bench
  const id = await bench.trained()
  const map = (count: number, options = {}) => lab.analyses.run(id, { kind: 'map', count, options })
  for (const [count, perplexity] of [
    [3, 1],
    [30, 9],
    [91, 30],
    [200, 30],
  ])
    expect((await map(count)).result.options).toMatchObject({ perplexity })
  // What comes by itself needs no saying again.
  expect(lab.runs.details(id).commands.find((command) => command.includes(' map '))).not.toMatch(/--perplexity/)
  for (const perplexity of [0, -1, NaN]) await expect(map(30, { perplexity })).rejects.toMatchObject({ code: 'invalid-argument' })
  await expect(map(30, { perplexity: 30 })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: 'A perplexity of 30 does not fit 30 networks.',
    remedy: expect.stringContaining('from 1 to 9 ') as string,
  })
  await expect(map(30, { method: 'pca', perplexity: 30 })).resolves.toBeDefined()
})

test('a map knows which images its colours were measured on, and so does the command that makes it again', async () => {
  const { lab } = bench
  const id = await bench.trained()
  const about = { kind: 'map', count: 6, options: { method: 'pca' } } as const
  const { result } = await lab.analyses.run(id, { ...about, split: 'test', images: 7 })
  expect(result).toMatchObject({ split: 'test', images: 7 })
  expect(lab.runs.details(id).commands.find((command) => command.includes(' map '))).toMatch(/ --split test --images 7( |$)/)
  expect((await lab.analyses.run(id, about)).result).toMatchObject({ split: null, images: null })
  expect(lab.runs.details(id).commands.find((command) => command.includes(' map '))).toContain(' --no-colours')
})
