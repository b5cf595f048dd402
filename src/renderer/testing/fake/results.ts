/** Made-up findings about runs: maps, ensembles, students, kept networks, files to take away. */
import type { NamedArrays } from '../../../analyses/analysis.ts'
import { distillation } from '../../../analyses/distillation/definition.ts'
import { distillationBench, studentsOf, type BenchOptions } from '../../../analyses/distillation-bench/definition.ts'
import { perVote } from '../../../analyses/ensemble/definition.ts'
import { asColours } from '../../../analyses/network-values.ts'
import type { AnalysisResult } from '../../../shared/contract/analyses.ts'
import type { Artefact, NetworkBookmark, NetworkCard } from '../../../shared/contract/networks.ts'
import type { Filters, Run } from '../../../shared/contract/runs.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Split } from '../../../shared/split.ts'
import { pictures } from './pictures.ts'
import { normal, random } from './random.ts'

const minute = 60_000

export interface RunResults {
  found: AnalysisResult[]
  bookmarks: NetworkBookmark[]
  artefacts: Artefact[]
}

const byRun = new Map<string, RunResults>()
let ids = 100
export const nextId = (): number => ++ids

/** Of a finished run all there can be, of others nothing yet. */
export function resultsOf(run: Run): RunResults {
  let results = byRun.get(run.id)
  if (results !== undefined) return results
  results = { found: [], bookmarks: [], artefacts: [] }
  byRun.set(run.id, results)
  if (run.state !== 'finished') return results
  results.found.push(mapOf(run, 'pca', 3000), mapOf(run, 'tsne', 1000))
  if (run.id === 'quiet-lynx') results.found.unshift(mapOf(run, 'tsne', 100_000))
  results.found.push(ensembleOf(run, 100, 'validation', 5000))
  results.found.push(studentOf(run, 100, 'validation', 5000), benchOf(run, 100, 'test', 10_000))
  results.artefacts.push(
    artefactOf(run, `report-${run.id}.pdf`, 412_000, null),
    artefactOf(run, `${run.id}-student.onnx`, 168_000, checked),
  )
  results.bookmarks.push(bookmarkOf(run, 17, 'best at sevens', 0.9834))
  return results
}

export const checked = 'loaded again and run on 64 images: outputs differ by at most 3e-7'

export const sampledFrom = (run: Run, count: number) => ({
  id: nextId(),
  run: run.id,
  step: run.step,
  networks: null,
  dataset: run.dataset,
  split: 'validation' as const,
  images: 5000,
  checkpoint: 'c'.repeat(64),
  seed: run.document.seed,
  count,
  createdAt: Date.now() - 90 * minute,
})

/** @param others runs whose networks are laid beside those of the run, as many of each */
export function mapOf(
  run: Run,
  method: 'pca' | 'tsne',
  count: number,
  others: readonly Run[] = [],
  weights: 'raw' | 'aligned' = 'raw',
): AnalysisResult<'map'> {
  const parts = [run, ...others].map(({ id, name, step, document: { seed } }) => ({
    ...{ run: id, name, step, checkpoint: 'c'.repeat(64), seed, count, kin: 0.91 },
  }))
  return {
    ...sampledFrom(run, count),
    kind: 'map',
    result: {
      n: count * parts.length,
      method,
      ...(others.length === 0 ? {} : { runs: parts }),
      seconds: count / 260,
      klDivergence: method === 'tsne' ? 1.42 : null,
      explained: method === 'pca' ? [0.184, 0.113] : null,
    },
    options: { method, perplexity: 30, iterations: 1000, components: 50, weights },
  }
}

