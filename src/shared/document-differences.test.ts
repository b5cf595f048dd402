import { describe, expect, it } from 'vitest'
import { differences } from './document-differences.ts'
import { presets } from './presets.ts'
import { settingOf } from './settings.ts'

const preset = presets['mnist-paper']

describe('differences', () => {
  it('finds the data alone between a preset and itself on other data', () => {
    expect(differences([preset, { ...preset, data: { ...preset.data, id: 'other' } }])).toEqual([
      { key: 'data.id', values: ['mnist', 'other'] },
    ])
  })

  it('names each changed setting once, lists whole', () => {
    const document = {
      ...preset,
      seed: 1,
      method: { ...preset.method, extractor: [10], batchNorm: { ...preset.method.batchNorm, debias: true } },
    }
    expect(differences([preset, document])).toEqual([
      { key: 'method.extractor', values: [[300, 300], [10]] },
      { key: 'method.batchNorm.debias', values: [false, true] },
      { key: 'seed', values: [8734, 1] },
    ])
  })

  it('names what differs in layers, where there are as many', () => {
    const [first, second, ...rest] = preset.target.layers
    const pooled = { ...preset, target: { ...preset.target, layers: [first, { ...second, size: 3 }, ...rest] } } as typeof preset
    expect(differences([preset, pooled])).toEqual([{ key: 'target.layers.1.size', values: [2, 3] }])
    expect(settingOf('target.layers.1.size').label).toBe('Window, layer 2')
    const fewer = { ...preset, target: { ...preset.target, layers: [first, ...rest] } }
    expect(differences([preset, fewer]).map(({ key }) => key)).toEqual(['target.layers'])
  })

  it('has a meaning for every setting of the presets', () => {
    const other = JSON.parse(
      JSON.stringify(preset, (_key, value: unknown) =>
        typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : value,
      ),
    ) as typeof preset
    const paths = differences([preset, other]).map(({ key }) => key)
    expect(paths.length).toBeGreaterThan(25)
    expect(paths.filter((path) => settingOf(path).help === '' && !/^(target.input|data.split)/.test(path))).toEqual([])
  })
})
