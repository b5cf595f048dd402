import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandLine, program } from '../../../shared/command-line.ts'
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
})

it('folds any words so that a shell reads them as they were', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.array(fc.integer({ min: 0, max: 9999 }), { minLength: 30, maxLength: 100 }).map(String),
    fc.string({ unit: fc.constantFrom("'", '\\', 'a', ' ', ','), minLength: 60, maxLength: 250 }),
  )
  fc.assert(
    fc.property(
      fc.array(
        word.map((text) => text.replaceAll('\0', '')),
        { minLength: 1, maxLength: 8 },
      ),
      (words) => {
        const folded = foldCommand(commandLine(words).replace(program, String.raw`printf %s\\0`))
        expect(execFileSync('sh', ['-c', folded]).toString('utf8')).toBe(words.map((text) => `${text}\0`).join(''))
        if (words.every((text) => /^[\x20-\x7e]*$/.test(text))) for (const line of folded.split('\n')) expect(line.length).toBeLessThan(100)
      },
    ),
    { numRuns: 60 },
  )
})
