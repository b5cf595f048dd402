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

test('a long curve is thinned as exactly from its parts as from its points, whatever was written over, cut off or not a number', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    const value = (step: number): number => (step % 9973 === 5 ? Number.NaN : Math.sin(step / 300) + (step % 4999 === 7 ? 50 : 0))
    const append = (from: number, to: number, salt = 0): void => {
      const points = Array.from({ length: to - from }, (_, i) => ({
        step: from + i,
        name: 'loss',
        value: value(from + i) + salt,
        at: from + i,
      }))
      for (let i = 0; i < points.length; i += 1000) store.metrics.append(id, points.slice(i, i + 1000))
    }
    append(10, 40_000)
    append(20_000, 20_010, 9)
    store.metrics.truncate(id, 30_000)
    append(30_001, 35_000)
    for (const [from, to, maxPoints] of [
      [0, 40_000, 100],
      [33, 34_001, 50],
      [100, 29_999, 300],
      [64, 127, 10],
      [19_000, 21_000, 20],
    ]) {
      const all = store.metrics.read(id, 'loss', { from, to })
      const thin = store.metrics.read(id, 'loss', { from, to, maxPoints })
      expect(thin.length).toBeLessThanOrEqual(maxPoints)
      expect([thin[0], thin.at(-1)]).toEqual([all[0], all.at(-1)])
      const byStep = new Map(all.map((sample) => [sample.step, sample]))
      for (const sample of thin) expect(sample).toEqual(byStep.get(sample.step))
      expect(thin.map(({ step }) => step)).toEqual(thin.map(({ step }) => step).toSorted((a, b) => a - b))
      const finite = (samples: typeof all): number[] => samples.map((sample) => sample.value).filter((each) => !Number.isNaN(each))
      expect(Math.max(...finite(thin))).toBe(Math.max(...finite(all)))
      expect(Math.min(...finite(thin))).toBe(Math.min(...finite(all)))
      expect(thin.some((sample) => Number.isNaN(sample.value))).toBe(all.some((sample) => Number.isNaN(sample.value)))
    }
    store.close()
  }))

test('300,000 points all arrive, and the last is the last', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    const names = ['loss', 'crossEntropy', 'entropy', 'nearest', 'stepMilliseconds', 'rate']
    for (let step = 0; step < 50_000; step += 200) {
      store.metrics.append(
        id,
        Array.from({ length: 200 * names.length }, (_, i) => {
          const [own, name] = [step + Math.floor(i / names.length), names[i % names.length]]
          return { step: own, name, value: own + i, at: own }
        }),
      )
    }
    for (const name of names) expect(store.metrics.read(id, name)).toHaveLength(50_000)
    expect(Object.values(store.metrics.latest(id)).map(({ step }) => step)).toEqual(names.map(() => 49_999))
    store.close()
  }))
