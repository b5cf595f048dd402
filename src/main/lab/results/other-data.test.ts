import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineJob } from '../../../shared/engine-protocol.ts'
import { addDataset } from '../../store/testing/samples.ts'
import { openLabBench, type LabBench } from '../testing/lab-bench.ts'
import { tinyBars } from '../testing/tiny-data.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

const ask = (id: string, outside: string | null, more: object = {}) => {
  const options = outside === null ? {} : { outside }
  return bench.lab.analyses.run(id, { kind: 'outsider', count: 3, split: 'validation', images: 10, options, ...more })
}

describe('another data set', () => {
  it('goes to the job by its hash, whatever it was called by', async () => {
    const bars = tinyBars()
    const { hash } = await addDataset(bench.lab.store, { ...bars, images: bars.images.map((value) => 255 - value) }, 'dark bars')
    const id = await bench.trained()
    const jobs: EngineJob[] = []
    const run = bench.engine.run.bind(bench.engine)
    bench.engine.run = (job, handlers) => {
      jobs.push(job)
      return run(job, handlers)
    }
    // The made-up engine goes no further.
    await expect(ask(id, 'dark bars')).rejects.toThrow('does no outsider')
    expect(jobs).toMatchObject([{ analysis: 'outsider', options: { outside: hash }, outside: { hash, name: 'dark bars', count: 150 } }])
    expect(bench.lab.store.results.list(id, { kind: 'outsider' })).toEqual([])
  })

  it.each([
    [null, {}, '"outsider" must be told about which other data set'],
    ['bars', {}, '"bars" is what the networks were trained on'],
    ['large', {}, 'The images of "large" are 8 × 8 grey, and the networks look at 6 × 6 grey.'],
    ['untried', {}, '"untried" has no validation images.'],
    ['baars', {}, 'There is no data set "baars". Did you mean "bars"?'],
    ['untried', { count: 1 }, 'One network is too few for "outsider".'],
  ])('"%s" is refused before the job starts', async (name, more, message) => {
    const bars = tinyBars()
    const images = new Uint8Array(150 * 64)
    await addDataset(bench.lab.store, { ...bars, height: 8, width: 8, images }, 'large')
    const suggestedSplit = { train: 100, validation: 0, test: 50 }
    await addDataset(bench.lab.store, { ...bars, images: bars.images.map((value) => 255 - value), suggestedSplit }, 'untried')
    const id = await bench.trained()
    const before = bench.engine.ran.length
    await expect(ask(id, name, more)).rejects.toThrow(message)
    expect(bench.engine.ran.length).toBe(before)
  })
})
