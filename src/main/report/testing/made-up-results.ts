/** Made-up but lifelike results of every kind there is: a kind without one does not compile. */
import { syntheticInput } from './synthetic-input.ts'
import type { ReportResult } from '../input.ts'
import type { Moments } from '../../../shared/statistics/moments.ts'
import type { Figured, ProperScores } from '../../../shared/statistics/schemas.ts'
import type { NamedArrays } from '../../../analyses/analysis.ts'
import { askedNames, type Curve } from '../../../analyses/adversarial/definition.ts'
import { perDoubt } from '../../../analyses/doubts.ts'
import type { Way } from '../../../analyses/paths/definition.ts'
import { findAnalysis, type AnalysisKind, type FindingsOf, type OptionsOf } from '../../../analyses/registry.ts'
import { optionFacts } from '../../../analyses/option-facts.ts'
import { otherDataOption } from '../../../analyses/other-data.ts'
import { asScores } from '../../../analyses/scatter/definition.ts'
import { changeKinds, severities } from '../../../analyses/shift/changes.ts'
import type { ShiftCell } from '../../../analyses/shift/definition.ts'

/** Those that a report's own made-up input has. */
type InReport = 'evaluation' | 'ensemble' | 'distillation' | 'map'

interface MadeUp<K extends AnalysisKind> {
  options?: Partial<OptionsOf<K>>
  result: FindingsOf<K>
  arrays?: NamedArrays
}

const [n, images] = [20, 1000]
const on = { n, images, split: 'test' as const }

/** A figure with an interval of half a width either side. */
const figure = (value: number, half = 0.01): Figured => ({ value, interval: { low: value - half, high: value + half } })
/** Of a share of images. */
const share = (mean: number): Moments => ({ mean, square: mean })
const scores = (error: number): ProperScores => ({
  error: figure(error),
  massError: figure(error),
  brier: figure(0.11),
  loss: figure(0.21),
})
const counts = (...values: number[]): number[] => values
const bins = [0.35, 0.55, 0.75, 0.95].map((confidence, at) => ({ confidence, accuracy: confidence - 0.03, count: [20, 60, 120, 800][at] }))
const spread = (mean: number): number[] => Array.from({ length: n }, (_, i) => mean + 0.01 * Math.sin(i))
const pictures = (rows: number, across: number): NamedArrays => ({
  pictures: { shape: [rows, across, 28, 28, 1], data: new Float32Array(rows * across * 784).fill(0.5) },
})

/** @param kind of change, by its place: each does its own harm */
function shifted(severity: number, kind = 0): ShiftCell {
  const harm = 0.1 * severity + 0.01 * kind
  const answers = (right: number) => ({ accuracy: figure(right), loss: figure(1 - right, 0.02), error: figure(0.04 + 0.1 * harm) })
  return { single: answers(0.95 - harm), mixture: answers(0.97 - harm), majority: figure(0.968 - harm) }
}

const way = (along: Way['along'], middle: number): Way => ({
  along,
  accuracies: [0, 1, 2].map((pair) => [0.95, middle + 0.01 * pair, 0.94]),
  losses: [0, 1, 2].map((pair) => [0.2, 1 - middle + 0.01 * pair, 0.21]),
  barriers: [0, 1, 2].map((pair) => 1 - middle - 0.1 + 0.01 * pair),
  lengths: [1, 1, 1],
})

const fooled = (at: number): Curve => ({
  wrong: [0, 0.3, 0.7].map((wrong) => share(wrong * at)),
  target: [0, 0.2, 0.5].map((wrong) => share(wrong * at)),
})

const scattered = [
  { name: 'network', words: '', weights: 500, explained: [0.31, 0.12] },
  { name: 'layer 1', words: 'convolution 5 × 5, 4 filters, ReLU', weights: 104, explained: [0.42, 0.2] },
  { name: 'filter 2 of layer 1', words: '', weights: 26, explained: [0.5, 0.3] },
]

