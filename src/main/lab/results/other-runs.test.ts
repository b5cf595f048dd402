import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineJob } from '../../../shared/engine-protocol.ts'
import { openLabBench, type LabBench } from '../testing/lab-bench.ts'
import { writeColumns } from './columns.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

const ask = (others: string[], more: object = {}) => ({
  ...{ kind: 'map', count: 4, options: { method: 'pca', with: others }, ...more },
})

describe('other runs in a map', () => {
  it('go to the job by id, checkpoint and seed of their own, and are tested on the same images', async () => {
    const [id, other] = [await bench.trained(), await bench.trained('seed=5')]
    const jobs: EngineJob[] = []
    const run = bench.engine.run.bind(bench.engine)
    bench.engine.run = (job, handlers) => {
      jobs.push(job)
      return run(job, handlers)
    }
    const { lab } = bench
    const { result } = await lab.analyses.run(id, ask([other], { split: 'validation', images: 7 }) as never)
    expect(result.options).toMatchObject({ with: [`${other}@20`], weights: 'raw' })
    const job = jobs.at(-1)
    const [own, beside] = [id, other].map((one) => lab.runs.get(one))
    expect(job).toMatchObject({
      count: 4,
      together: {
        parts: [
          { run: id, count: 4, seed: own.document.seed },
          { run: other, name: beside.name, step: 20, seed: 5, count: 4 },
        ],
        others: [{ document: { seed: 5 }, checkpoint: { step: 20 } }],
      },
    })
    const arrays = await lab.analyses.arrays(result)
    for (const name of ['coordinates', 'value:norm', 'value:accuracy', 'value:disagreement']) expect(arrays[name].shape[0]).toBe(8)
    const evaluated = [id, other].map((one) => lab.store.results.list(one, { kind: 'evaluation' }).at(-1)!)
    const accuracies = evaluated.flatMap((one) => (one.result as unknown as { accuracies: number[] }).accuracies)
    expect([...arrays['value:accuracy'].data]).toEqual([...Float32Array.from(accuracies)])
    const path = await writeColumns(lab.store, result, 'csv', join(bench.folder, 'map.csv'))
    const lines = readFileSync(path, 'utf8').trim().split('\n')
    expect(lines[0]).toMatch(/^run,index,x,y,accuracy,/)
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 2).join(' '))).toEqual(
      [id, other].flatMap((one) => [0, 1, 2, 3].map((index) => `${one} ${index}`)),
    )
    // Networks of the run alone are found by what the map says of them.
    expect(await lab.analyses.where(id, 'norm > -1e9')).toEqual([0, 1, 2, 3])
    expect(lab.runs.details(id).commands.find((command) => command.includes(' map '))).toContain(`--with ${other}@20 `)
  })

  it.each([
    ['itself', 'is the run itself: its networks are there already.'],
    ['twice', 'is named twice.'],
    ['wider', 'The target network of'],
    ['dealt', 'their networks cannot be tested on the same images.'],
    ['untrained', 'has no checkpoint yet.'],
    ['gone', 'keeps no checkpoint at step 7.'],
    ['unknown', 'There is no run "clam-otter"'],
    ['many', '8 other runs are too many|Too big'],
  ])('%s are refused before the job starts', async (what, message) => {
    const id = await bench.trained()
    const named: Record<string, () => Promise<string[]>> = {
      itself: () => Promise.resolve([id]),
      twice: async () => {
        const other = await bench.trained('seed=5')
        return [other, other]
      },
      wider: async () => {
        const { target } = structuredClone(bench.lab.runs.get(id).document)
        const first = target.layers[0] as { units?: number; filters?: number }
        if (first.units === undefined) first.filters = 3
        else first.units = 3
        return [await bench.trained(`target.layers=${JSON.stringify(target.layers)}`)]
      },
      dealt: async () => {
        const { data } = bench.lab.runs.get(id).document
        return [await bench.trained(`data.split=${JSON.stringify({ ...data.split, validation: data.split.validation - 1 })}`)]
      },
      untrained: async () => [(await bench.create('seed=5')).id],
      gone: async () => [`${await bench.trained('seed=5')}@7`],
      unknown: () => Promise.resolve(['clam-otter']),
      many: () => Promise.resolve(Array.from({ length: 8 }, (_, i) => `run-${i}`)),
    }
    const others = await named[what]()
    const before = bench.engine.ran.length
    const request = ask(others, { split: 'validation', images: 7 })
    await expect(bench.lab.analyses.run(id, request as never)).rejects.toThrow(new RegExp(message.replaceAll('.', '\\.')))
    // A button's task is refused at once, too.
    expect(() => bench.lab.start.analyse(id, request)).toThrow()
    expect(bench.engine.ran.length).toBe(before)
  })
})
