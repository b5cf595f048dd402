import { expect, test } from 'vitest'
import { openStore } from './open-store.ts'
import { inFolder, sampleRun } from './testing/samples.ts'

test('series are read as they were written, NaN and infinity too', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    const values = [1.5, Number.NaN, Infinity, -Infinity, 1e-300]
    store.metrics.append(
      id,
      values.map((value, step) => ({ step, name: 'loss', value, at: step + 0.25 })),
    )
    store.metrics.append(id, [{ step: 9, name: 'entropy', value: 3, at: 1 }])
    expect(store.metrics.names(id)).toEqual(['entropy', 'loss'])
    expect(store.metrics.read(id, 'loss')).toEqual(values.map((value, step) => ({ step, value, at: step + 0.25 })))
    expect(store.metrics.read(id, 'loss', { from: 2, to: 3 })).toHaveLength(2)
    expect(store.metrics.read(id, 'unheard of')).toEqual([])
    expect(store.metrics.latest(id)).toEqual({ loss: { step: 4, value: 1e-300, at: 4.25 }, entropy: { step: 9, value: 3, at: 1 } })
    store.close()
  }))

test('a resumed run replaces the steps it repeats, and may forget those it will not reach', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    store.metrics.append(
      id,
      [1, 2, 3].map((step) => ({ step, name: 'loss', value: step, at: 0 })),
    )
    store.metrics.append(id, [{ step: 2, name: 'loss', value: 20, at: 1 }])
    expect(store.metrics.read(id, 'loss').map(({ value }) => value)).toEqual([1, 20, 3])
    store.metrics.truncate(id, 1)
    expect(store.metrics.read(id, 'loss')).toHaveLength(1)
    store.close()
  }))

test('one spike in 50,000 points is seen in 100', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    const spike = 31_337
    store.metrics.append(
      id,
      Array.from({ length: 50_000 }, (_, step) => ({ step, name: 'loss', value: step === spike ? 1e6 : 1, at: 0 })),
    )
    const thinned = store.metrics.read(id, 'loss', { maxPoints: 100 })
    expect(thinned.length).toBeLessThanOrEqual(100)
    expect(thinned).toContainEqual({ step: spike, value: 1e6, at: 0 })
    expect(() => store.metrics.read(id, 'loss', { maxPoints: 2 })).toThrow(/need 4/)
    store.close()
  }))
