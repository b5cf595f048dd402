import { readFileSync, rmSync, writeFileSync } from 'node:fs'
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

test('a damaged map keeps no report from being written: it says so, and goes on with the rest', async () => {
  const { lab, folder } = bench
  const id = await bench.trained()
  await lab.analyses.run(id, { kind: 'evaluation', count: 3 })
  const { result } = await lab.analyses.run(id, { kind: 'map', count: 6, options: { method: 'pca' } })
  const { path } = result.file!
  const bytes = readFileSync(path)
  bytes[bytes.length - 1] ^= 1
  writeFileSync(path, bytes)
  for (const file of ['damaged', 'deleted']) {
    if (file === 'deleted') rmSync(path)
    const { reports } = await lab.reports.write(id, { formats: ['md', 'html'], folder })
    for (const report of reports) {
      const text = readFileSync(report, 'utf8')
      expect(text).toMatch(file === 'damaged' ? /\(map\) of run .* is damaged: the checksum/ : /\(map\) of run .* is missing/)
      expect(text).toContain('It is left out; make it again.')
      expect(text).not.toMatch(/Not made for this report: [^.]*\bmap\b/)
      expect(text).toContain('3 networks')
    }
  }
})
