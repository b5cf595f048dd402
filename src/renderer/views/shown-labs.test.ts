/** Studies, sweeps, the system and what a data set came from, by value: each number is of what it stands beside. */
import { expect, it, vi } from 'vitest'
import type { Dataset } from '../../shared/contract/datasets.ts'
import type { StudyDetails, StudyRow } from '../../shared/contract/studies.ts'
import { referee } from '../../shared/study.ts'
import { runDetails } from '../testing/run-details.ts'
import { emptyApp, shown } from '../testing/shown.ts'
import Facts from './data/Facts.svelte'
import Studies from './studies/Studies.svelte'
import Study from './studies/Study.svelte'
import StudyForm from './studies/StudyForm.svelte'
import SweepResults from './studies/SweepResults.svelte'
import System from './system/System.svelte'

/** What the lab has answered, whatever it was asked. */
const answered = vi.hoisted((): { value: unknown } => ({ value: null }))
vi.mock('../state/reading.svelte.ts', () => ({ Reading: class { value = answered.value; error = null; busy = false } })) // prettier-ignore
vi.mock('../charts/page-figure.ts', async () => ({
  inert: (await import('../../main/report/figures/draw.ts')).drawingDocument,
  inTheme: (svg: string) => svg,
}))
/** A window with room for every row. */
vi.mock('../components/tables/virtual-rows.svelte.ts', () => ({ VirtualRows: class { range = { start: 0, end: 100 } } })) // prettier-ignore

const spaced = (text: string): string => text.replaceAll('\u00a0', ' ')
const told = (rows: readonly string[][]): string[][] => rows.map((row) => row.map(spaced))
const factsIn = (html: string): string[][] =>
  [...html.matchAll(/<dt[^>]*>([^]*?)<\/dt>\s*<dd[^>]*>([^]*?)<\/dd>/g)].map(([, ...pair]) =>
    pair.map((part) =>
      spaced(
        part
          .replaceAll(/<[^>]*>/g, '')
          .replaceAll(/\s+/g, ' ')
          .trim(),
      ),
    ),
  )
/** Seeds 1, 2, ... in order. */
const value = (label: string, unit: 'share' | 'nats', ...values: number[]): StudyRow['values'][number] => ({
  ...{ label, unit, best: 'highest', basis: `on ${label}`, missing: [] },
  found: values.map((one, i) => ({ run: `r${i}`, seed: i + 1, value: one })),
})
const runOf = (run: string, seed: number, state: 'finished' | 'paused', seconds: number): StudyRow['runs'][number] => ({
  ...{ run, seed, state, seconds },
  step: state === 'finished' ? 1500 : 300,
  steps: 1500,
})

const column = { best: 'highest' as const, overSeeds: null }
const study: StudyDetails = {
  ...{ name: 'two', createdAt: 0, done: 3, goesOn: true, unasked: [], command: 'study run two' },
  study: {
    ...referee,
    budget: { kind: 'seconds', seconds: 600 },
    presets: ['mnist-quick', 'mnist-ensemble'],
    seeds: [1, 2],
    images: 500,
    split: 'validation',
  },
  rows: [
    {
      ...{ preset: 'mnist-quick', settings: [], title: 'Quick', networks: 50, bytes: 2048, another: 0.25 },
      runs: [runOf('heron', 1, 'finished', 60), runOf('ibis', 2, 'paused', 90)],
      values: [value('Mean network', 'share', 0.9, 0.901), value('Entropy', 'nats', 2800)],
    },
    {
      ...{ preset: 'mnist-ensemble', settings: [], title: 'Ensemble', networks: 5, bytes: null, another: null },
      runs: [runOf('crane', 1, 'finished', 600), runOf('stork', 2, 'finished', 900)],
      values: [value('Mean network', 'share', 0.8, 0.802), value('Entropy', 'nats', 100, 104)],
    },
  ],
  columns: [
    { ...column, analysis: 'Evaluation', label: 'Mean network', unit: 'share', ranks: [1, 2], chosen: 0, lead: { beaten: 1, others: 1 } },
    { ...column, analysis: 'Deep look', label: 'Entropy', unit: 'nats', ranks: [null, null], chosen: 1, lead: { beaten: 0, others: 1 } },
  ],
}

