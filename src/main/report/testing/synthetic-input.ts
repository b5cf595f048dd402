/** Made-up but lifelike report inputs for tests: the same seed gives the same input. */
import { distillation } from '../../../analyses/distillation/definition.ts'
import type { NamedArrays } from '../../../analyses/analysis.ts'
import type { EvaluationResult } from '../../../analyses/evaluation/definition.ts'
import { asColours } from '../../../analyses/network-values.ts'
import type { AnalysisKind, FindingsOf } from '../../../analyses/registry.ts'
import { presets } from '../../../shared/presets.ts'
import type { EnsembleResult, VoteAccuracies } from '../../../analyses/ensemble/definition.ts'
import { metricNames } from '../input.ts'
import type { FilterSet, MetricSeries, ReportInput, ReportResult } from '../input.ts'

/** Uniform numbers in [0, 1) from a 32-bit seed (mulberry32: short, and good enough to look at). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Normal numbers by Box and Muller. */
const normal = (next: () => number): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

export interface SyntheticOptions {
  seed?: number
  steps?: number
  networks?: number
  mapPoints?: number
  classes?: number
  method?: 'pca' | 'tsne'
}

/** A finished run on digits with every part made. */
export function syntheticInput(options: SyntheticOptions = {}): ReportInput {
  const { seed = 1, steps = 400, networks = 200, mapPoints = 1000, classes = 10, method = 'tsne' } = options
  const next = uniform(seed)
  const preset = presets['mnist-quick']
  const evaluation = evaluate(next, networks)
  return {
    run: {
      id: '7f3a9c21',
      name: 'Digits, quick manifold',
      created: Date.UTC(2026, 2, 1, 14, 5),
      seconds: 101.4,
      state: 'finished',
      step: steps,
      interruptions: [],
    },
    document: {
      ...preset,
      data: { ...preset.data, id: hash('b') },
      method: { ...preset.method, lambda: 1200 },
      training: { ...preset.training, steps, warmup: 50, learningRate: 0.0012 },
      seed: 42,
    },
    preset,
    data: {
      name: 'MNIST',
      hash: hash('b'),
      shape: [28, 28, 1],
      source: { format: 'idx', files: ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'], order: null },
      classes: Array.from({ length: classes }, (_, i) => (classes <= 10 ? String(i) : `class ${i}`)),
      samples: {
        seed: 1,
        indices: Uint32Array.from({ length: 2 * classes }, (_, i) => 31 * i),
        labels: Uint8Array.from({ length: 2 * classes }, (_, i) => i >> 1),
        pixels: Uint8Array.from({ length: 2 * classes * 784 }, (_, i) => (i * 7) % 251),
      },
    },
    metrics: metrics(next, steps),
    results: [
      made('evaluation', evaluation),
      made(
        'map',
        {
          n: mapPoints,
          method,
          seconds: 6.2,
          klDivergence: method === 'tsne' ? 1.734 : null,
          explained: method === 'pca' ? [0.31, 0.12] : null,
        },
        scatter(next, mapPoints),
      ),
      made('ensemble', ensemble(next, networks, classes)),
      made('distillation', {
        student: 0.9687,
        ensemble: 0.9713,
        bestMember: 0.9618,
        meanMember: 0.9478,
        products: [
          [0.9687, 0.964, 0.955, 0.936],
          [0.964, 0.9713, 0.957, 0.938],
          [0.955, 0.957, 0.9618, 0.931],
          [0.936, 0.938, 0.931, 0.9283],
        ],
        n: networks,
        images: 10000,
        split: 'test',
        steps: 2000,
        seconds: 38,
        curve: Array.from({ length: 41 }, (_, i) => ({
          step: i * 50,
          accuracy: 0.97 - 0.85 * Math.exp(-i / 3) + 0.003 * normal(next),
          loss: 0.1 + 2.2 * Math.exp(-i / 3),
        })),
        target: preset.target,
      }),
    ],
    filters: filters(next, evaluation.accuracies),
    timings: [
      { stage: 'Training', seconds: 101.4, note: `${steps} steps` },
      { stage: 'Evaluation', seconds: 8.1, note: `${networks} networks on 10,000 images` },
      { stage: 'Map', seconds: 6.2, note: `${mapPoints} networks, t-SNE` },
      { stage: 'Ensemble', seconds: 1.3 },
      { stage: 'Distillation', seconds: 38, note: '2,000 steps' },
    ],
    environment: {
      machine: 'lab-04',
      cpu: 'Intel Xeon Platinum 8481C',
      cores: 2,
      memoryBytes: 24 * 2 ** 30,
      os: 'Debian GNU/Linux 12, Linux 6.1 x64',
      versions: { weightscape: '0.1.0', node: '24.21.0', 'TensorFlow.js': '4.22.0', tensorflow: '2.18.0' },
      commit: 'dadc2af5b1c94f0a6a1f7d7c2a0f3e9b8d7c6a54',
      farmProcesses: 2,
    },
    reproduce: {
      commands: [
        'npm run lab -- train --preset mnist-quick --set method.lambda=1200 --set training.warmup=50 --set training.learningRate=0.0012 --seed 42',
        `npm run lab -- evaluate RUN -n ${networks} --split test`,
        'npm run lab -- ensemble RUN --sizes 1,2,5,10,20,50,100,200 --split test',
        `npm run lab -- map RUN -n ${mapPoints} --method ${method}`,
        `npm run lab -- distil RUN -n ${networks}`,
        'npm run lab -- report RUN --format html,pdf,md --out report',
      ],
      checkpoint: hash('c'),
      seeds: { training: 42, evaluation: 7, map: 7, ensemble: 7, distillation: 7 },
    },
    made: Date.UTC(2026, 2, 1, 14, 12),
  }
}

/** As an analysis of the run's checkpoint found it. */
function made<K extends AnalysisKind>(kind: K, result: FindingsOf<K> & { n: number }, arrays: NamedArrays = {}): ReportResult {
  const about = { id: 1, run: '7f3a9c21', step: 400, checkpoint: hash('c'), seed: 7, networks: null, dataset: hash('b'), createdAt: 0 }
  return {
    ...about,
    kind,
    count: result.n,
    split: 'test',
    images: 10_000,
    options: kind === 'distillation' ? distillation.options.parse({}) : {},
    result,
    arrays,
  }
}

/** The result of a kind: to look at, or to change. */
export const resultIn = <K extends AnalysisKind>({ results }: ReportInput, kind: K): ReportResult<FindingsOf<K>> =>
  results.find((one) => one.kind === kind) as ReportResult<FindingsOf<K>>

const hash = (letter: string): string => Array.from({ length: 64 }, (_, i) => (i % 3 === 0 ? letter : String((i * 7) % 10))).join('')

function metrics(next: () => number, steps: number): MetricSeries[] {
  const every = Math.max(1, Math.floor(steps / 20))
  const all = Array.from({ length: steps }, (_, i) => i + 1)
  const pace = steps / 7
  const learned = (step: number): number => 1 - Math.exp(-((step / pace) ** 2) / 2)
  const crossEntropy = all.map((step) => ({
    step,
    value: (2.3 * (1 - learned(step)) + 0.19 + 0.25 * Math.exp(-step / pace / 2)) * Math.exp(0.06 * normal(next)),
  }))
  const entropy = all.map((step) => ({
    step,
    value: 2842 + 66 * Math.exp(-step / pace / 0.8) - 22 * Math.exp(-(((step / pace - 2.4) / 1.2) ** 2)) + 1.6 * normal(next),
  }))
  return [
    {
      name: metricNames.accuracy,
      points: all
        .filter((step) => step % every === 0)
        .map((step) =>
          point(
            step,
            0.1 + 0.83 * learned(step) + 0.02 * (step / steps) + 0.002 * normal(next),
            0.008 + 0.008 * next() + 0.25 * learned(step) * (1 - learned(step)),
          ),
        ),
    },
    { name: metricNames.crossEntropy, points: crossEntropy },
    { name: metricNames.entropy, points: entropy },
    {
      name: metricNames.nearest,
      points: all.map((step) => ({ step, value: 12900 * (1 + 0.25 * Math.exp(-step / pace)) + 60 * normal(next) })),
    },
    { name: metricNames.loss, points: all.map((step, i) => ({ step, value: 1200 * crossEntropy[i].value - entropy[i].value })) },
    {
      name: metricNames.stepSeconds,
      points: all.map((step) => ({ step, value: 0.212 + 0.012 * Math.abs(normal(next)) + (step % 100 === 0 ? 0.31 : 0) })),
    },
  ]
}

const point = (step: number, value: number, spread: number): MetricSeries['points'][number] => ({
  step,
  value,
  low: Math.max(0, value - 3.2 * spread),
  high: Math.min(0.985, value + 1.6 * spread),
})

function evaluate(next: () => number, n: number): EvaluationResult {
  const accuracies = Array.from(
    { length: n },
    () => Math.round(10000 * (0.958 - 0.012 * Math.abs(normal(next)) * (next() < 0.06 ? 3 : 1) + 0.003 * normal(next))) / 10000,
  )
  const losses = accuracies.map((accuracy) => 3.4 * (1 - accuracy) + 0.01 * next())
  const mean = accuracies.reduce((a, b) => a + b, 0) / n
  return {
    n,
    images: 10000,
    split: 'test',
    mean,
    std: Math.sqrt(accuracies.reduce((sum, accuracy) => sum + (accuracy - mean) ** 2, 0) / n),
    min: Math.min(...accuracies),
    max: Math.max(...accuracies),
    loss: losses.reduce((a, b) => a + b, 0) / n,
    entropy: 2841.6,
    accuracies,
    losses,
    squares: { accuracy: mean * mean + 0.03, loss: 0.18 },
    diversity: {
      networks: n,
      nearest: losses.map((loss) => 9000 + 8000 * loss),
      pairs: {
        from: 9000,
        to: 17_000,
        counts: Array.from({ length: 40 }, (_, i) => Math.round(900 * Math.exp(-(((i - 25) / 6) ** 2)))),
        mean: 14_100,
      },
      entropyError: n < 30 ? null : 2.1,
    },
    seconds: 8.1,
  }
}

function scatter(next: () => number, n: number): NamedArrays {
  const coordinates = new Float32Array(2 * n)
  const accuracy = new Float32Array(n)
  const loss = new Float32Array(n)
  for (let i = 0; i < n; i++) {
    const angle = 2 * Math.PI * next()
    const radius = 38 * Math.sqrt(next()) * (1 + 0.18 * Math.sin(3 * angle))
    coordinates[2 * i] = radius * Math.cos(angle) + normal(next)
    coordinates[2 * i + 1] = 0.8 * radius * Math.sin(angle) + normal(next)
    accuracy[i] = 0.958 - 0.012 * Math.abs(normal(next)) - 0.0004 * radius + 0.006 * Math.sin(angle * 2)
    loss[i] = 3.4 * (1 - accuracy[i])
  }
  return { coordinates: { shape: [n, 2], data: coordinates }, ...asColours({ accuracy, loss }) }
}

/** Moments over images. */
const of = (mean: number, square: number) => ({ mean, square })

function ensemble(next: () => number, n: number, classes: number): EnsembleResult {
  const sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].filter((size) => size <= n)
  const at = (size: number, shift: number): VoteAccuracies => {
    const gain = (rate: number): number => 1 - (1 + (size - 1) * rate) ** -0.7
    return {
      majority: 0.9478 + 0.0222 * gain(0.3) + shift - (size === 2 ? 0.004 : 0),
      meanProbability: 0.9478 + 0.0235 * gain(0.5) + shift,
      mostConfident: 0.9478 + 0.0188 * gain(0.45) + shift,
    }
  }
  const shares = Array.from({ length: 15 }, (_, i) => (i < Math.ceil(15 / classes) ? 0 : Math.exp((i - 14) / 1.3)))
  const sum = shares.reduce((a, b) => a + b, 0)
  return {
    n,
    images: 10000,
    split: 'test',
    sizes: sizes.map((size) => {
      const spread = size === n ? 0 : 0.013 / Math.sqrt(size)
      const [own, all] = [at(size, 0), at(n, 0)]
      const each = (of: (own: number, all: number) => number): VoteAccuracies => ({
        majority: of(own.majority, all.majority),
        meanProbability: of(own.meanProbability, all.meanProbability),
        mostConfident: of(own.mostConfident, all.mostConfident),
      })
      const differ = size === n ? 0 : 0.02 / Math.sqrt(size)
      const overImages = { square: each((a) => a - differ / 2), withAll: each((a, b) => (a + b - Math.abs(b - a) - differ) / 2), all }
      return { size, draws: size === n ? 1 : 100, ...own, low: at(size, -1.7 * spread), high: at(size, spread), overImages }
    }),
    disagreement: 0.0487,
    disagreementSquare: 0.0122,
    calibration: shares.map((share, i) => {
      const count = Math.round((10000 * share) / sum)
      const confidence = (i + 0.5) / 15 + (i === 14 ? 0.02 : 0.004 * normal(next))
      return { confidence, accuracy: count === 0 ? 0 : Math.min(1, confidence ** 0.8 + (0.3 * normal(next)) / Math.sqrt(count + 1)), count }
    }),
    calibrationError: 0.0213,
    calibrationOver: { interval: { low: 0.0181, high: 0.0244 }, excess: { mean: -0.0205, square: 0.024 } },
    beside: {
      accuracy: { single: of(0.9478, 0.93), vote: of(0.9713, 0.9713), gain: of(0.0235, 0.015) },
      loss: { single: of(0.18, 0.4), vote: of(0.11, 0.25), gain: of(-0.07, 0.06) },
      excess: { single: of(0.012, 0.05), vote: of(-0.0205, 0.024), gain: of(-0.0325, 0.004) },
      errors: Array.from({ length: n }, (_, i) => 0.025 + 0.004 * Math.sin(i)),
    },
  }
}

function filters(next: () => number, accuracies: number[]): FilterSet {
  const shape = { kernel: 5, channels: 1, filters: 32 }
  const count = Math.min(6, accuracies.length)
  const weights = new Float32Array(count * shape.filters * 25)
  for (let filter = 0; filter < shape.filters; filter++) {
    const angle = 2 * Math.PI * next()
    for (let network = 0; network < count; network++) {
      const turn = angle + 0.5 * normal(next)
      for (let i = 0; i < 25; i++) {
        const along = ((i % 5) - 2) * Math.cos(turn) + (Math.floor(i / 5) - 2) * Math.sin(turn)
        weights[(network * shape.filters + filter) * 25 + i] = Math.sin(along * 1.1) * 1.2 + 0.35 * normal(next)
      }
    }
  }
  return {
    ...shape,
    networks: Array.from({ length: count }, (_, index) => ({ index, accuracy: accuracies[index] })),
    on: { images: 10_000, split: 'test' },
    weights,
  }
}
