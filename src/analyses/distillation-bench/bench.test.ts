import { beforeAll, describe, expect, it } from 'vitest'
import { distil } from '../../engine/distillation/distil.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { createTargetProgram } from '../../engine/target-network/target-program.ts'
import { contextTelling } from '../../engine/training/testing/scripted.ts'
import { blobs, farmOf, smallDocument } from '../../engine/training/testing/small-run.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { TrainingSession } from '../../methods/hypernetwork/training/session.ts'
import type { JobEvent } from '../../shared/engine-protocol.ts'
import type { Target } from '../../shared/experiment.ts'
import { leastProbability } from '../../shared/scores.ts'
import { settleRequest } from '../request.ts'
import { distillation, labelling } from '../distillation/definition.ts'
import { distillationBench, nameOf, studentsOf, type BenchOptions, type BenchResult } from './definition.ts'
import { run } from './engine.ts'

const split = { train: 200, validation: 60, test: 40 }
const images = blobs(300)
const other: Target = {
  input: smallDocument.target.input,
  layers: [
    { kind: 'dense', units: 5, activation: 'relu' },
    { kind: 'dense', units: 3, activation: 'none' },
  ],
}
const count = 6
const options = distillationBench.options.parse({
  ...{ widths: [0.5, 1], targets: ['own', 'other'], temperatures: [2], teachers: 'both' },
  ...{ steps: 8, labelled: 200, imageBatch: 8, learningRate: 0.02 },
})

async function open() {
  const farm = await farmOf(smallDocument)
  const session = new TrainingSession(smallDocument, farm)
  for (let i = 0; i < 40; i++) await session.step()
  const source = session.source()
  const data = { classes: 3, split } as never // no more of it is asked for
  const job = { seed: 3, count, images: 40, split: 'test' as const, options, targets: [smallDocument.target, other] }
  const events: JobEvent[] = []
  const task = { job, source: () => Promise.resolve(source), farm, images, data, split: 'test', context: contextTelling(events) }
  return { source, farm, events, task: task as unknown as Parameters<typeof run>[0] }
}

