import { beforeAll, expect, it } from 'vitest'
import { presets } from '../../../shared/presets.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { loadTensorFlow } from '../../../main/engine-host/load-tensorflow.ts'
import { randomStream } from '../../../engine/random/stream.ts'
import { meanOf } from '../../../shared/statistics/moments.ts'
import { hypernetworkSchema } from '../schema.ts'
import { Hypernetwork } from './hypernetwork.ts'
import { layOutParameters, view } from '../parameter-layout.ts'
import { initialParameters } from './initial-parameters.ts'

beforeAll(() => loadTensorFlow())

it('initial weights are truncated normal, of the variance that their fan-in gives, each matrix and seed of its own', () => {
  const { method, target } = presets['mnist-paper']
  const spec = { ...hypernetworkSchema.parse(method), initialScale: 3 }
  const layout = layOutParameters(spec, layOut(target))
  const values = initialParameters(spec, layout, 7)
  const firsts = new Set<number>()
  for (const entry of layout.parameters) {
    const own = view(values, entry)
    if (!entry.name.endsWith('_weights')) {
      expect(new Set(own), entry.name).toEqual(new Set([entry.name.endsWith('_scale') ? 1 : 0]))
      continue
    }
    const sigma = Math.sqrt(3 / entry.shape[0])
    const square = own.reduce((sum, value) => sum + (value / sigma) ** 2 / own.length, 0)
    // A standard normal cut off at 2 has the variance 0.7737, and its square the standard deviation 0.86.
    expect(Math.abs(square - 0.7737), entry.name).toBeLessThan((5 * 0.86) / Math.sqrt(own.length))
    expect(
      own.every((value) => Math.abs(value) <= 2.000001 * sigma),
      entry.name,
    ).toBe(true)
    firsts.add(own[0] / sigma)
  }
  expect(firsts.size).toBe(layout.parameters.filter(({ name }) => name.endsWith('_weights')).length)
  expect(initialParameters(spec, layout, 8)[0]).not.toBe(values[0])
})

it('an initial spread lets networks begin alike, but for so much', () => {
  const target = layOut(presets['mnist-paper'].target)
  /** Mean distance of a weight from its mean over networks, as a share of the weights' own size. */
  const spreadOf = (initialSpread?: number): number => {
    const spec = { ...presets['mnist-quick'].method, ...(initialSpread === undefined ? {} : { initialSpread }) }
    const hypernetwork = new Hypernetwork(spec, target)
    const noise = randomStream(1, 'map', 0, 0)
    const z = Float32Array.from({ length: 20 * spec.latent }, () => 2 * noise.uniform() - 1)
    const batch = hypernetwork.generateForTraining(initialParameters(spec, hypernetwork.layout, 7), z)
    const shares = batch.raw.map((raw) => {
      const each = raw.length / 20
      const own = (n: number) => raw.subarray(n * each, (n + 1) * each)
      const mean = own(0).map((_, k) => meanOf(Array.from({ length: 20 }, (_none, n) => own(n)[k])))
      const size = Math.sqrt(meanOf(raw.map((value) => value ** 2)))
      return Math.sqrt(meanOf(raw.map((value, k) => (value - mean[k % each]) ** 2))) / size
    })
    batch.free()
    return Math.max(...shares)
  }
  expect(spreadOf()).toBeGreaterThan(0.9)
  expect(spreadOf(0.1)).toBeLessThan(0.3)
  expect(spreadOf(0.01)).toBeLessThan(0.03)
})
