/** What is said of results and runs in lists and choices, by value: interval, number of images, split, run and seed are those of what is told. */
import { describe, expect, it } from 'vitest'
import { analyses, findAnalysis } from '../../analyses/registry.ts'
import type { Analysis } from '../../analyses/analysis.ts'
import type { AnalysisResult } from '../../shared/contract/analyses.ts'
import type { RunSummary } from '../../shared/contract/runs.ts'
import { presets } from '../../shared/presets.ts'
import { evaluationOf, runDetails } from '../testing/run-details.ts'
import { placeOfResult } from './address.ts'
import { studentName } from './distillation/students.ts'
import { ensembleName } from './ensemble/names.ts'
import { accuracyInWords } from './evaluation/accuracy.ts'
import { measuresOf } from './measures.ts'
import { otherRuns } from './other-runs.svelte.ts'
import { obstacle } from './ready.ts'

const spaced = (text: string | undefined): string | undefined => text?.replaceAll('\u00a0', ' ')

describe('what is told', () => {
  it('of a student: its accuracy within the interval over its own images', () => {
    const result = { student: 0.9, images: 1000, split: 'validation', n: 100 }
    const named = (networks: number[] | null) =>
      spaced(studentName({ networks, result, createdAt: 0 } as unknown as AnalysisResult<'distillation'>).label)
    expect(named(null)).toBe('Of 100 networks: 90.0 % [88.0, 91.7] of 1,000 validation images')
    expect(named([1, 2])).toMatch(/^Of 100 hand-picked networks: /)
  })

  it('of an ensemble: networks, images and split', () => {
    const named = (split: string) =>
      ensembleName({
        count: 60,
        networks: null,
        result: { n: 60, split, images: 700 },
        createdAt: 0,
      } as unknown as AnalysisResult<'ensemble'>).label
    expect([named('validation'), named('test')]).toEqual(['60 networks, 700 validation images', '60 networks, 700 test images'])
  })

  it('of a network: what it was right on, of its checkpoint, seed and number', () => {
    const at = (checkpoint: string, seed: number, accuracies: number[], images = 1000): AnalysisResult<'evaluation'> => {
      const one = evaluationOf(checkpoint, seed, accuracies.length, 'validation', images)
      return { ...one, result: { ...one.result, accuracies } }
    }
    const details = runDetails({
      results: [at('c100', 7, [0.5, 0.9]), at('c100', 8, [0.1, 0.2]), at('c200', 7, [0.3, 0.4]), at('c100', 7, [0.6, 0.7, 0.8], 100)],
    })
    const told = (checkpoint: string, seed: number, index: number) => spaced(accuracyInWords(details, { checkpoint, seed }, index))
    expect(told('c100', 7, 1)).toBe('90.0 % [88.0, 91.7] of 1,000 validation images')
    expect(told('c100', 8, 1)).toBe('20.0 % [17.6, 22.6] of 1,000 validation images')
    expect(told('c200', 7, 0)).toBe('30.0 % [27.2, 32.9] of 1,000 validation images')
    expect(told('c100', 7, 2)).toBe('80.0 % [71.1, 86.7] of 100 validation images')
    expect(told('c100', 9, 0)).toBeUndefined()
  })

  it('of points of a map: accuracies within their intervals over images, and the run by its name', () => {
    const values = { accuracy: Float32Array.of(0.9, 0.5), run: Float32Array.of(0, 1), extra: Float32Array.of(1, 2) }
    const told = measuresOf(values, 1000, ['heron', 'ibis']).map(({ key, told: within, format }) => [
      key,
      spaced((within ?? format)(key === 'run' ? 1 : 0.9)),
    ])
    expect(told).toEqual([
      ['accuracy', '90.0 % [88.0, 91.7]'],
      ['run', 'ibis'],
      ['extra', '0.9'],
    ])
    expect(measuresOf(values)[0].told).toBeUndefined()
  })

  it('of a result: where it is', () => {
    expect(placeOfResult({ run: 'a b', kind: 'ensemble', id: 7 })).toBe('/runs/a%20b/analyses/ensemble?ensemble=7')
  })
})

it('other runs are those on the same data that have learned something', () => {
  const { run } = runDetails()
  const { document: _document, ...summary } = run
  const other = (id: string, part: Partial<RunSummary> = {}): RunSummary => ({ ...summary, id, name: `the ${id}`, ...part })
  const all = [
    other('heron'),
    other('ibis'),
    other('crane', { step: 1200, steps: 2000 }),
    other('new', { step: 0 }),
    other('letters', { dataset: 'x' }),
  ]
  expect(otherRuns(run, all)).toEqual([
    { value: 'ibis', label: 'the ibis' },
    { value: 'crane', label: 'the crane', note: 'step 1,200' },
  ])
})

it('an analysis wants a checkpoint, and as many networks as it needs at least', () => {
  const { document } = runDetails().run
  const of = (networks: number) => {
    const method = { ...presets['mnist-ensemble'].method, networks } as typeof document.method
    return runDetails({ run: { ...runDetails().run, document: { ...document, method } } })
  }
  const needs = (min: number): Analysis => ({ ...findAnalysis('evaluation')!, networks: { ...findAnalysis('evaluation')!.networks, min } })
  expect([4, 5, 6].map((networks) => obstacle(needs(5), of(networks)))).toEqual(['Needs 5 networks; this run has 4.', null, null])
  for (const analysis of analyses) {
    expect(obstacle(analysis, runDetails({ checkpoints: [] }))).toBe('Needs a checkpoint: train the run first.')
    expect(obstacle(analysis, runDetails())).toBeNull()
  }
})