describe('a bench of students', () => {
  let opened: Awaited<ReturnType<typeof open>>
  let result: BenchResult
  beforeAll(async () => {
    await loadTensorFlow()
    opened = await open()
    result = (await run(opened.task)).result
  })

  it('has a student of every combination, each the one that distillation makes alone', async () => {
    const { source, farm } = opened
    expect(result.students.map(({ target, width, fresh }) => [target, width, fresh])).toEqual(
      [false, true].flatMap((fresh) => ['own', 'other'].flatMap((target) => [0.5, 1].map((width) => [target, width, fresh]))),
    )
    const program = await createTargetProgram(source.target)
    const members = range(0, count).map((m) => rowsOf(program.probabilitiesOn(source.sample(3, m, 1), prepare(program), 1)))
    const mean = range(0, 40).map((i) => [0, 1, 2].map((c) => members.reduce((sum, rows) => sum + rows[i][c] / count, 0)))
    const vote = mean.map(winner)
    expectScores(result.ensemble.scores, [mean])
    expectScores(result.single.scores, members)
    const accuracies = members.map((rows) => rows.filter((row, i) => winner(row) === tested[i]).length / 40)
    expect(result.single.accuracy).toBeCloseTo(
      accuracies.reduce((sum, one) => sum + one / count, 0),
      12,
    )
    expect(result.bestMember).toBe(Math.max(...accuracies))
    expect(result.ensemble.accuracy).toBe(vote.filter((answer, i) => answer === tested[i]).length / 40)
    for (const student of result.students) {
      const alone = await distil({
        ...{ source, farm, images, data: { split }, seed: 3, count, split: 'test', evaluationImages: 40, context: contextTelling() },
        target: student.target === 'other' ? other : undefined,
        options: {
          ...{ ...options, target: 'own', width: student.width, temperature: student.temperature },
          ...{ labelWeight: student.labelWeight, freshNetworks: student.fresh },
        },
      })
      expect(student.accuracy).toBe(alone.result.student)
      expect(student.products).toEqual(alone.result.products)
      expect(student.parameters).toBe(alone.weights.length)
      const own = await createTargetProgram(layOut(alone.target))
      const rows = rowsOf(own.probabilitiesOn(alone.weights, prepare(own), 1))
      expectScores(student.scores, [rows])
      const onValidation = own.probabilitiesOn(alone.weights, own.prepare(images, range(200, 60)), 1)
      const rightThere = range(0, 60).filter((i) => winner([...onValidation.subarray(3 * i, 3 * i + 3)]) === images.labels[200 + i])
      expect(student.validation).toBeCloseTo(rightThere.length / 60, 12)
      expect(student.agreement).toBeCloseTo(rows.filter((row, i) => winner(row) === vote[i]).length / 40, 12)
    }
  })

  it('chooses on validation images, and tells how far behind the others are there', () => {
    const { students, chosen, validationImages } = result
    expect(validationImages).toBe(60)
    const best = Math.max(...students.map(({ validation }) => validation))
    expect(students[chosen].validation).toBe(best)
    for (const { validation, behind } of students) expect(behind.mean).toBeCloseTo(best - validation, 12)
    const alike = students.filter(({ validation }) => validation === best)
    expect(students[chosen].parameters).toBe(Math.min(...alike.map(({ parameters }) => parameters)))
  })

  it('tells how long an image takes, and how far it is', () => {
    for (const { time } of [result.ensemble, result.single, ...result.students]) {
      expect(time.least).toBeGreaterThan(0)
      expect(time.median).toBeGreaterThanOrEqual(time.least)
    }
    expect(result.timed).toMatchObject({ batch: 40, networks: count })
    const told = opened.events.filter((event) => event.type === 'progress')
    expect(told.at(-1)).toMatchObject({ done: 9 * 8, total: 9 * 8 })
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted((a, b) => a - b))
  })

  it('takes an ensemble for as many times as long as it has more networks than are timed', async () => {
    const [count, steps] = [2 * labelling.committee, 1]
    const job = { ...opened.task.job, count, options: { ...options, widths: [1], targets: ['own'], teachers: 'fresh', steps } }
    // On this clock every piece of work takes as long.
    const { ensemble, single, timed } = (
      await run({ ...opened.task, job, context: { ...contextTelling(), now: ticking() } } as typeof opened.task)
    ).result
    expect(timed.networks).toBe(labelling.committee)
    expect(ensemble.time.least / single.time.least).toBeCloseTo(2, 10)
  })

  it('ends at once when it is cancelled', async () => {
    const stop = () => Promise.reject(new Error('cancelled'))
    await expect(run({ ...opened.task, context: { ...contextTelling(), now: ticking(), yieldToEventLoop: stop } })).rejects.toThrow(
      'cancelled',
    )
  })

  it('is told with what sets students apart, and names no gain that is too little to tell', () => {
    const record = { kind: 'distillation-bench', networks: null, options, result } as never
    const { tables = [], notes = [], charts = [] } = distillationBench.show(record)
    expect(tables[0].rows).toHaveLength(10)
    expect(tables[0].rows[0][0]).toContain('1: own, width 0.5, T 2, ensemble')
    expect(notes[0]).toMatch(/^Student \d was chosen for its accuracy on 60 validation images\. /)
    expect(notes[0]).not.toContain('flatters')
    const lines = charts[0].kind === 'lines' ? charts[0].lines : []
    expect(lines.map(({ name }) => name)).toEqual([
      ...['own, T 2, ensemble', 'other, T 2, ensemble', 'own, T 2, fresh networks', 'other, T 2, fresh networks'],
      ...['Ensemble', 'Mean member'],
    ])
    expect(lines[0].x).toEqual(result.students.slice(0, 2).map(({ parameters }) => parameters))
    expect(lines[0].y).toEqual(result.students.slice(0, 2).map(({ accuracy }) => accuracy))
    const alike = { ...result, ensemble: { ...result.ensemble, accuracy: result.single.accuracy } }
    const { tables: of = [] } = distillationBench.show({ ...(record as object), result: alike } as never)
    expect(new Set(of[0].rows.slice(0, 8).map((row) => row[3]))).toEqual(new Set(['–']))
    const poor = { ...result, students: result.students.map((one) => ({ ...one, ...worthless })) }
    const gains = distillationBench.show({ ...(record as object), result: { ...poor, ...worthlessBeside } } as never).tables?.[0].rows
    expect(gains?.[0][3]).toBe('nothing')
    const onValidation = distillationBench.show({ ...(record as object), result: { ...result, split: 'validation' } } as never)
    expect(onValidation.notes?.[0]).toContain('flatters')
    const [{ of: figure }] = distillationBench.figures!
    const intervalOn = (split: 'test' | 'validation') => figure({ ...(record as object), result: { ...result, split } } as never)?.interval
    expect([intervalOn('validation'), intervalOn('test')]).toEqual([null, expect.objectContaining({ low: expect.any(Number) as number })])
  })

  /** The test images. */
  const prepare = (program: Awaited<ReturnType<typeof createTargetProgram>>) => program.prepare(images, range(260, 40))
})