const madeUp: { [K in Exclude<AnalysisKind, InReport>]: MadeUp<K> } = {
  scatter: {
    result: {
      n,
      seconds: 1,
      parts: scattered,
    },
    arrays: Object.assign(
      {},
      ...scattered.map((part) =>
        asScores(
          part,
          Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(7 * i)),
        ),
      ),
    ) as NamedArrays,
  },
  filters: {
    options: { points: 3 },
    result: {
      networks: [0, 1],
      points: 3,
      latent: true,
      layers: [
        {
          ...{ layer: 1, words: 'convolution 5 × 5, 4 filters, ReLU', filter: 2, channel: 0, height: 5, width: 5, channels: 1 },
          ...{ largest: 1.2, varies: 0.4, length: 1.07 },
        },
      ],
    },
    arrays: {
      'networks:1': { shape: [2, 5, 5], data: Float32Array.from({ length: 50 }, (_, i) => Math.sin(i)) },
      'way:1': { shape: [3, 5, 5], data: Float32Array.from({ length: 75 }, (_, i) => Math.sin(i)) },
    },
  },
  calibration: {
    result: {
      ...on,
      single: { bins: bins.map((bin) => ({ ...bin, count: bin.count * n })), error: 0.041 },
      vote: { bins, error: 0.023 },
      errors: spread(0.041),
      voteOver: { interval: { low: 0.014, high: 0.031 }, excess: { mean: 0.02, square: 0.02 } },
      scores: { single: scores(0.041), vote: scores(0.023) },
      scaled: {
        ...{ isHalved: false, chosenOn: images, images },
        single: { temperatures: spread(1.3), before: scores(0.041), after: scores(0.018) },
        vote: { temperature: 0.9, before: scores(0.023), after: scores(0.012) },
        bins: { before: bins, after: bins },
      },
    },
  },
  uncertainty: {
    result: {
      ...on,
      wrong: 37,
      ...{ total: { mean: 0.31, square: 0.3 }, within: { mean: 0.22, square: 0.15 }, between: { mean: 0.09, square: 0.02 } },
      byDoubt: perDoubt(() => ({
        ...{ risk: 0.006, riskInterval: { low: 0.004, high: 0.009 } },
        ...{ roc: 0.93, rocInterval: { low: 0.9, high: 0.95 } },
      })),
      coverage: [0.1, 0.5, 1],
      risks: perDoubt(() => [0, 0.006, 0.037]),
    },
  },
  outsider: {
    options: { outside: 'letters' },
    result: {
      ...on,
      outside: { name: 'letters', images: 800 },
      ...(() => {
        const worth = { roc: figure(0.91), outside: figure(0.88), own: figure(0.93), missed: figure(0.31) }
        const doubt = { own: counts(800, 150, 50), outside: counts(100, 300, 400) }
        return {
          single: { confidence: worth, entropy: worth },
          mixture: perDoubt(() => worth),
          gain: { confidence: figure(0.02), entropy: figure(0.03) },
          most: perDoubt(() => 2.3),
          singleDoubts: { confidence: doubt, entropy: doubt },
          mixtureDoubts: perDoubt(() => doubt),
        }
      })(),
    },
  },
  shift: {
    result: {
      ...on,
      label: 3,
      clean: shifted(0),
      kinds: changeKinds.map((kind, at) => ({ kind, cells: severities.map((severity) => shifted(severity, at)) })),
    },
    arrays: pictures(changeKinds.length, severities.length),
  },
  diversity: {
    result: {
      ...on,
      raw: { nearest: figure(9), mean: figure(12) },
      fixed: { nearest: figure(8), mean: figure(11) },
      matched: { nearest: figure(5), mean: figure(7) },
      kept: figure(0.64),
      pairs: { from: 5, to: 14, fixed: counts(40, 100, 50), matched: counts(150, 40, 0) },
      disagreement: figure(0.06),
      accuracies: spread(0.94),
      guess: 0.114,
      dimension: { participation: 9.1, ofHalf: 6.2, explained: [0.4, 0.7, 0.95], mostly: 3 },
    },
  },
  paths: {
    result: {
      pairs: [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
      ...{ points: 3, images, split: 'test', guess: 0.114 },
      ways: [way('latent', 0.93), way('weights', 0.42), way('matched', 0.71), way('bezier', 0.9)],
    },
  },
  'distillation-bench': {
    options: { widths: [1, 2] },
    result: {
      ...{ ...on, validationImages: 5000, bestMember: 0.95, chosen: 1, steps: 3000, seconds: 300 },
      ensemble: { accuracy: 0.97, scores: scores(0.02), time: { least: 21, median: 24 } },
      single: { accuracy: 0.94, scores: scores(0.03), time: { least: 1.1, median: 1.2 }, parameters: 20_018 },
      students: [1, 2].map((width) => ({
        ...{ target: 'own', width, temperature: 1, labelWeight: 0, fresh: false, parameters: 30_000 * width, accuracy: 0.95 + width / 200 },
        products: [
          [0.95 + width / 200, 0.945, 0.93, 0.92],
          [0.945, 0.97, 0.94, 0.93],
          [0.93, 0.94, 0.95, 0.91],
          [0.92, 0.93, 0.91, 0.9],
        ],
        ...{ scores: scores(0.03), agreement: 0.96, validation: 0.95 + width / 200, behind: share(0.02 - width / 100) },
        time: { least: 1.1 * width, median: 1.2 * width },
      })),
      timed: { device: 'Intel Xeon', batch: 100, rounds: 15, networks: 20 },
    },
  },
  adversarial: {
    result: {
      ...{ madeOn: 1, attacked: 2, fresh: 18, images, kept: 950, split: 'test', perturbations: [0, 20, 40] },
      curves: Object.fromEntries(askedNames.map((name, at) => [name, fooled(1 - 0.2 * at)])) as FindingsOf<'adversarial'>['curves'],
      sizes: [1, 18].map((size) => ({ size, curve: fooled(0.7) })),
      transfer: {
        perturbation: 20,
        images: [
          [470, 465],
          [468, 470],
        ],
        fooled: [
          [300, 120],
          [110, 310],
        ],
        others: { ...share(0.246), interval: { low: 0.22, high: 0.27 } },
        on: 933,
      },
      shown: { perturbation: 20, of: [{ image: 4, label: 2, target: 7, attacked: 7, vote: 2 }] },
    },
    arrays: pictures(1, 2),
  },
}

/** One of each kind. */
export function madeUpResults(): ReportResult[] {
  const { results } = syntheticInput()
  const others = Object.entries(madeUp).map(([kind, { options, result, arrays = {} }]: [string, MadeUp<AnalysisKind>]) => {
    const analysis = findAnalysis(kind)!
    const needed = otherDataOption(optionFacts(analysis)) === undefined ? {} : { outside: 'letters' }
    const measured = analysis.images === null ? { dataset: null, split: null, images: null } : { images }
    const record = { ...results[0], ...measured, kind, count: n, options: analysis.options.parse({ ...needed, ...options }) }
    return { ...record, result: analysis.result.parse(result), arrays }
  })
  return [...results, ...others]
}