it('a study has each method with its own runs, times and numbers', () => {
  answered.value = study
  const { rows, links, text, html } = shown(Study, { params: { name: 'two' } } as never)
  expect(spaced(text)).toContain('2 methods on mnist; seeds 1, 2; 10 min 00 s')
  expect(spaced(text)).toContain('3 of 4 runs have ended.')
  expect(told(rows)).toEqual([
    ['Method', 'Runs', 'Steps', 'Training time', 'Networks evaluated', 'Checkpoint size', 'Time per network'],
    ['Quick', 'heron ibis paused, 300 of 1,500', '1,500', '2 min 30 s', '50', '2 kB', '250 ms'],
    ['Ensemble', 'crane stork', '1,500', '25 min 00 s', '5', '', '–'],
    ['Method', 'Mean network'],
    ['Quick', '90.05 % [89.41, 90.69] s.d. 0.071 points rank 1'],
    ['Ensemble', '80.10 % [78.83, 81.37] s.d. 0.141 points rank 2'],
    ['Method', 'Entropy, nats'],
    ['Quick', '2,800 [one seed] of one seed, which tells nothing of others'],
    ['Ensemble', '102 [77, 127] s.d. 2.8 over 2 seeds, so few that intervals are wide'],
  ])
  expect(links).toContainEqual(['Compare the runs', '#/compare?runs=heron%2Cibis%2Ccrane%2Cstork'])
  for (const run of ['heron', 'ibis', 'crane', 'stork']) expect(links).toContainEqual([run, `#/runs/${run}`])
  expect(spaced(html)).toContain('title="90.00 %, 90.10 % (seeds 1, 2); on Mean network"')
  // Of the one that is surely better than all others alone.
  expect([...html.matchAll(/class="right[^"]* best[^"]*"[^>]*>\s*<span[^>]*>([^<]*)/g)].map(([, mean]) => spaced(mean))).toEqual([
    '90.05 % [89.41, 90.69]',
  ])
})

it('the list of studies has each with its methods, seeds and runs', () => {
  const vary = [{ key: 'method.lambda', values: [1, 10, 100] }]
  const sweep = { ...referee, presets: ['mnist-quick'], seeds: [7, 8], vary, budget: { kind: 'steps' as const, steps: 40 } }
  answered.value = {
    studies: [
      { name: 'two', createdAt: 0, done: 3, study: study.study },
      { name: 'λ and more', createdAt: 0, done: 5, study: sweep },
    ],
    lost: [{ name: 'gone', why: 'It is damaged.' }],
  }
  const { rows, links, text } = shown(Studies, {})
  expect(told(rows).map((row) => row.slice(0, 5))).toEqual([
    ['Name', 'Methods', 'Seeds', 'Budget', 'Ended runs'],
    ['two', '2 methods', '1, 2', expect.stringContaining('10 min 00 s'), '3 of 4 runs'],
    ['λ and more', '1 method, λ varied', '7, 8', expect.stringContaining('40 steps'), '5 of 6 runs'],
  ])
  expect(links.slice(0, 2)).toEqual([
    ['two', '#/studies/two'],
    ['λ and more', '#/studies/%CE%BB%20and%20more'],
  ])
  expect(text).toContain('It is damaged.')
})

it('a new study says how many runs it would be', () => {
  const { text } = shown(StudyForm, {})
  const runs = referee.presets.length * referee.seeds.length
  expect(spaced(text)).toContain(`New study ${runs} runs`)
})

it('a sweep has each setting with its own runs and numbers, and says whose mean is best', () => {
  const settings = (lambda: number): StudyRow['settings'] => [{ key: 'method.lambda', value: lambda }]
  const sweep: StudyDetails = {
    ...study,
    study: { ...study.study, presets: ['mnist-quick'], vary: [{ key: 'method.lambda', values: [10, 1000] }] },
    rows: study.rows.map((row, at) => ({
      ...row,
      preset: 'mnist-quick',
      title: `λ ${10 ** (1 + 2 * at)}`,
      settings: settings(10 ** (1 + 2 * at)),
    })),
    columns: study.columns.map((one, at) => (at === 0 ? { ...one, chosen: 1, lead: { beaten: 0, others: 1 } } : one)),
  }
  const { rows, text } = shown(SweepResults, { sweep })
  expect(told(rows).filter((row) => row.length > 0)).toEqual([
    ['λ', 'Runs', 'Mean network', 'Entropy, nats'],
    ['10', '1 of 2', '90.05 % [89.41, 90.69]', '2,800 [one seed]'],
    ['1,000', '2 of 2', '80.10 % [78.83, 81.37]', '102 [77, 127]'],
  ])
  expect(text).toContain('Best mean of “Mean network”: λ 1000 , not to be told from any other.')
  expect(text).toContain('on the first 500 validation images')
})

