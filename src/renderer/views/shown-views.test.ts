/** Numbers, names and links of views by value: each is of the run, result, class or part that it stands beside. */
import { describe, expect, it } from 'vitest'
import type { EnsembleResult } from '../../analyses/ensemble/definition.ts'
import type { Comparison, RunSummary } from '../../shared/contract/runs.ts'
import type { Point } from '../../shared/cockpit.ts'
import type { ImportPreview } from '../../shared/dataset-import.ts'
import SizeTable from '../analyses/ensemble/SizeTable.svelte'
import ResultLines from '../analyses/ResultLines.svelte'
import Bars from '../components/figures/Bars.svelte'
import ConfusionMatrix from '../components/figures/ConfusionMatrix.svelte'
import SampledAccuracy from '../components/SampledAccuracy.svelte'
import { checkpointAt, evaluationOf, runDetails } from '../testing/run-details.ts'
import { emptyApp, shown } from '../testing/shown.ts'
import ComparedResults from './compare/ComparedResults.svelte'
import ComparedSettings from './compare/ComparedSettings.svelte'
import PointPanel from './cockpit/PointPanel.svelte'
import { unitsOf } from './compare/units.ts'
import Balance from './data/Balance.svelte'
import Doubts from './data/Doubts.svelte'
import Findings from './data/Findings.svelte'
import Checkpoints from './run/Checkpoints.svelte'
import NextSteps from './run/NextSteps.svelte'
import RunLead from './run/RunLead.svelte'
import RecentRuns from './start/RecentRuns.svelte'

const summary = (part: Partial<RunSummary>): RunSummary => {
  const { document: _d, documentHash: _h, machine: _m, versions: _v, farmProcesses: _f, ...run } = runDetails().run
  return { ...run, ...part }
}
const spaced = (text: string): string => text.replaceAll('\u00a0', ' ')

