import { afterEach, beforeEach, expect, test } from 'vitest'
import { coloursOfMap } from '../../shared/map-colours.ts'
import { openLabBench } from './testing/lab-bench.ts'
import type { LabBench } from './testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

test('a map knows which images its colours were measured on, and so does the command that makes it again', async () => {
  const { lab } = bench
  const id = await bench.trained()
  const { record } = await lab.maps.map(id, { count: 6, method: 'pca', colours: { split: 'test', images: 7 } })
  expect(coloursOfMap(record.options)).toEqual({ split: 'test', images: 7 })
  expect(lab.runs.details(id).commands.find((command) => command.includes(' map '))).toMatch(/ --split test --images 7( |$)/)
  const plain = await lab.maps.map(id, { count: 6, method: 'pca', colours: null })
  expect(coloursOfMap(plain.record.options)).toBeNull()
  expect(coloursOfMap({ perplexity: 30 })).toBeNull()
})
