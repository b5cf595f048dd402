import fc from 'fast-check'
import { expect, test } from 'vitest'
import { downsampler } from './downsample.ts'
import type { CurvePoint } from './downsample.ts'
import { partSteps } from './metric-extremes.ts'
import { openStore } from '../open-store.ts'
import { inFolder, sampleRun } from '../testing/samples.ts'
import type { Curve } from '../types.ts'

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
    expect(store.metrics.curve(id, 'loss', { from: 1, to: 3 })).toEqual({
      steps: new Float64Array([1, 2, 3]),
      values: new Float64Array(values.slice(1, 4)),
    })
    expect(store.metrics.curve(id, 'unheard of').steps).toHaveLength(0)
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

test('a spike that was taken back is not seen any more, though the run goes on further on', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    const flat = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => ({ step: from + i, name: 'loss', value: from + i === 70 ? 99 : 1, at: 0 }))
    store.metrics.append(id, flat(0, 300))
    // Step 70 lies in the part of 64 steps that is cut in two.
    store.metrics.truncate(id, 65)
    store.metrics.append(id, flat(200, 900))
    const { steps, values } = store.metrics.curve(id, 'loss', { maxPoints: 12 })
    expect([...steps].filter((step) => step > 65 && step < 200)).toEqual([])
    expect(Math.max(...values)).toBe(1)
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
    const { steps, values } = store.metrics.curve(id, 'loss', { maxPoints: 100 })
    expect(steps.length).toBeLessThanOrEqual(100)
    expect(values[steps.indexOf(spike)]).toBe(1e6)
    expect(() => store.metrics.curve(id, 'loss', { maxPoints: 3 })).toThrow(/need 4/)
    expect(store.metrics.curve(id, 'loss', { maxPoints: 4 }).steps).toEqual(new Float64Array([0, spike, 49_999]))
    store.close()
  }))

/** Thinned from every point, as a curve must be whatever it is thinned from. */
function naive(samples: readonly CurvePoint[], maxPoints: number): CurvePoint[] {
  const all = samples.map(({ step, value }) => ({ step, value }))
  if (all.length <= maxPoints) return all
  const thinned = downsampler([all[0], all[all.length - 1]], maxPoints, partSteps)
  for (const point of all) thinned.take(point)
  return thinned.finish()
}

const pointsOf = ({ steps, values }: Curve): CurvePoint[] => Array.from(steps, (step, i) => ({ step, value: values[i] }))

/** Few values, so that many are alike; some are no numbers. */
const value = fc.oneof({ weight: 30, arbitrary: fc.integer({ min: -9, max: 9 }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) })
const stretch = { from: fc.nat({ max: 3000 }), count: fc.integer({ min: 1, max: 1500 }), stride: fc.constantFrom(1, 1, 3, 70, 500) }
const change = fc.oneof(
  fc.record({ ...stretch, kind: fc.constant('write' as const), values: fc.array(value, { minLength: 1, maxLength: 40 }) }),
  fc.record({ kind: fc.constant('cut' as const), from: fc.nat({ max: 3000 }) }),
)
const wish = fc.record({ from: fc.nat({ max: 4000 }), length: fc.nat({ max: 200_000 }), maxPoints: fc.integer({ min: 4, max: 400 }) })

test('a curve is thinned as exactly from its extremes as from its points, whatever was written over, cut off or not a number', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    let name = 0
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), fc.array(wish, { minLength: 1, maxLength: 6 }), (changes, wishes) => {
        const curve = `curve ${name++}`
        for (const made of changes) {
          if (made.kind === 'cut') store.metrics.truncate(id, made.from)
          else {
            const { from, count, stride, values } = made
            const points = Array.from({ length: count }, (_, i) => ({
              name: curve,
              step: from + i * stride,
              value: values[i % values.length],
              at: 0,
            }))
            store.metrics.append(id, points)
          }
        }
        for (const { from, length, maxPoints } of wishes) {
          const range = { from, to: from + length }
          const all = store.metrics.read(id, curve, range)
          expect(pointsOf(store.metrics.curve(id, curve, { ...range, maxPoints }))).toEqual(naive(all, maxPoints))
        }
      }),
      { numRuns: 40 },
    )
    store.close()
  }))

test('a peak of a curve that grows is seen at every length, and so is its last point', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    for (let step = 0; step < 70_000; step += 3500) {
      const points = Array.from({ length: 3500 }, (_, i) => ({
        name: 'loss',
        step: step + i,
        value: step + i === 4321 ? 9 : Math.sin(i),
        at: 0,
      }))
      store.metrics.append(id, points)
      const curve = pointsOf(store.metrics.curve(id, 'loss', { maxPoints: 50 }))
      expect(curve.at(-1)).toEqual({ step: step + 3499, value: Math.sin(3499) })
      expect(curve.some((point) => point.value === 9)).toBe(step + 3500 > 4321)
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
