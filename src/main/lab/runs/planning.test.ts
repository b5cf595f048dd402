import type * as Os from 'node:os'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { arithmeticOf } from '../../../shared/arithmetic.ts'
import type { Plan } from '../../../shared/contract/runs.ts'
import { parseAssignment } from '../experiment/set-values.ts'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'
import { tinySettings } from '../testing/tiny-data.ts'

const parallelism = vi.hoisted(() => vi.fn<() => number>())
vi.mock('node:os', async (original) => {
  const own = await original<typeof Os>()
  parallelism.mockImplementation(own.availableParallelism)
  return { ...own, availableParallelism: parallelism }
})

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

/** Of 20 steps of 4 networks on 4 images each, without tests on the way. */
async function planOf(...settings: string[]): Promise<Plan> {
  const all = new Map([...tinySettings, 'evaluation.every=0', ...settings].map((text) => [text.split('=', 1)[0], text]))
  return bench.lab.planning.plan({ from: 'mnist-quick', data: 'bars', settings: [...all.values()].map(parseAssignment) })
}
const estimateOf = async (...settings: string[]) => (await planOf(...settings)).estimate

describe('what a run would take', () => {
  it('is its steps, and its tests: forward alone, which is a third of a step with as many networks and images', async () => {
    const { stepSeconds, seconds, basis } = await estimateOf()
    expect(basis).toMatch(/^A guess from the number of operations/)
    expect(seconds / stepSeconds).toBeCloseTo(20, 9)
    const tested = await estimateOf('evaluation.every=6', 'evaluation.networks=4', 'evaluation.images=4')
    expect(tested.stepSeconds).toBe(stepSeconds)
    expect(tested.seconds / stepSeconds).toBeCloseTo(20 + 4 / 3, 9)
    expect((await estimateOf('method.noiseBatch=12')).stepSeconds / stepSeconds).toBeCloseTo(3, 9)
  })

  it('is guessed to take half as long on twice as many cores', async () => {
    const on = (cores: number) => {
      parallelism.mockReturnValueOnce(cores)
      return estimateOf()
    }
    const [two, four] = [await on(2), await on(4)]
    expect(two.stepSeconds / four.stepSeconds).toBeCloseTo(2, 9)
    expect([two.basis, four.basis]).toEqual([expect.stringContaining('on 2 cores'), expect.stringContaining('on 4 cores')])
  })

  it('follows the median step of a run on this machine, in proportion where its sizes are others', async () => {
    const { store } = bench.lab
    const id = await bench.trained()
    const points = Array.from({ length: 20 }, (_, i) => ({
      step: i + 1,
      name: 'stepMilliseconds',
      value: i % 5 === 0 ? 60_000 : 96 + i,
      at: 1,
    }))
    store.metrics.append(id, points)
    const times = points.map(({ value }) => value).sort((a, b) => a - b)
    const like = await estimateOf()
    expect(like.basis).toContain(bench.lab.runs.get(id).name)
    expect(like.stepSeconds).toBe(times[10] / 1000)
    const twice = await estimateOf('method.noiseBatch=8')
    expect(twice.basis).toMatch(/^In proportion to/)
    expect(twice.stepSeconds).toBeCloseTo(2 * like.stepSeconds, 9)
    const { machine, versions } = store.runs.get(id)
    store.runs.setMachine(id, { machine: { ...machine!, cpu: 'another' }, versions: versions!, farmProcesses: 2 })
    expect((await estimateOf()).basis).toMatch(/^A guess/)
  })

  it('has room for the checkpoints that are kept: three at most', async () => {
    const [every, some, none] = await Promise.all([1, 15, 50].map((steps) => planOf(`training.checkpointEvery=${steps}`)))
    expect(every.estimate.diskBytes).toBe(some.estimate.diskBytes)
    expect(some.estimate.diskBytes - none.estimate.diskBytes).toBe(4 * arithmeticOf(some.document).state)
  })
})
