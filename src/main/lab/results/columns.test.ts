import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLabBench, type LabBench } from '../testing/lab-bench.ts'
import { columnsOf, writeColumns } from './columns.ts'

let bench: LabBench
beforeAll(async () => {
  bench = await openLabBench()
})
afterAll(() => bench.close())

it('a table of each result is a file of its own, a row a network', async () => {
  const { lab } = bench
  const run = await bench.trained()
  const map = async (seed: number) => {
    const { result } = await lab.analyses.run(run, { kind: 'map', count: 5, seed, options: { method: 'pca' } })
    return lab.store.results.list(run, { kind: 'map', during: false }).find(({ id }) => id === result.id)!
  }
  const made = [await map(1), await map(2)]
  const paths = await Promise.all(made.map((result) => writeColumns(lab.store, result, 'csv')))
  expect(paths.map((path) => basename(path))).toEqual(made.map(({ id }) => `map-${id}-5.csv`))
  for (const [i, result] of made.entries()) {
    const columns = Object.entries(await columnsOf(lab.store, result))
    const lines = readFileSync(paths[i], 'utf8').trimEnd().split('\n')
    expect(lines[0]).toBe(['index', ...columns.map(([name]) => name)].join())
    expect(lines.slice(1).map((line) => line.split(',').map(Number))).toEqual(
      Array.from({ length: 5 }, (_, at) => [at, ...columns.map(([, values]) => values[at])]),
    )
  }
})