describe('runs side by side', () => {
  const cell = (value: number, on = '200 networks on 1,000 test images') => ({ value, note: on })
  const result = (run: string, step: number, seconds: number, values: Comparison['results'][number]['values']) => ({
    ...{ run, name: run, facts: [{ label: 'lambda', symbol: 'λ', value: step * 10 }], step, seconds, mean: null, entropy: null, values },
  })
  const column = (analysis: string, label: string, surely: number | null) =>
    ({ analysis, label, unit: 'share', best: 'highest', surely }) as const
  const comparison: Comparison = {
    settings: [
      { key: 'training.steps', values: [100, 3000, 200] },
      { key: 'seed', values: [1, 1, 2000] },
    ],
    results: [
      result('heron', 100, 60, [cell(0.5), null]),
      result('ibis', 300, 120, [cell(0.75), cell(0.25)]),
      result('crane', 200, 180, [cell(0.625), cell(0.375, '5 networks on 30 test images')]),
    ],
    columns: [column('Evaluation', 'Mean network', 1), column('Ensemble', 'Vote', null)],
    repeats: [],
  }
  const ids = comparison.results.map(({ run }) => run)
  const units = unitsOf(ids, [], (id) => `the ${id}`)

  it('each has its own numbers, the best one alone stands out, and what all stand on is said once', () => {
    const { rows, links } = shown(ComparedResults, { comparison, units })
    expect(rows.map((row) => row.map(spaced))).toEqual([
      ['Evaluation 200 networks on 1,000 test images', 'Mean network'],
      ['the heron', '50.00 %'],
      ['the ibis', '75.00 % , better than each other run by its 95 % interval'],
      ['the crane', '62.50 %'],
      ['Ensemble', 'Vote'],
      ['the heron', '–'],
      ['the ibis', '25.00 % 200 networks on 1,000 test images'],
      ['the crane', '37.50 % 5 networks on 30 test images'],
      ['Training', 'λ', 'Step', 'Time'],
      ['the heron', '1,000', '100', '1 min 00 s'],
      ['the ibis', '3,000', '300', '2 min 00 s'],
      ['the crane', '2,000', '200', '3 min 00 s'],
    ])
    expect(links.slice(0, 3)).toEqual(ids.map((id) => [`the ${id}`, `#/runs/${id}`]))
  })

  it('of repeats over seeds taken together: mean, deviation, and each seed', () => {
    const members = [
      { run: 'heron', seed: 1 },
      { run: 'ibis', seed: 2 },
    ]
    const value = { label: 'Mean network', unit: 'share' as const, best: 'highest' as const, basis: 'step 100', found: [], missing: [] }
    const repeats = {
      runs: members,
      values: [{ ...value, found: members.map((one, i) => ({ ...one, value: 0.5 + 0.25 * i })) }],
    }
    const { rows } = shown(ComparedResults, { comparison, units: unitsOf(ids, [repeats], (id) => id) })
    expect(rows.map((row) => row.map(spaced)).slice(0, 3)).toEqual([
      ['Evaluation', 'Mean network'],
      [
        'heron and 1 repeat',
        '63 % [0, 100] s.d. 18 points over 2 seeds, so few that intervals are wide step 100 Each seed 50.00 %, 75.00 % (seeds 1, 2)',
      ],
      ['crane', '63 % 200 networks on 1,000 test images'],
    ])
    // No run is better than another beside what seeds tell; the time is that of all.
    expect(rows.flat().join()).not.toContain('better than each other run')
    expect(rows.at(-2)).toEqual(['heron and 1 repeat', '1,000', '100, 300', '3 min 00 s of all'])
  })

  it('of repeats alone: of how many seeds, and what they stand on, once; means with as many decimals', () => {
    const value = { label: 'Mean network', unit: 'share' as const, best: 'highest' as const, basis: 'step 100', missing: [] }
    const repeatsOf = (runs: readonly string[], spread: number) => ({
      runs: runs.map((run, at) => ({ run, seed: at + 1 })),
      values: [{ ...value, found: runs.map((run, at) => ({ run, seed: at + 1, value: 0.5 + spread * at })) }],
    })
    const both = [repeatsOf([ids[0], ids[1]], 0.001), repeatsOf([ids[2], 'd'], 0.02)]
    const { rows } = shown(ComparedResults, { comparison, units: unitsOf([...ids, 'd'], both, (id) => id) })
    expect(rows.map((row) => row.map(spaced)).slice(0, 3)).toEqual([
      ['Evaluation step 100, over 2 seeds, so few that intervals are wide', 'Mean network'],
      ['heron and 1 repeat', '50.05 % [49.41, 50.69] s.d. 0.071 points Each seed 50.00 %, 50.10 % (seeds 1, 2)'],
      ['crane and 1 repeat', '51.00 % [38.29, 63.71] s.d. 1.414 points Each seed 50.00 %, 52.00 % (seeds 1, 2)'],
    ])
  })

  it('each setting is told with the runs that have it', () => {
    const { rows } = shown(ComparedSettings, { comparison, units })
    expect(rows).toEqual([
      ['Setting', 'Value', 'Runs'],
      ['Steps', '100', 'the heron'],
      ['3,000', 'the ibis'],
      ['200', 'the crane'],
      ['Seed', '1', 'the heron the ibis'],
      ['2000', 'the crane'],
    ])
  })
})

