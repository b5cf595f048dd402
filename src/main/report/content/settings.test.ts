import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { presets } from '../../../shared/presets.ts'
import { foldCommand } from './background.ts'
import { describeTarget, differences, meaningOf, prettyJson } from './settings.ts'

const preset = presets['mnist-paper']

describe('differences', () => {
  it('finds none between a preset and itself on other data', () => {
    expect(differences({ ...preset, data: { ...preset.data, id: 'f'.repeat(64) } }, preset)).toEqual([])
  })

  it('names each changed setting once, lists whole', () => {
    const document = {
      ...preset,
      seed: 1,
      method: { ...preset.method, extractor: [10], batchNorm: { ...preset.method.batchNorm, debias: true } },
    }
    expect(differences(document, preset)).toEqual([
      { path: 'method.extractor', preset: '[300,300]', value: '[10]' },
      { path: 'method.batchNorm.debias', preset: 'false', value: 'true' },
      { path: 'seed', preset: '8734', value: '1' },
    ])
  })

  it('names what differs in layers, where there are as many', () => {
    const [first, second, ...rest] = preset.target.layers
    const pooled = { ...preset, target: { ...preset.target, layers: [first, { ...second, size: 3 }, ...rest] } } as typeof preset
    expect(differences(pooled, preset)).toEqual([{ path: 'target.layers.1.size', preset: '2', value: '3' }])
    expect(meaningOf('target.layers.1.size')).toEqual({ meaning: 'window of the target’s layer 2' })
    const fewer = { ...preset, target: { ...preset.target, layers: [first, ...rest] } }
    expect(differences(fewer, preset).map(({ path }) => path)).toEqual(['target.layers'])
  })

  it('has a meaning for every setting of the presets', () => {
    const other = JSON.parse(
      JSON.stringify(preset, (_key, value: unknown) =>
        typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : value,
      ),
    ) as typeof preset
    const paths = differences(other, preset).map(({ path }) => path)
    expect(paths.length).toBeGreaterThan(25)
    expect(paths.filter((path) => meaningOf(path) === undefined && !path.startsWith('target.input'))).toEqual([])
  })
})

describe('prettyJson', () => {
  it('says the same, whatever the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(JSON.parse(prettyJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('keeps a document to a page', () => {
    const lines = prettyJson({ ...preset, data: { ...preset.data, id: 'f'.repeat(64) } }).split('\n')
    expect(lines.length).toBeLessThan(40)
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(96)
  })
})

it('describes a target from input to output', () => {
  expect(describeTarget(preset)).toBe(
    'convolution 5 × 5, 32 filters, ReLU → max-pool 2 → convolution 5 × 5, 16 filters, ReLU → max-pool 2 → dense 8, ReLU → dense 10',
  )
})

it('folds long commands without changing what a shell reads', () => {
  const command = `npm run lab -- train --preset mnist-quick ${Array.from({ length: 12 }, (_, i) => `--set key${i}=value${i}`).join(' ')}`
  const folded = foldCommand(command)
  expect(folded.split('\n').length).toBeGreaterThan(2)
  expect(folded.replaceAll(' \\\n  ', ' ')).toBe(command)
  expect(foldCommand(`echo "${'a '.repeat(80)}"`)).not.toContain('\n')
})