const tested = images.labels.subarray(260, 300)
const winner = (row: readonly number[]): number => row.indexOf(Math.max(...row))
const rowsOf = (said: Float32Array): number[][] => range(0, said.length / 3).map((i) => [...said.subarray(3 * i, 3 * i + 3)])

/** A second computation of how just probabilities of the test images are, in plain loops: the mean of some networks. */
function expectScores({ loss, brier, error }: BenchResult['single']['scores'], said: readonly (readonly number[][])[]): void {
  const mean = (of: (row: number[], label: number) => number) =>
    said.flatMap((rows) => rows.map((row, i) => of(row, tested[i]))).reduce((sum, one) => sum + one / (40 * said.length), 0)
  expect(loss.value).toBeCloseTo(
    mean((row, label) => -Math.log(Math.max(row[label], leastProbability))),
    5,
  )
  expect(brier.value).toBeCloseTo(
    mean((row, label) => row.reduce((sum, p, c) => sum + (p - (c === label ? 1 : 0)) ** 2, 0)),
    5,
  )
  const errors = said.map((rows) => {
    const gaps = new Map<number, number>()
    rows.forEach((row, i) => {
      const bin = Math.min(14, Math.floor(Math.max(...row) * 15))
      gaps.set(bin, (gaps.get(bin) ?? 0) + Number(winner(row) === tested[i]) - Math.max(...row))
    })
    return [...gaps.values()].reduce((sum, gap) => sum + Math.abs(gap) / 40, 0)
  })
  expect(error.value).toBeCloseTo(
    errors.reduce((sum, one) => sum + one / said.length, 0),
    5,
  )
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i)

/** Right on 1 of 1,000 images where the ensemble is on 900, and the mean member on 500. */
const worthless = {
  accuracy: 0.001,
  products: [
    [0.001, 0.001, 0, 0],
    [0.001, 0.9, 0.5, 0.5],
    [0, 0.5, 0.5, 0.5],
    [0, 0.5, 0.5, 0.5],
  ],
}
const worthlessBeside = {
  images: 1000,
  ensemble: { accuracy: 0.9, scores: noScores(), time: { least: 1, median: 1 } },
  single: { accuracy: 0.5, scores: noScores(), time: { least: 1, median: 1 }, parameters: 10 },
}
function noScores() {
  const none = { value: 1, interval: null }
  return { error: none, brier: none, loss: none }
}

/** A clock on which every look is 60 ms after the one before. */
function ticking(): () => number {
  let at = 0
  return () => (at += 60)
}

it('makes no more students than a bench has room for', () => {
  const asked = (options: Record<string, unknown>) => settleRequest({ kind: 'distillation-bench', options }).options as BenchOptions
  expect(studentsOf(asked({ widths: [1, 1, 2], teachers: 'both' }))).toHaveLength(4)
  expect(() => asked({ widths: [1, 2, 3, 4, 5], temperatures: [1, 2, 3, 4, 5] })).toThrow(
    'These lists make 25 students, and a bench has at most 24.',
  )
})

it('names a student by what sets it apart', () => {
  const plain = { target: 'own', width: 1, temperature: 1, labelWeight: 0, fresh: false }
  expect(nameOf(plain, [plain])).toBe('width 1')
  const warm = { ...plain, temperature: 4 }
  expect([plain, warm].map((one) => nameOf(one, [plain, warm]))).toEqual(['T 1', 'T 4'])
  const dense = { ...warm, target: 'dense-32', labelWeight: 0.1, fresh: true }
  expect(nameOf(dense, [dense])).toBe('dense-32, T 4, labels 0.1, fresh networks')
  expect(distillation.options.parse({})).toMatchObject({ target: 'own', freshNetworks: false })
})
