import { describe, expect, it } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import { permuteUnits } from '../../engine/matching/match-units.ts'
import { tiedLayers } from '../../engine/matching/tied-channels.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { testNumbers } from '../../engine/target-network/testing.ts'
import { contextTelling, scriptedFarm, scriptedSource } from '../../engine/training/testing/scripted.ts'
import type { ResultRecord } from '../analysis.ts'
import { diversity, type DiversityResult } from './definition.ts'
import { dimensionOf, run } from './engine.ts'

const layout = layOut({
  input: { height: 2, width: 2, channels: 1 },
  layers: [
    { kind: 'dense', units: 6, activation: 'relu' },
    { kind: 'dense', units: 2, activation: 'none' },
  ],
})

/** @param weightsOf networks by index @param differs whether a network answers an image otherwise than the first class */
async function measure(
  n: number,
  weightsOf: (index: number) => Float32Array,
  differs: (network: number, image: number) => boolean,
  latent: number | null = 3,
) {
  const networks = Array.from({ length: n }, (_, index) => weightsOf(index))
  const known = new Map(networks.map((weights, index) => [weights[0], index]))
  const task = {
    job: { options: {}, count: n, images: 10, seed: 5 },
    context: contextTelling(),
    source: () =>
      Promise.resolve(
        scriptedSource(layout, 5, {
          latent,
          *select(_seed, indices) {
            for (let first = 0; first < indices.length; first++) yield { first, count: 1, weights: networks[indices[first]] }
          },
        }),
      ),
    farm: scriptedFarm(layout, (first, image) => (differs(known.get(first)!, image) ? [0.1, 0.9] : [0.9, 0.1])),
    images: { labels: new Uint8Array(20) },
    data: { classes: 2, split: { train: 5, validation: 10, test: 5 } },
    split: 'validation',
  } as unknown as AnalysisTask<object>
  return (await run(task)).result
}

const record = (result: DiversityResult) =>
  ({ result, networks: null, options: {} }) as unknown as ResultRecord<Record<string, never>, DiversityResult>
const headline = (result: DiversityResult): string => diversity.headline(record(result))
const independent = (index: number): Float32Array => testNumbers(layout.weightCount, index + 1)

