import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { layOut } from '../../../shared/target-layout.ts'
import { nameArrays, writeArrays } from '../formats/named-arrays.ts'
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