/** Clumps for t-SNE, a cloud for PCA; `done` of the way from nothing to there. */
export function pointsOf(map: AnalysisResult<'map'>, done = 1): NamedArrays {
  const next = random(map.id + map.seed)
  const tsne = map.result.method === 'tsne'
  const clumps = tsne ? 9 : 1
  const coordinates = new Float32Array(2 * map.result.n)
  const values: Record<string, Float32Array> = Object.fromEntries(
    ['norm', 'nearest', 'accuracy', 'loss', 'disagreement'].map((name) => [name, new Float32Array(map.result.n)]),
  )
  for (let i = 0; i < map.result.n; i++) {
    // Runs lie apart.
    const clump = map.result.runs === undefined ? i % clumps : 3 * Math.floor(i / map.count) + (i % 3)
    const angle = (clump / clumps) * 2 * Math.PI + 0.4
    const far = tsne ? 18 + 9 * Math.sin(clump * 2.1) : 0
    const [u, v] = [normal(next), normal(next)]
    const spread = tsne ? 3.4 + Math.cos(clump) : 9
    coordinates[2 * i] = done * far * Math.cos(angle) + spread * u * (tsne ? 1 : 1.6)
    coordinates[2 * i + 1] = done * far * Math.sin(angle) + spread * v + (tsne ? 0 : 0.06 * u * u * spread)
    const good = 0.974 + 0.008 * Math.sin(clump) - 0.004 * Math.abs(u) + 0.002 * normal(next)
    values['accuracy'][i] = good
    values['loss'][i] = (1 - good) * 3.1
    values['disagreement'][i] = (1 - good) * 1.4 + 0.004 * Math.abs(v)
    values['nearest'][i] = 11 + 1.4 * Math.abs(u) + 0.3 * normal(next)
    values['norm'][i] = 41 + 1.1 * v
  }
  // Laid out, it is known how networks lie; before that only where they are.
  const beside: NamedArrays = done < 1 ? {} : { ...nearestOnMap(coordinates), components: componentsLike(coordinates) }
  return { coordinates: { shape: [map.result.n, 2], data: coordinates }, ...beside, ...asColours(values) }
}

/** Of each its nearest on the map itself, and how far they are from it. */
function nearestOnMap(coordinates: Float32Array): NamedArrays {
  const n = coordinates.length / 2
  const k = Math.min(5, n - 1)
  const [neighbours, distances] = [new Float32Array(n * k), new Float32Array(n * k)]
  for (let i = 0; n <= 1000 && i < n; i++) {
    const far = (j: number) => Math.hypot(coordinates[2 * j] - coordinates[2 * i], coordinates[2 * j + 1] - coordinates[2 * i + 1])
    const others = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i)
    const nearest = others.sort((a, b) => far(a) - far(b)).slice(0, k)
    neighbours.set(nearest, i * k)
    distances.set(nearest.map(far), i * k)
  }
  return n > 1000 ? {} : { neighbours: { shape: [n, k], data: neighbours }, distances: { shape: [n, k], data: distances } }
}

/** Three components a network: the map's own, and a third. */
const componentsLike = (coordinates: Float32Array) => ({
  shape: [coordinates.length / 2, 3],
  data: Float32Array.from({ length: (coordinates.length / 2) * 3 }, (_, at) => {
    const [i, component] = [Math.floor(at / 3), at % 3]
    return component < 2 ? coordinates[2 * i + component] : Math.sin(i) * 8
  }),
})

/** Moments over images. */
const of = (mean: number, square: number) => ({ mean, square })

