import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { presets } from '../../../shared/presets.ts'
import { foldCommand } from './background.ts'
import { describeTarget, prettyJson } from './settings.ts'

const preset = presets['mnist-paper']

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
