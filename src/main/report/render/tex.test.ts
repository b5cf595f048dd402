import { unzipSync } from 'fflate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildReport } from '../build-report.ts'
import { syntheticInput } from '../testing/synthetic-input.ts'
import { pgfplots } from './pgfplots.ts'
import { escapeTex } from './tex.ts'
import { texTable } from './tex-table.ts'

const special = fc.string({ unit: fc.constantFrom(...'\\{}$&#%_^~<>|"\'`  aλ−%\n'.split('')), maxLength: 40 })

/** Braces that are not escaped, opened and closed in pairs. */
function isBalanced(tex: string): boolean {
  let depth = 0
  for (const [mark] of tex.matchAll(/\\.|%[^\n]*|[{}]/gs)) {
    if (mark === '{') depth++
    else if (mark === '}' && --depth < 0) return false
  }
  return depth === 0
}

describe('LaTeX', () => {
  it('takes no text for a command', () => {
    fc.assert(
      fc.property(special, (text) => {
        const commands =
          /\\(text(backslash|asciicircum|asciitilde|less|greater|bar|quotedbl|asciigrave|quotesingle)\{\}|ensuremath\{(-|\\lambda|\\cdot)\}|[{}$&#%_])/g
        expect(escapeTex(text).replace(commands, '')).not.toMatch(/[\\{}$&#%_^<>|"'`\n]/)
      }),
    )
  })

  it('gets tables whose rows all have their cells', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(special, special), { minLength: 1, maxLength: 5 }), (cells) => {
        const rows = cells.map(([a, b]) => [[a], [{ code: b }]])
        const columns = [
          { header: ['a'], align: 'left' as const },
          { header: ['b_c'], align: 'right' as const },
        ]
        const tex = texTable({ id: 'x', title: 'A & B', caption: [], columns, rows })
        expect(isBalanced(tex)).toBe(true)
        const lines = tex.split('\n').filter((line) => line.endsWith('\\\\'))
        expect(lines).toHaveLength(rows.length + 1)
        for (const line of lines) expect(line.match(/(?<!\\)&/g)).toHaveLength(1)
      }),
    )
  })

  it('gets plots without what is no number', () => {
    const tex = pgfplots({
      id: 'x-y',
      title: '100% {sure}',
      caption: [],
      description: '',
      svg: '',
      data: {
        columns: ['a%', 'b'],
        rows: [
          [1, NaN],
          [2, null],
          [3, Infinity],
        ],
      },
      plots: [{ x: { label: '50% & more' }, y: { label: 'b_1' }, series: [{ kind: 'line', x: 'a%', y: 'b', name: '#1' }] }],
    })
    expect(tex).toContain('1 nan\n2 nan\n3 inf')
    expect(isBalanced(tex ?? '{')).toBe(true)
  })
})

it('the archive holds every figure three times, every table, and what they are', async () => {
  const [archive] = await buildReport(syntheticInput(), 'figures')
  expect(archive.name).toBe('report-7f3a9c21-figures.zip')
  const files = unzipSync(archive.bytes)
  const names = Object.keys(files).map((name) => name.replace('report-7f3a9c21-figures/', ''))
  const figures = names.filter((name) => name.endsWith('.svg')).map((name) => name.slice(0, -4))
  expect(figures).toHaveLength(9)
  for (const figure of figures) expect(names).toEqual(expect.arrayContaining([`${figure}.csv`, `${figure}.tex`]))
  expect(names.filter((name) => name.startsWith('table-')).length).toBeGreaterThan(2)
  for (const [name, bytes] of Object.entries(files)) {
    if (!name.endsWith('.tex')) continue
    const tex = new TextDecoder().decode(bytes)
    expect(isBalanced(tex)).toBe(true)
    expect(tex).not.toMatch(/undefined|c-1|NaN|Infinity/)
    const begun = [...tex.matchAll(/\\begin\{(\w+)\}/g)].map(([, name]) => name).sort()
    expect([...tex.matchAll(/\\end\{(\w+)\}/g)].map(([, name]) => name).sort()).toEqual(begun)
  }
  expect((await buildReport(syntheticInput(), 'figures'))[0].bytes).toEqual(archive.bytes)
})
