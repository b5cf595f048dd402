import { beforeAll, describe, expect, it } from 'vitest'
import { principalComponents } from '../../engine/analysis/pca.ts'
import { fixWeights } from '../../engine/gauge/fix-weights.ts'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { randomStream } from '../../engine/random/stream.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { contextTelling, scriptedSource } from '../../engine/training/testing/scripted.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { pgfplots } from '../../main/report/render/pgfplots.ts'
import { resultIn, syntheticInput } from '../../main/report/testing/synthetic-input.ts'
import type { Preparation } from '../../main/lab/results/analyses.ts'
import { asColours } from '../network-values.ts'
import { asScores, nameOf, requireFilters, scatter, scoresOf, type ScatterOptions, type ScatterResult } from './definition.ts'
import { run } from './engine.ts'
import { prepare } from './lab.ts'
import { blocks } from './report.ts'
import { matrixFigure } from './report-matrix.ts'

beforeAll(() => loadTensorFlow())

/** Three hidden units of two pixels, two classes: 9 + 8 weights. */
const target = layOut({
  input: { height: 1, width: 2, channels: 1 },
  layers: [
    { kind: 'dense', units: 3, activation: 'relu' },
    { kind: 'dense', units: 2, activation: 'none' },
  ],
})
const count = 12
const drawn = Float32Array.from({ length: count * target.weightCount }, (_, at) => randomStream(3, 'map', 5, at).normal())

async function find(options: Partial<ScatterOptions>, latent: number | null = 1, networks = count) {
  const source = scriptedSource(target, 7, {
    latent,
    *networks(seed, first, n) {
      for (let at = first; seed === 7 && at < first + n; at += 5) {
        const some = Math.min(5, first + n - at)
        yield { first: at, count: some, weights: drawn.slice(at * target.weightCount, (at + some) * target.weightCount) }
      }
    },
  })
  const task = {
    job: { options: { components: 6, ...options }, count: networks, seed: 7 },
    context: contextTelling(),
    source: () => Promise.resolve(source),
  }
  return run(task as unknown as AnalysisTask<ScatterOptions>)
}

const componentsOf = (weights: Float32Array, indices: readonly number[]) =>
  principalComponents(
    Float32Array.from(Array.from({ length: count }, (_, n) => indices.map((index) => weights[n * target.weightCount + index])).flat()),
    count,
    6,
    7,
    new Pacer(contextTelling()),
    true,
  )

