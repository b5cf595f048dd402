import { expect, it } from 'vitest'
import { presets } from '../../../shared/presets.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { hypernetworkSchema } from '../schema.ts'
import { initialParameters, layOutParameters, view } from './parameters.ts'

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