describe('diversity', () => {
  it('is symmetry alone where networks are one, shuffled', async () => {
    const tied = tiedLayers(layout)
    const shuffled = (index: number) =>
      permuteUnits(tied, independent(0), new Map([[1, Array.from({ length: 6 }, (_, i) => (i + index) % 6)]]))
    const found = await measure(5, shuffled, () => false)
    expect(found.fixed.mean.value).toBeGreaterThan(1)
    expect(found.matched.mean.value).toBe(0)
    expect(found).toMatchObject({ raw: null, kept: { value: 0, interval: { low: 0, high: 0 } }, disagreement: { value: 0 } })
    expect(headline(found)).toMatch(/^Most of the distance is symmetry: .* leaves 0\.00\u00a0% .* differ on 0\.00\u00a0%/)
  })

  it('is symmetry alone, too, where hidden units are scaled as well, by a method that fixes no gauge', async () => {
    const tied = tiedLayers(layout)
    const scaled = (index: number) => {
      const own = permuteUnits(tied, independent(0), new Map([[1, Array.from({ length: 6 }, (_, i) => (i + index) % 6)]]))
      // Into a hidden unit (four pixels and a bias) times, out of it divided by the same.
      return own.map((weight, at) => {
        const factor = (unit: number) => 1 + ((unit + index) % 3)
        if (at < 30) return weight * factor(at % 6)
        return at < 42 ? weight / factor(Math.floor((at - 30) / 2)) : weight
      })
    }
    const found = await measure(5, scaled, () => false, null)
    expect(found.raw?.mean.value).toBeGreaterThan(1)
    expect(found.fixed.mean.value).toBeGreaterThan(1)
    expect(found.matched.mean.value).toBeLessThan(1e-4)
  })

  it('of half of the networks is the mean over both halves', async () => {
    const direction = independent(9)
    // The even ones lie on a line, the others anywhere; the first weight tells them apart.
    const found = await measure(
      12,
      (index) => (index % 2 === 0 ? independent(20).map((weight, k) => weight + index * direction[k]) : independent(index)),
      () => false,
    )
    expect(found.dimension.ofHalf).toBeGreaterThan(1.5)
  })

  it('is more where little goes and answers differ, and says so only where the networks carry it', async () => {
    const differs = (network: number, image: number) => image === 5 + network
    const found = await measure(8, independent, differs)
    expect(found.disagreement.value).toBeCloseTo(0.2, 12)
    expect(found.matched.mean.value).toBeLessThan(found.fixed.mean.value)
    expect(found.kept!.value).toBeCloseTo(found.matched.mean.value / found.fixed.mean.value, 12)
    expect(headline(found)).toMatch(/^The diversity is more than symmetry: .* \(8 networks, 10 validation images\)$/)
    expect(headline({ ...found, disagreement: { value: 0.01, interval: { low: 0, high: 0.02 } } })).toMatch(/^These networks do not tell/)
    expect(headline({ ...found, kept: { value: 0.6, interval: { low: 0.4, high: 0.8 } } })).toMatch(/^These networks do not tell/)
    expect(headline({ ...found, kept: { value: 0.6, interval: null } })).toMatch(/^These networks do not tell.*no interval: too few/)
  })

  it('is told within what there can be, however few networks say it', async () => {
    // One differs from the two others on every image, and these on none.
    const found = await measure(3, independent, (network) => network === 0)
    expect(found.disagreement.value).toBeCloseTo(2 / 3, 12)
    expect(found.disagreement.interval).toEqual({ low: 0, high: 1 })
  })

  it('is no verdict on good networks where these hardly do better than guessing', async () => {
    const found = { ...(await measure(4, independent, () => false)), accuracies: [0.3, 0.32, 0.28, 0.31], guess: 0.28 }
    expect(headline(found)).toMatch(/, and they hardly do better than guessing: /)
    expect(diversity.show(record(found)).notes?.join()).toMatch(/naming one class always has 28\.0/)
    expect(headline({ ...found, guess: 0.1 })).not.toMatch(/guess/)
  })

  it('is told of all distances by pairs, to the nearest, and in the gauge they come in', async () => {
    const found = await measure(3, independent, () => false, null)
    const distance = (i: number, j: number) => Math.hypot(...independent(i).map((weight, k) => weight - independent(j)[k]))
    const [ab, ac, bc] = [distance(0, 1), distance(0, 2), distance(1, 2)]
    expect(found.raw!.mean.value).toBeCloseTo((ab + ac + bc) / 3, 5)
    expect(found.raw!.nearest.value).toBeCloseTo((Math.min(ab, ac) + Math.min(ab, bc) + Math.min(ac, bc)) / 3, 5)
    expect(found.fixed.mean.value).not.toBeCloseTo(found.raw!.mean.value, 2)
    expect(found.pairs.fixed.reduce((a, b) => a + b)).toBe(3)
    const { tables } = diversity.show(record(found))
    expect(tables?.[0].rows.map(([name]) => name)).toEqual(['as trained', 'gauge-fixed', 'hidden units matched'])
  })

  it('has nothing to say of networks that are all the same', async () => {
    const found = await measure(
      3,
      () => independent(0),
      () => false,
    )
    expect(found).toMatchObject({ kept: null, dimension: { participation: 0, ofHalf: 0, mostly: 0 } })
    expect(JSON.stringify(diversity.show(record(found)))).toMatch(/the weights are all the same/)
  })

  it('has the dimension of what the networks vary in', () => {
    // Along three axes, with variances 4 : 1 : 1.
    const points = [2, -2]
      .map((x) => [x, 0, 0])
      .concat(
        [1, -1].flatMap((y) => [
          [0, y, 0],
          [0, 0, y],
        ]),
      )
    const distances = Float64Array.from(points.flatMap((a) => points.map((b) => Math.hypot(...a.map((x, axis) => x - b[axis])))))
    const { participation, explained, mostly } = dimensionOf(distances, 6)
    expect(participation).toBeCloseTo(36 / 18, 10)
    expect(explained.slice(0, 3)).toEqual([4 / 6, 5 / 6, 1].map((share) => expect.closeTo(share, 10) as number))
    expect(mostly).toBe(3)
    // Of the even ones, on a line, and of the odd ones, in a square: the mean of both.
    const uneven = [0, 1, 2, 3].flatMap((i) => [
      [i, 0],
      [i % 2, 10 + (i >> 1)],
    ])
    const apart = Float64Array.from(uneven.flatMap(([x, y]) => uneven.map(([u, v]) => Math.hypot(x - u, y - v))))
    expect(dimensionOf(apart, 8).ofHalf).toBeCloseTo((1 + 2) / 2, 10)
  })

  it('is asked of no more networks than can be matched in pairs', () => {
    expect(() => diversity.check!({}, 301)).toThrow('301 networks make 45,150 pairs')
    expect(() => diversity.check!({}, 300)).not.toThrow()
  })
})