export function ensembleOf(
  run: Run,
  count: number,
  split: Split,
  images: number,
  networks: number[] | null = null,
): AnalysisResult<'ensemble'> {
  const all = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000]
  const sizes = [...all.filter((size) => size < count), count]
  const at = (size: number, shift: number) => Math.min(0.9755 + 0.0102 * (1 - 1 / size ** 0.62) + shift, 1)
  const votesAt = (size: number, shift: number) => ({
    majority: at(size, shift - (size === 1 ? 0 : 0.0012)),
    meanProbability: at(size, shift),
    mostConfident: at(size, shift - 0.003 * (1 - 1 / size)),
  })
  return {
    ...sampledFrom(run, count),
    kind: 'ensemble',
    split,
    images,
    options: { sizes },
    networks,
    result: {
      n: count,
      images,
      split,
      sizes: sizes.map((size) => {
        const votes = (shift: number) => votesAt(size, shift)
        const spread = 0.0034 / size ** 0.5
        const all = perVote((vote) => votesAt(count, 0)[vote])
        const own = votes(0)
        // Of fewer than all, on some images some are right and some are wrong.
        const mixed = size < count ? 1 : 0
        const overImages = {
          all,
          square: perVote((vote) => own[vote] - 0.3 * mixed * own[vote] * (1 - own[vote])),
          withAll: perVote((vote) => own[vote] - 0.2 * mixed * (1 - own[vote])),
        }
        return { size, draws: size < count ? 50 : 1, ...own, low: votes(-spread), high: votes(spread), overImages }
      }),
      disagreement: 0.0287,
      disagreementSquare: 0.0071,
      calibration: Array.from({ length: 10 }, (_, bin) => ({
        confidence: (bin + 0.5) / 10,
        accuracy: Math.min((bin + 0.5) / 10 + 0.09 * Math.sin((bin / 9) * Math.PI), 1),
        count: bin < 2 ? 0 : Math.round(images * (bin === 9 ? 0.91 : 0.012)),
      })),
      calibrationError: 0.0114,
      calibrationOver: { interval: { low: 0.0062, high: 0.0151 }, excess: { mean: -0.0041, square: 0.012 } },
      beside: {
        accuracy: { single: of(at(1, 0), at(1, 0) - 0.01), vote: of(at(count, 0), at(count, 0)), gain: of(at(count, 0) - at(1, 0), 0.015) },
        loss: { single: of(0.18, 0.4), vote: of(0.11, 0.25), gain: of(-0.07, 0.06) },
        excess: { single: of(0.012, 0.05), vote: of(-0.0205, 0.024), gain: of(-0.0325, 0.004) },
        errors: Array.from({ length: count }, (_, i) => 0.025 + 0.004 * Math.sin(i)),
      },
    },
  }
}

/** Of student, ensemble, best and mean member, as they might be right on the same images. */
const productsLike = (shares: number[]): number[][] =>
  shares.map((a, i) => shares.map((b, j) => (i === j ? (i === 3 ? a - 0.5 * a * (1 - a) : a) : Math.min(a, b) - 0.002)))

export function studentOf(
  run: Run,
  count: number,
  split: Split,
  images: number,
  networks: number[] | null = null,
  steps = 1200,
): AnalysisResult<'distillation'> {
  return {
    ...sampledFrom(run, count),
    kind: 'distillation',
    split,
    images,
    networks,
    options: { ...distillation.options.parse({}), steps },
    result: {
      target: run.document.target,
      student: 0.9838,
      ensemble: 0.9857,
      bestMember: 0.9791,
      meanMember: 0.9755,
      products: productsLike([0.9838, 0.9857, 0.9791, 0.9755]),
      n: count,
      images,
      split,
      steps,
      seconds: 41,
      curve: Array.from({ length: 24 }, (_, index) => ({ step: ((index + 1) * steps) / 24, ...learned((index + 1) / 24) })),
    },
  }
}