describe('a run', () => {
  const seed = runDetails().run.document.seed

  it('leads on to what was not done yet, each to its own place', () => {
    const { links } = shown(NextSteps, { details: runDetails({ results: [evaluationOf('c100', seed, 20, 'validation', 100)] }) })
    expect(links).toEqual([
      ['Ensemble', '#/runs/heron/analyses/ensemble'],
      ['Student', '#/runs/heron/analyses/distillation'],
      ['Manifold', '#/runs/heron/analyses/map'],
      ['Report', '#/runs/heron/report'],
      ['Evaluation , done', '#/runs/heron/analyses/evaluation'],
      ['More analyses', '#/runs/heron/analyses'],
    ])
  })

  it('lists its results with their steps, the newest first, each with a link to itself', () => {
    const results = [evaluationOf('c100', seed, 20, 'validation', 100), { ...evaluationOf('c200', seed, 30, 'test', 50), step: 200 }]
    const { rows, links } = shown(ResultLines, { details: runDetails({ results }) })
    expect(rows.map((row) => row.map(spaced))).toEqual([
      ['Analysis', 'Step', 'Result'],
      ['Evaluation', '200', expect.stringMatching(/30 networks.*50 test images/)],
      ['Evaluation', '100', expect.stringMatching(/20 networks.*100 validation images/)],
    ])
    expect(links.map(([, href]) => href)).toEqual([30, 20].map((id) => `#/runs/heron/analyses/evaluation?evaluation=${id}`))
  })

  it('says which of its repeats it is, and what it was forked from', () => {
    const app = emptyApp()
    app.runs.apply(
      [3, 1, 2].map((one) => summary({ id: `seed${one}`, family: 'f', seed: one })),
      [],
    )
    const { document } = runDetails().run
    const { text, links } = shown(
      RunLead,
      { run: summary({ id: 'seed2', family: 'f', seed: 2, parent: { run: 'ibis', step: 1200 } }), document },
      app,
    )
    expect(text).toContain('seed 2, 2 of 3')
    expect(text).toContain('forked from ibis at step 1,200')
    expect(links.slice(1)).toEqual([
      ['seed 2, 2 of 3', '#/compare?runs=seed1%2Cseed2%2Cseed3'],
      ['ibis', '#/runs/ibis'],
    ])
  })

  it('has its checkpoints with what each is', () => {
    const checkpoints = [
      { ...checkpointAt(300), pinned: true },
      { ...checkpointAt(200, 'c200', true), pinned: true },
      { ...checkpointAt(100), reason: 'finished' as const, bytes: 2048 },
    ]
    const { rows } = shown(Checkpoints, { details: runDetails({ checkpoints }), onchanged: () => undefined })
    expect(rows.map((row) => row.map(spaced))).toEqual([
      ['step 300', 'pinned', 'c300', '1 B', expect.any(String), 'Unpin Fork from it'],
      ['step 200', 'damaged: its checksum does not match', 'c200', '1 B', expect.any(String), 'Unpin Fork from it'],
      ['step 100', 'finished', 'c100', '2 kB', expect.any(String), 'Pin Fork from it'],
    ])
  })

  it('stands in the list of the newest with its data set, accuracy and steps', () => {
    const app = emptyApp()
    const run = summary({
      name: 'shapes',
      dataset: 'd'.repeat(64),
      accuracy: 0.9,
      tested: { networks: 20, images: 1000 },
      step: 50,
      steps: 1500,
      seconds: 90,
    })
    const { items } = shown(RecentRuns, { runs: [run] }, app)
    expect(spaced(items[0])).toMatch(/^shapes .*d{12} 90\.0 % \[88\.0, 91\.7\] 1,000 validation images 50 \/ 1,500 1 min 30 s /)
  })
})

it('an accuracy is told with the interval over its images', () => {
  const of = (accuracy: number | null, images: number) =>
    spaced(shown(SampledAccuracy, { run: { accuracy, tested: { networks: 20, images } } }).text)
  expect([of(0.9, 1000), of(0.9, 100), of(null, 100)]).toEqual([
    '90.0 % [88.0, 91.7] 1,000 validation images',
    '90.0 % [82.6, 94.5] 100 validation images',
    '–',
  ])
  expect(
    shown(Bars, {
      label: 'Bars',
      bars: [
        { name: 'cat', share: 0.9, of: 1000 },
        { name: 'dog', share: 0.9, of: 100 },
      ],
    }).items.map(spaced),
  ).toEqual(['cat 90.0 % [88.0, 91.7]', 'dog 90.0 % [82.6, 94.5]'])
})

it('bars leave their numbers the same room, so that they can be compared; of no image there is none', () => {
  const bars = [
    { name: 'cat', share: 0, of: 100 },
    { name: 'dog', share: 0.38, of: 32 },
    { name: 'eel', share: 0, of: 0 },
  ]
  const { items, html } = shown(Bars, { label: 'Bars', bars })
  expect(items.map(spaced)).toEqual(['cat 0.0 % [0.0, 3.7]', 'dog 38.0 % [23.3, 55.2]', 'eel –'])
  expect(html).toContain(`--room: ${'38.0 % [23.3, 55.2]'.length}ch`)
})

it('a network in latent space says how many of the filters of a layer are shown', () => {
  const point = {
    ...{ images: 10, right: 9, loss: 0.5, of: new Uint32Array([5, 5]), wrong: new Uint32Array([1, 0]) },
    ...{ height: 1, width: 2, filters: new Float32Array(8), low: 0, high: 1 },
  } as unknown as Point
  const told = (filters: number) =>
    /Filters of layer 1[^<]*/.exec(
      shown(PointPanel, { point, classNames: ['a', 'b'], step: 3, layer: 'layer 1', filters, took: null }).html,
    )![0]
  expect([told(4), told(64)]).toEqual(['Filters of layer 1', 'Filters of layer 1, the first 4 of 64'])
})

