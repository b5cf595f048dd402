import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DatasetRecord } from '../../store/types.ts'
import { openLabBench, type LabBench } from '../testing/lab-bench.ts'
import { tinyBars } from '../testing/tiny-data.ts'
import { balanceOf, choosePictures, sampleOfEachClass } from './pictures.ts'

/** Image i is of class i modulo 3; 110 train, 20 validate, 20 test. */
let bench: LabBench
let bars: DatasetRecord
beforeAll(async () => {
  bench = await openLabBench()
  bars = bench.lab.datasets.get('bars')
})
afterAll(() => bench.close())

it.each([
  [{ split: 'validation', class: 1, offset: 2, count: 3 }, [118, 121, 124]],
  [{ split: 'validation', class: 1, offset: 5, count: 3 }, [127]],
  [{ split: 'test', count: 2 }, [130, 131]],
  [{ split: 'test', offset: 18 }, [148, 149]],
  [{ class: 2, count: 3 }, [2, 5, 8]],
  [{ indices: [7, 3] }, [7, 3]],
] as const)('pictures that are asked for: %j', async (request, places) => {
  const { indices, labels, pixels } = await choosePictures(bench.lab.store, bars, request)
  expect([...indices]).toEqual(places)
  expect([...labels]).toEqual(places.map((place) => place % 3))
  const { images } = tinyBars()
  expect([...pixels]).toEqual(places.flatMap((place) => [...images.subarray(36 * place, 36 * (place + 1))]))
})

it('some of each class are of the split that is asked for, class by class, the same each time', async () => {
  const data = { id: bars.hash, split: bars.suggestedSplit }
  const found = () => sampleOfEachClass(bench.lab.store, bars, data, { split: 'test', perClass: 2 })
  const { indices, labels } = await found()
  expect([...labels]).toEqual([0, 0, 1, 1, 2, 2])
  for (const [at, place] of indices.entries()) {
    expect(place % 3).toBe(labels[at])
    expect(place).toBeGreaterThanOrEqual(130)
  }
  expect(new Set(indices).size).toBe(6)
  expect((await found()).indices).toEqual(indices)
  // All there are, where more are asked for.
  const all = await sampleOfEachClass(bench.lab.store, bars, data, { split: 'train', perClass: 300 })
  expect([...all.indices].sort((a, b) => a - b)).toEqual(Array.from({ length: 110 }, (_, place) => place))
})

it('classes are counted split by split', async () => {
  expect(await balanceOf(bench.lab.store, bars)).toEqual([
    { name: 'left', train: 37, validation: 7, test: 6 },
    { name: 'middle', train: 37, validation: 6, test: 7 },
    { name: 'right', train: 36, validation: 7, test: 7 },
  ])
})
