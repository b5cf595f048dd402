import { unzipSync } from 'fflate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildReport } from '../build-report.ts'
import type { PlotHint, PlotSeries } from '../content/document.ts'
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

  it('takes no cell for the space behind a row, and no hyphens for a dash', () => {
    const columns = [1, 2].map((at) => ({ header: [`[${at}]`], align: 'left' as const }))
    const tex = texTable({
      id: 'x',
      title: 'A',
      caption: [],
      columns,
      rows: [
        [['[0.1, 0.2]'], ['a']],
        [['*'], [{ code: 'data add --name a,,b' }]],
      ],
    })
    expect(tex).toContain('  {}[1] & [2] \\\\\n')
    expect(tex).toContain('  {}[0.1, 0.2] & a \\\\\n')
    expect(tex).toContain('  {}* & \\texttt{data add -{}-name a,{},b} \\\\\n')
    expect(escapeTex('0.1–0.2')).toBe('0.1--0.2')
  })

  it('gets no table wider than a line: what has no paragraph is made smaller, what has one is set to fit', () => {
    const table = (cell: string) =>
      texTable({
        id: 'x',
        title: 'A',
        caption: [],
        columns: [1, 2].map((at) => ({ header: [`${at}`], align: 'left' })),
        rows: [[['a'], [cell]]],
      })
    expect(table('narrow')).toMatch(
      /\\resizebox\{\\ifdim\\width>\\linewidth \\linewidth\\else\\width\\fi\}\{!\}\{%\n {2}\\begin\{tabular\}[\s\S]*\\end\{tabular\}\}\n/,
    )
    expect(table('wide '.repeat(20))).not.toContain('resizebox')
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

it('plots take each column for what it is: across, upwards, edges, colours', () => {
  const data = {
    columns: ['step', 'mean', 'min', 'max', 'loss'],
    rows: [
      [10, 0.5, 0.4, 0.7, 2],
      [30, 0.6, 0.45, 0.9, -3],
    ],
  }
  const lines = (tex: string | null): string[] => (tex ?? '').split('\n')
  const plot = (series: PlotSeries[], more: Partial<PlotHint> = {}): string[] =>
    lines(
      pgfplots({
        id: 'a-b',
        title: 't',
        caption: [],
        description: '',
        svg: '',
        data,
        plots: [{ x: { label: 'steps' }, y: { label: 'share' }, series, ...more }],
      }),
    )
  const line = plot([{ kind: 'line', x: 'step', y: 'mean', low: 'min', high: 'max', name: 'a' }])
  expect(line.slice(line.indexOf('c0 c1 c2 c3 c4'), line.indexOf('}\\abdataa') + 1)).toEqual([
    'c0 c1 c2 c3 c4',
    '10 0.5 0.4 0.7 2',
    '30 0.6 0.45 0.9 -3',
    '}\\abdataa',
  ])
  expect(line.filter((one) => /addplot|legendentry/.test(one))).toEqual([
    '\\addplot[draw=none, forget plot, name path=low0] table[x=c0, y=c2] {\\abdataa};',
    '\\addplot[draw=none, forget plot, name path=high0] table[x=c0, y=c3] {\\abdataa};',
    '\\addplot[blue!70!black, opacity=0.2, forget plot] fill between[of=low0 and high0];',
    '\\addplot[blue!70!black, thick] table[x=c0, y=c1] {\\abdataa};',
    '\\addlegendentry{a}',
  ])
  const limits = plot([{ kind: 'points', x: 'max', y: 'loss', colour: 'min' }], {
    x: { label: 'steps', log: true, min: 1, max: 2 },
    y: { label: 'share', min: 3, max: 4 },
  })
  expect(limits).toContain(
    '\\nextgroupplot[xlabel={steps}, ylabel={share}, xmode=log, xmin=1, xmax=2, ymin=3, ymax=4, colorbar, colormap/viridis]',
  )
  expect(limits.find((one) => one.includes('only marks'))).toContain('table[x=c3, y=c4, meta=c2] {\\abdataa};')
  const whiskers = plot([{ kind: 'points', x: 'step', y: 'mean', low: 'min', high: 'max', name: 'a' }])
  expect(whiskers.filter((one) => /addplot|legendentry/.test(one))).toEqual([
    '\\addplot[only marks, mark=*, mark size=1.5pt, error bars/.cd, y dir=both, y explicit] table[x=c0, y=c1, y error plus expr={\\thisrow{c3}-\\thisrow{c1}}, y error minus expr={\\thisrow{c1}-\\thisrow{c2}}] {\\abdataa};',
    '\\addlegendentry{a}',
  ])
  expect(plot([{ kind: 'histogram', y: 'loss', bins: 7 }]).find((one) => one.includes('addplot'))).toContain('hist={bins=7}] table[y=c4]')
  const raster = plot([{ kind: 'raster', x: 'step', y: 'mean', colour: 'loss', columns: 9 }]).find((one) => one.includes('matrix')) ?? ''
  expect(raster).toContain('mesh/cols=9, point meta=explicit, point meta min=-3, point meta max=3,')
  expect(raster).toContain('table[x=c0, y=c1, meta=c4]')
})

it('the archive holds every figure three times, every table, and what they are', async () => {
  const [archive] = await buildReport(syntheticInput(), 'figures')
  expect(archive.name).toBe('report-7f3a9c21-figures.zip')
  const files = unzipSync(archive.bytes)
  const names = Object.keys(files).map((name) => name.replace('report-7f3a9c21-figures/', ''))
  const figures = names.filter((name) => name.endsWith('.svg')).map((name) => name.slice(0, -4))
  expect(figures).toHaveLength(11)
  for (const figure of figures) expect(names).toEqual(expect.arrayContaining([`${figure}.csv`, `${figure}.tex`]))
  const pictures = names.filter((name) => name.endsWith('.png'))
  expect(pictures).toHaveLength(10)
  const rows = new TextDecoder().decode(files['report-7f3a9c21-figures/figure-samples.tex'])
  expect([...rows.matchAll(/\{(figure-samples-\d+\.png)\}/g)].map(([, name]) => name).sort()).toEqual(pictures.sort())
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