it('a confusion matrix has true classes for rows and predictions for columns', () => {
  const { rows, html } = shown(ConfusionMatrix, { confusion: [8, 2, 0, 1, 9, 0, 0, 3, 7], classNames: ['cat', 'dog', 'eel'] })
  expect(rows.slice(1)).toEqual([
    ['cat', '8', '2', ''],
    ['dog', '1', '9', ''],
    ['eel', '', '3', '7'],
  ])
  expect(html).toContain('title="cat taken for dog: 2"')
})

it('votes stand in their columns, with intervals over the images', () => {
  const vote = (meanProbability: number) => ({ meanProbability, majority: meanProbability - 0.01, mostConfident: meanProbability - 0.02 })
  const size = (of: number, value: number) => ({
    size: of,
    draws: 60 / of,
    ...vote(value),
    low: vote(value - 0.1),
    high: vote(value + 0.05),
  })
  const overImages = (value: number) => ({ overImages: { square: vote(value), withAll: vote(value), all: vote(value) } })
  const sizes = [
    { ...size(1, 0.9), ...overImages(0.88) },
    { ...size(60, 0.95), ...overImages(0.95) },
  ]
  const result = { n: 60, images: 700, split: 'test', sizes } as unknown as EnsembleResult
  const { rows, text } = shown(SizeTable, { result, sizes, enough: 60 })
  expect(text).toContain('Accuracy on 700 test images, mean over the ensembles of a size, with 95 % intervals')
  expect(rows.map((row) => row.map(spaced))).toEqual([
    ['Size', 'Mean probability', 'Majority', 'Most confident', 'Ensembles'],
    ['1', '90.0 % [87.9, 91.8]', '89.0 % [86.8, 90.9]', '88.0 % [85.7, 90.0]', '60'],
    ['60 enough', '95.0 % [93.1, 96.4]', '94.0 % [92.0, 95.5]', '93.0 % [90.9, 94.7]', '1'],
  ])
})

describe('an import', () => {
  it('names what is equal to what, and in which way', () => {
    const preview = {
      duplicates: { count: 3, acrossClasses: 2, acrossSplits: 1, examples: [['a.png', 'b.png']] },
      unreadable: { count: 1, examples: [{ name: 'x.png', reason: 'it is empty' }] },
      readings: [
        { what: 'images', from: 'ten images' },
        { what: 'labels', from: 'the folders' },
      ],
      order: 'the 10 training images were shuffled',
      notes: ['A note.'],
    } as unknown as ImportPreview
    expect(shown(Findings, { preview }).text.replaceAll(' ,', ',').replaceAll(' :', ':')).toBe(
      'Findings 1 file could not be read and will be left out x.png: it is empty 3 images equal to an earlier one, 2 of them in another class, 1 in another split b.png is a.png Labels: the folders the 10 training images were shuffled A note.',
    )
  })

  it('says at each answer what it would make, part by part', () => {
    const outcome = {
      ...{ plan: { height: 1, width: 1, channels: 1, fit: 'crop' as const }, count: 60, classCount: 3, samples: [] },
      ...{
        split: { train: 40, validation: 12, test: 8 },
        classes: [
          { name: 'cat', count: 30 },
          { name: 'dog', count: 1234 },
        ],
      },
    }
    const choices = [
      { words: 'The folders are the classes.', options: {}, outcome },
      { words: 'The classes are in set.csv.', options: {} },
    ]
    const { text } = shown(Doubts, {
      doubts: [{ code: 'labels-differ', message: 'They differ.', choices }],
      ...{ disabled: false, before: 'it is imported', onanswer: () => undefined },
    })
    expect(text).toMatch(/^Please answer 1 question before it is imported They differ\. The folders are the classes /)
    expect(text).toContain('3 classes: cat 30, dog 1,234, …; 40 train, 12 validate, 8 test')
    expect(text).toMatch(/The classes are in set\.csv$/)
  })

  it('leaves a data set with its classes in each part', () => {
    const classes = [
      { name: 'cat', train: 30, validation: 6, test: 4 },
      { name: 'dog', train: 10, validation: 2, test: 8 },
    ]
    const { html, items } = shown(Balance, { classes })
    expect(items).toEqual(['cat 40', 'dog 20'])
    expect(html).toContain('title="dog: 10 training, 2 validation, 8 test"')
    expect([...html.matchAll(/width:\s?([\d.]+)%/g)].map(([, share]) => Number(share))).toEqual([75, 15, 10, 25, 5, 20])
  })
})
