import { describe, expect, it } from 'vitest'
import type { StudyDetails, StudyRow } from '../../../shared/contract/studies.ts'
import { referee } from '../../../shared/study.ts'
import { plain } from './document.ts'
import { studyData, studyTables } from './study-table.ts'

const value = (label: string, unit: 'share' | 'nats', ...values: number[]): StudyRow['values'][number] => ({
  ...{ label, unit, best: 'highest', basis: `${values.length} networks`, missing: [] },
  found: values.map((one, i) => ({ run: `r${i}`, seed: i + 1, value: one })),
})
const row = (title: string, seconds: number[], networks: number | null, values: StudyRow['values']): StudyRow => ({
  ...{ preset: `mnist-${title}`, settings: [], title, networks, bytes: null, another: null, values },
  runs: seconds.map((one, i) => ({ run: `r${i}`, seed: i + 1, state: 'finished', step: 600, steps: 600, seconds: one })),
})
const column = { analysis: 'Evaluation', best: 'highest' as const, chosen: null, lead: null }
const study = { ...referee, presets: ['mnist-quick', 'mnist-ensemble'], seeds: [1, 2], images: 500, split: 'validation' as const }
const details: StudyDetails = {
  ...{ name: 'two', createdAt: 0, study, done: 4, goesOn: false, unasked: [], command: '' },
  rows: [
    row('quick', [60, 81], 50, [value('Mean network', 'share', 0.9, 0.92), value('Entropy', 'nats', 2800)]),
    row('ensemble', [600, 900], 5, [value('Mean network', 'share', 0.8, 0.86)]),
    row('later', [], null, []),
  ],
  columns: [
    {
      ...column,
      label: 'Mean network',
      unit: 'share',
      ranks: [1, 2, null],
      overSeeds: { means: [1.25, 1.75, 3], seeds: 2, critical: null },
    },
    { ...column, analysis: 'Deep look', label: 'Entropy', unit: 'nats', ranks: [null, null, null], overSeeds: null },
  ],
}
const spaced = (text: string): string => text.replaceAll('\u00a0', ' ')

describe('a study as tables', () => {
  it('for LaTeX: what each took, then each analysis, a method a row', () => {
    const tables = studyTables(details)
    expect(tables.map(({ id, title }) => [id, title])).toEqual([
      ['study-training', 'Study two: training'],
      ['study-evaluation', 'Study two: evaluation'],
      ['study-deep-look', 'Study two: deep look'],
    ])
    expect(
      tables.map(({ columns, rows }) => [
        columns.map(({ header }) => plain(header)),
        ...rows.map((cells) => cells.map((cell) => spaced(plain(cell)))),
      ]),
    ).toEqual([
      [
        ['Method', 'Steps', 'Seconds', 'Networks asked'],
        ['quick', '600', '70.5', '50'],
        ['ensemble', '600', '750.0', '5'],
        ['later', '–', '–', '–'],
      ],
      [
        ['Method', 'Mean network'],
        // Student's of two: the mean -+ 12.706 times half of what they lie apart, and no share is above 1.
        ['quick', '0.910 [0.783, 1.000] (1)'],
        ['ensemble', '0.830 [0.449, 1.000] (2)'],
        ['later', '–'],
      ],
      [
        ['Method', 'Entropy, nats'],
        ['quick', '2,800 [one seed]'],
        ['ensemble', '–'],
        ['later', '–'],
      ],
    ])
    expect(plain(tables[1].caption)).toMatch(/^Mean over 2 seeds, .* on the first 500 validation images at most\./)
  })

  it('for LaTeX: below the table of an analysis, or of training where it has none, what it was left out of', () => {
    const left = { title: 'ensemble', run: 'r1', seed: 2, analysis: 'Deep look', why: 'Nothing is deep.' }
    const tables = studyTables({ ...details, unasked: [left] })
    const said = / Deep look left out of 1 run \(ensemble, seed 2, r1\): Nothing is deep\.$/
    expect(tables.map(({ caption }) => said.test(plain(caption)))).toEqual([false, false, true])
    const none = studyTables({ ...details, unasked: [{ ...left, analysis: 'Paths' }] })
    expect(none.map(({ caption }) => plain(caption).includes('Paths left out of 1 run'))).toEqual([true, false, false])
  })

  it('for programs: a line for each method and number, with its own ranks', () => {
    const { columns, rows } = studyData(details)
    const lines = rows.map((cells) => Object.fromEntries(columns.map((name, i) => [name, cells[i]])))
    expect(lines).toMatchObject([
      {
        preset: 'mnist-quick',
        method: 'quick',
        networks: 50,
        'training seconds': 70.5,
        number: 'Mean network',
        seeds: 2,
        rank: 1,
        'mean rank': 1.25,
      },
      {
        method: 'quick',
        number: 'Entropy',
        seeds: 1,
        mean: 2800,
        low: null,
        high: null,
        's.d.': null,
        rank: null,
        'mean rank': null,
        basis: '1 networks',
      },
      {
        method: 'ensemble',
        networks: 5,
        'training seconds': 750,
        number: 'Mean network',
        seeds: 2,
        rank: 2,
        'mean rank': 1.75,
        basis: '2 networks',
      },
    ])
    expect(columns).not.toContain('method.lambda')
    const [first, , third] = lines.map(({ mean, 's.d.': deviation }) => [Number(mean), Number(deviation)])
    expect(first[0]).toBeCloseTo(0.91, 12)
    expect(third[0]).toBeCloseTo(0.83, 12)
    expect(first[1]).toBeCloseTo(0.02 / Math.SQRT2, 12)
    expect(third[1]).toBeCloseTo(0.06 / Math.SQRT2, 12)
  })

  it('of a sweep has a column of plain values for each setting that is varied', () => {
    const vary = [
      { key: 'method.lambda', values: [10_000, 0.5] },
      { key: 'method.extractor', values: [[300, 300]] },
    ]
    const rows = [10_000, 0.5].map((lambda) => ({
      ...details.rows[0],
      settings: [
        { key: 'method.lambda', value: lambda },
        { key: 'method.extractor', value: [300, 300] },
      ],
    }))
    const { columns, rows: lines } = studyData({ ...details, study: { ...study, vary }, rows })
    expect(columns.slice(0, 5)).toEqual(['preset', 'method', 'method.lambda', 'method.extractor', 'networks'])
    expect(lines.filter((line) => line.includes('Mean network')).map((line) => line.slice(2, 4))).toEqual([
      [10_000, '[300,300]'],
      [0.5, '[300,300]'],
    ])
  })
})