describe('scatter matrices', () => {
  it('are of the whole network, of each layer with its biases, and of a filter of each with its own', async () => {
    const { result, arrays } = await find({ filters: [2, 1] })
    expect(result.parts.map((part) => [nameOf(part), part.weights, part.explained.length])).toEqual([
      ['the whole network', 17, 6],
      ['layer 1 (dense 3, ReLU)', 9, 6],
      ['layer 2 (dense 2)', 8, 6],
      ['filter 2 of layer 1', 3, 3],
      ['filter 1 of layer 2', 4, 4],
    ])
    const wanted = [
      Array.from({ length: 17 }, (_, i) => i),
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
      [9, 10, 11, 12, 13, 14, 15, 16],
      [2, 5, 8],
      [10, 12, 14, 16],
    ]
    for (const [place, indices] of wanted.entries()) {
      const expected = await componentsOf(drawn, indices)
      const { shape, data } = scoresOf(result.parts[place], arrays!)
      expect(shape).toEqual([count, expected.explained.length])
      for (const [at, score] of expected.scores.entries()) expect(data[at]).toBeCloseTo(score, 4)
      expect(result.parts[place].explained).toEqual(expected.explained)
    }
  })

  it('are gauge-fixed where the method does not do that itself', async () => {
    const { result } = await find({ filters: [0, 0] }, null)
    const fixed = fixWeights(target, drawn, count)
    expect(result.parts[1].explained).toEqual((await componentsOf(fixed, [0, 1, 2, 3, 4, 5, 6, 7, 8])).explained)
  })

  it('draw filters by the seed where none are named', async () => {
    const names = (await find({})).result.parts.slice(3).map(({ name }) => name)
    expect((await find({})).result.parts.slice(3).map(({ name }) => name)).toEqual(names)
    expect(names[0]).toMatch(/^filter [0-2] of layer 1$/)
  })

  it('have no more components than networks vary in', async () => {
    const { result, arrays } = await find({ filters: [2, 1] }, 1, 4)
    expect(result.parts[0].explained).toHaveLength(3)
    expect(scoresOf(result.parts[0], arrays!).shape).toEqual([4, 3])
    const notes = (components: number) => scatter.show({ options: { components }, result } as never).notes
    expect(notes(6)).toEqual(['3 components instead of 6: 4 networks vary in no more directions.'])
    expect(notes(3)).toEqual([])
  })

  it('refuse filters that there are not before any network is tested', async () => {
    requireFilters(target, [2, 1])
    for (const filters of [[1], [3, 0], [0, 2], [0, 0, 0]])
      expect(() => requireFilters(target, filters)).toThrow(`The filters ${filters.join(', ')} do not fit this target.`)
    const asked = { target, options: { filters: [3, 0] }, key: {}, evaluate: () => Promise.reject(new Error('It was tested.')) }
    await expect(prepare(asked as unknown as Preparation)).rejects.toThrow('do not fit')
  })

  it('stand in reports whole, and each layer beside its filter, with all numbers', () => {
    const n = 700
    const score = (place: number) =>
      Float32Array.from({ length: n * (place === 0 ? 3 : 2) }, (_, at) => randomStream(1, 'map', place, at).normal())
    const part = (name: string, explained: number[], words = '') => ({ name, words, weights: 9, explained })
    const parts = [
      part('the whole network', [0.5, 0.3, 0.1]),
      part('layer 1', [0.6, 0.2], 'dense 9'),
      part('filter 4 of layer 1', [0.7, 0.1]),
    ]
    const result: ScatterResult = { n, seconds: 1, parts }
    const [whole, layer, filter] = parts.map((one, place) => asScores(one, score(place)))
    const arrays = { ...whole, ...layer, ...filter, ...asColours({ accuracy: score(1).slice(0, n) }) }
    const record = { ...resultIn(syntheticInput(), 'map'), kind: 'scatter', result, arrays }
    const figures = blocks(record, []).flatMap((block) => (block.kind === 'figure' ? [block.figure] : []))
    expect(figures.map(({ id, title }) => [id, title])).toEqual([
      ['scatter', 'Principal components of the whole network'],
      ['scatter-layer-a', 'Principal components of layer 1 (dense 9), and of filter 4 of layer 1'],
    ])
    const [first, second] = figures
    // Three panels of points, of so many as can be told apart.
    expect(first.svg.match(/M[\d.-]+ [\d.-]+h\.01/g)).toHaveLength(3 * 600)
    // Of two it is said which is which, and of all what their colours mean, where there is room.
    for (const name of ['layer 1', 'filter 4 of layer 1']) expect(second.svg).toContain(`font-weight="bold">${name}<`)
    const three = [part('a', [0.5, 0.3, 0.1]), part('b', [0.5, 0.3, 0.1])].map((one) => ({
      ...one,
      scores: { shape: [n, 3], data: score(0) },
    }))
    const beside = matrixFigure({ id: 'two', title: 'two', matrices: three, colour: { name: 'accuracy', values: score(1), on: 'some' } })
    expect([first, beside, second].map(({ svg }) => svg.includes('>accuracy</text>'))).toEqual([true, true, false])
    // LaTeX takes milliseconds for each point: of 3,000 in all, as many networks as there is room for in six panels.
    expect(beside.plots[0].data?.rows).toHaveLength(500)
    const tex = pgfplots(beside)!
    // Seven rows, an empty one between the two, each named beside its first panel: none of it leaves the page.
    expect(tex).toContain('group size=3 by 7')
    expect(tex).toContain('width=0.171\\linewidth, height=0.171\\linewidth')
    expect(tex.match(/title=\{(.)\}/g)).toEqual(['title={a}', 'title={b}'])
    expect(tex).toMatch(
      /^% two\n% Of 700 networks the first 500, so that TeX ends in seconds; all are in the CSV file of the same name\.\n/,
    )
    expect(first.data.columns).toEqual(['network', 'component 1', 'component 2', 'component 3', 'accuracy'])
    expect(first.data.rows).toHaveLength(n)
    expect(second.data.rows[5]).toEqual([5, score(1)[10], score(1)[11], score(2)[10], score(2)[11], score(1)[5]])
    expect(first.plots.map(({ series }) => series.map(({ kind }) => kind).join())).toEqual([
      ...['histogram', '', '', 'points', 'histogram', '', 'points', 'points', 'histogram'],
    ])
    expect(first.caption[0]).toContain('those of the whole network explain 50.0\u00a0%, 30.0\u00a0%, 10.0\u00a0%')
    const told = scatter.show(record as never)
    expect(told.tables?.[0].rows[1]).toEqual(['layer 1 (dense 9)', '9', '60.0\u00a0%', '20.0\u00a0%', '–', '80.0\u00a0%'])
  })
})