it('the system is told fact by fact, and warnings apart from what is only said', () => {
  const app = emptyApp()
  app.system.info = {
    ...{
      version: '1.2.3',
      program: 'weightscape',
      platform: 'linux',
      node: 'v24',
      cpu: 'Xeon',
      cores: 7,
      memoryBytes: 3e9,
      farmProcesses: 5,
    },
    ...{ device: { kind: 'cpu', name: 'CPU, oneDNN', unused: 'A GPU is not used.' }, dataDir: '/data' },
    ...{ used: { datasets: 1e6, checkpoints: 2e6, caches: 3e6, other: 4e6 }, free: 1e7, mended: ['A table was rebuilt.'] },
  }
  app.system.notes = [
    { at: 1e12, level: 'warn', message: 'Little room.' },
    { at: 2e12, level: 'info', message: 'Opened.' },
  ]
  const { html, items, text } = shown(System, {}, app)
  expect(factsIn(html)).toEqual([
    ['Weightscape', '1.2.3'],
    ['TensorFlow device', 'CPU, oneDNN'],
    ['Processor', 'Xeon, 7 cores'],
    ['Memory', '3 GB'],
    ['Training processes', '5'],
    ['Platform', 'linux'],
    ['Node', 'v24'],
    ['Command line', 'weightscape'],
    ['Data folder', '/data'],
  ])
  expect(spaced(text)).toContain('Data folder 10 MB used, 10 MB free')
  expect(items.map(spaced)).toEqual([
    ...['Checkpoints 2 MB', 'Data sets 1 MB', 'Caches 3 MB', 'Other 4 MB', 'at the start A table was rebuilt.'],
    expect.stringMatching(/2001.*Little room\.$/) as unknown,
    expect.stringMatching(/2033.*Opened\.$/) as unknown,
  ])
  expect([...html.matchAll(/width:\s?([\d.]+)%/g)].map(([, share]) => Number(share)).slice(-4)).toEqual([10, 5, 15, 20])
  expect([...html.matchAll(/<li class="[^"]*\bwarn\b[^>]*>/g)]).toHaveLength(1)
  expect(html.indexOf('Little room')).toBeGreaterThan(html.search(/<li class="[^"]*\bwarn\b/))
})

it('a data set says what it came from, and the newest of the runs that use it', () => {
  const app = emptyApp()
  const { document: _d, documentHash: _h, machine: _m, versions: _v, farmProcesses: _f, ...run } = runDetails().run
  const hash = 'ab'.repeat(32)
  app.runs.apply(
    ['newest', 'other', 'oldest'].map((id, at) => ({
      ...run,
      id,
      name: `run ${id}`,
      dataset: id === 'other' ? 'c' : hash,
      createdAt: 1e12 - at,
    })),
    [],
  )
  const dataset = {
    ...{ hash, name: 'shapes', bytes: 5e6, createdAt: 1e12, count: 60, classes: 3, height: 8, width: 8, channels: 1 },
    source: {
      ...{ format: 'idx', files: ['a.idx', 'b.idx'], order: 'They were shuffled.', leftAside: 'b.txt', options: {} },
      readings: [
        { what: 'images', from: 'the files' },
        { what: 'labels', from: 'the folders' },
      ],
    },
  } as unknown as Dataset
  const { html, links } = shown(Facts, { dataset }, app)
  expect(factsIn(html)).toEqual([
    ['From', 'idx: a.idx, b.idx'],
    ['Labels from', 'the folders'],
    ['Changed', 'nothing: every image is as it came'],
    ['Not used', 'b.txt'],
    ['Order', 'They were shuffled.'],
    ['Imported', expect.stringContaining('2001')],
    ['On disk', '5 MB'],
    ['Used by', '2 runs, the newest run newest'],
    ['Hash', 'abababababababab…'],
  ])
  expect(links).toEqual([['run newest', '#/runs/newest']])
})
