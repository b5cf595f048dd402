import { describe, expect, it } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import { contextTelling } from '../../engine/training/testing/scripted.ts'
import { wilson } from '../../shared/statistics/intervals.ts'
import type { Chart, ResultRecord } from '../analysis.ts'
import { uncertainty, type UncertaintyResult } from './definition.ts'
import { run } from './engine.ts'

const entropy = (...p: number[]): number => -p.reduce((sum, one) => sum + (one > 0 ? one * Math.log(one) : 0), 0)

/** Two networks on four test images of two classes: both sure, both half sure, at odds, both sure and wrong. */
const said = [
  [0.9, 0.5, 1, 0.8],
  [0.9, 0.5, 0, 0.6],
]
const task = {
  job: { options: {}, count: 2, images: 4, seed: 3 },
  context: contextTelling(),
  images: { labels: Uint8Array.of(1, 1, 1, 0, 0, 0, 1) },
  data: { classes: 2, split: { train: 2, validation: 1, test: 4 } },
  split: 'test',
  probabilities: Float32Array.from(said.flat().flatMap((p) => [p, 1 - p])),
} as unknown as AnalysisTask<object>

const record = (result: UncertaintyResult) =>
  ({ result, networks: null, options: {} }) as unknown as ResultRecord<Record<string, never>, UncertaintyResult>

describe('uncertainty', () => {
  it('is divided into what networks are unsure of, and what they disagree on', async () => {
    const { result } = await run(task)
    const totals = [entropy(0.9, 0.1), entropy(0.5, 0.5), entropy(0.5, 0.5), entropy(0.7, 0.3)]
    const withins = [entropy(0.9, 0.1), entropy(0.5, 0.5), 0, (entropy(0.8, 0.2) + entropy(0.6, 0.4)) / 2]
    const mean = (values: number[]) => values.reduce((sum, one) => sum + one / 4, 0)
    expect(result.total.mean).toBeCloseTo(mean(totals), 5)
    expect(result.within.mean).toBeCloseTo(mean(withins), 5)
    expect(result.between.mean).toBeCloseTo(mean(totals.map((total, i) => total - withins[i])), 5)
    expect(result.between.square).toBeCloseTo(mean(totals.map((total, i) => (total - withins[i]) ** 2)), 5)
    expect(result).toMatchObject({ n: 2, images: 4, split: 'test', wrong: 1, coverage: [0.25, 0.5, 0.75, 1] })
    // Images by entropy: 0, 3 (wrong), then 1 and 2 alike.
    expect(result.risks.entropy).toEqual([0, 0.5, expect.closeTo(1 / 3, 12), 0.25])
    // By mutual information: 0 and 1 have none, then 3, then 2.
    expect(result.risks.information).toEqual([0, 0, expect.closeTo(1 / 3, 12), 0.25])
    expect(result.byDoubt.entropy.roc).toBeCloseTo(1 / 3, 12)
    expect(result.byDoubt.information.roc).toBeCloseTo(2 / 3, 12)
    expect(result.byDoubt.entropy.riskInterval).toBeNull()
  })

  it('tells each risk with the interval of as many images as are kept', async () => {
    const { charts } = uncertainty.show(record((await run(task)).result))
    const [, entropy] = (charts?.[0] as Extract<Chart, { kind: 'lines' }>).lines
    // None of 1, 1 of 2, 1 of 3, 1 of 4.
    expect(entropy.within).toEqual([wilson(0, 1), wilson(0.5, 2), wilson(1 / 3, 3), wilson(0.25, 4)])
  })

  it('says that few wrong answers tell little', async () => {
    const { rows, notes, tables } = uncertainty.show(record((await run(task)).result))
    expect(rows).toContainEqual(['wrong answers', expect.stringMatching(/^25.% \[.*\] of the vote/)])
    expect(notes?.join(' ')).toMatch(/Only 1 answer is wrong/)
    expect(tables?.[0].rows[1]).toEqual([
      'Entropy',
      expect.stringMatching(/no interval: too few wrong/),
      expect.stringMatching(/no interval/),
    ])
  })

  it('has no interval where too few answers are right, and covers at least the share that a point says', async () => {
    const images = 75
    const more = {
      ...task,
      job: { ...task.job, images },
      images: { labels: new Uint8Array(images + 3).fill(1, 3 + 5) },
      data: { classes: 2, split: { train: 2, validation: 1, test: images } },
      probabilities: Float32Array.from(Array.from({ length: 2 * images }, () => [0.9, 0.1]).flat()),
    } as unknown as AnalysisTask<object>
    const { result } = await run(more)
    expect(result).toMatchObject({ wrong: images - 5, byDoubt: { entropy: { roc: 0.5, rocInterval: null, riskInterval: null } } })
    expect(result.coverage).toHaveLength(50)
    for (const [i, share] of result.coverage.entries()) {
      expect(share).toBeGreaterThanOrEqual((i + 1) / 50)
      expect(share - (i + 1) / 50).toBeLessThan(1 / images)
    }
    const none = { ...more, images: { labels: new Uint8Array(images + 3) } } as unknown as AnalysisTask<object>
    expect(uncertainty.show(record((await run(none)).result)).notes).toContainEqual(expect.stringMatching(/^No answer is wrong: /))
  })
})