export function benchOf(
  run: Run,
  count: number,
  split: Split,
  images: number,
  asked: object = { targets: ['own', 'dense-32'], temperatures: [1, 4] },
): AnalysisResult<'distillation-bench'> {
  const options: BenchOptions = distillationBench.options.parse(asked)
  const next = random(count)
  const within = (value: number) => ({ value, interval: { low: 0.9 * value, high: 1.1 * value } })
  const scores = (wrong: number) => ({ error: within(wrong / 2), brier: within(1.6 * wrong), loss: within(3.1 * wrong) })
  const time = (milliseconds: number) => ({ least: milliseconds, median: 1.15 * milliseconds })
  const students = studentsOf(options).map((kind) => {
    const wide = 20_018 * kind.width ** 1.6 * (kind.target === 'own' ? 1 : 1.3)
    const accuracy = 0.9755 + (0.009 * kind.width) / (0.5 + kind.width) + 0.001 * next() - (kind.target === 'own' ? 0 : 0.004)
    return {
      ...kind,
      ...{ parameters: Math.round(wide), accuracy, products: productsLike([accuracy, 0.9857, 0.9791, 0.9755]) },
      ...{ scores: scores(1 - accuracy), agreement: accuracy + 0.006, validation: accuracy + 0.001, time: time(wide / 600_000) },
      behind: { mean: 0.9855 - accuracy, square: 1.5 * (0.9855 - accuracy) },
    }
  })
  const chosen = students.reduce((best, { validation }, place) => (validation > students[best].validation ? place : best), 0)
  return {
    ...sampledFrom(run, count),
    ...{ kind: 'distillation-bench', split, images, networks: null, options },
    result: {
      ...{ n: count, images, split, validationImages: 5000, students, chosen, bestMember: 0.9791, steps: options.steps, seconds: 512 },
      ensemble: { accuracy: 0.9857, scores: scores(0.0143), time: time(3.4) },
      single: { accuracy: 0.9755, scores: scores(0.0245), time: time(0.034), parameters: 20_018 },
      timed: { device: 'Intel(R) Xeon(R) CPU @ 2.50GHz', batch: 100, rounds: 15, networks: 20 },
    },
  }
}

export function learned(done: number): { accuracy: number; loss: number } {
  return { accuracy: 0.984 - 0.5 * Math.exp(-done * 7) + 0.0009 * Math.sin(done * 60), loss: 0.05 + 1.9 * Math.exp(-done * 6) }
}

export function artefactOf(run: Run, name: string, bytes: number, howChecked: string | null): Artefact {
  const types: Record<string, string> = { html: 'text/html', pdf: 'application/pdf', md: 'text/markdown', zip: 'application/zip' }
  const ending = name.slice(name.lastIndexOf('.') + 1)
  return {
    id: `file-${nextId()}`,
    run: run.id,
    name,
    type: types[ending] ?? 'application/octet-stream',
    bytes,
    createdAt: Date.now(),
    checked: howChecked,
  }
}

export function bookmarkOf(run: Run, index: number, label: string, accuracy: number | null): NetworkBookmark {
  const { checkpoint, seed } = sampledFrom(run, 1)
  return { id: nextId(), run: run.id, checkpoint, seed, index, label, accuracy, createdAt: Date.now() }
}

export function cardOf(run: Run, index: number, images: number, filters: Filters | null, classNames: string[]): NetworkCard {
  const next = random(index + 7)
  const classes = classNames.length
  const confusion = new Uint32Array(classes * classes)
  const each = Math.round(images / classes)
  for (let truth = 0; truth < classes; truth++) {
    let wrong = 0
    for (let guess = 0; guess < classes; guess++) {
      if (guess === truth) continue
      const mistakes = next() < 0.35 ? Math.floor(next() * next() * each * 0.02) : 0
      confusion[truth * classes + guess] = mistakes
      wrong += mistakes
    }
    confusion[truth * classes + truth] = each - wrong
  }
  const classAccuracies = classNames.map((_, truth) => confusion[truth * classes + truth] / each)
  const labels = Array.from({ length: 24 }, () => Math.floor(next() * classes))
  return {
    ...{ run: run.id, checkpoint: 'c'.repeat(64), step: run.step, seed: run.document.seed, index, images, filters, classNames },
    accuracy: classAccuracies.reduce((sum, share) => sum + share, 0) / classes,
    loss: 0.0731,
    classAccuracies,
    confusion,
    worst: {
      pictures: pictures(labels, index * 31),
      predicted: labels.map((label) => (label + 1 + Math.floor(next() * (classes - 1))) % classes),
      probability: labels.map((_, at) => (at + 1) * 4e-4),
    },
  }
}

export function findResult(run: Run, id: number): AnalysisResult {
  const result = resultsOf(run).found.find((one) => one.id === id)
  if (result === undefined) throw new LabError('not-found', `${run.id} has no result ${id}.`, 'Choose another one.')
  return result
}

/** What a result keeps beside it. */
export const arraysOf = (result: AnalysisResult): NamedArrays => (result.kind === 'map' ? pointsOf(result) : {})
