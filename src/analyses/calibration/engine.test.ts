import { describe, expect, it, test } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import type { ResultRecord } from '../analysis.ts'
import { calibration, type CalibrationOptions, type CalibrationResult } from './definition.ts'
import { run } from './engine.ts'

test('single networks and their vote stand in bins of their own confidence', async () => {
  // Two networks, four images, two classes: both are sure of 3/4, one errs on the last image, the other on the first.
  const sure = [0.75, 0.25]
  const other = [0.25, 0.75]
  const probabilities = Float32Array.from([sure, sure, other, sure, other, sure, other, other].flat())
  const task = {
    job: { options: { bins: 2 }, count: 2, images: 4 },
    context: { emit: () => undefined, yieldToEventLoop: () => Promise.resolve(), now: () => 0, pausing: false },
    images: { labels: Uint8Array.of(0, 0, 1, 1) },
    data: { classes: 2, split: { train: 0, validation: 0, test: 4 } },
    split: 'test',
    probabilities,
  } as unknown as AnalysisTask<{ bins: number }>
  const { result } = await run(task)
  const empty = { confidence: 0.25, accuracy: 0, count: 0 }
  expect(result).toMatchObject({ n: 2, images: 4, split: 'test' })
  expect(result.single).toEqual({ error: 0, bins: [empty, { confidence: 0.75, accuracy: 0.75, count: 8 }] })
  // On the images on which they differ their mean is one half, and the lower class is named.
  expect(result.vote.bins[1]).toEqual({ confidence: 0.625, accuracy: 0.75, count: 4 })
  expect(result.vote.error).toBeCloseTo(0.125, 12)
  // Brier: 1/8 where a network is right, 9/8 where it is not.
  expect(result.scores?.single.brier.value).toBeCloseTo((6 * 0.125 + 2 * 1.125) / 8, 6)
  // Four images are too few to choose a temperature on.
  expect(result.scaled).toBeNull()
})

describe('a temperature', () => {
  const images = 40
  /** Sure of 0.99 and right on three of four images: the best temperature makes that 0.75. */
  const labels = Uint8Array.from({ length: 2 * images }, (_, image) => Number(image % 8 < 2))
  const said = (networks: number) => Float32Array.from({ length: networks * images * 2 }, (_, at) => (at % 2 === 0 ? 0.99 : 0.01))
  const ask = async (split: 'validation' | 'test', more: object = {}, answers: object = {}) => {
    const task = {
      job: { options: { bins: 10 }, count: 2, images, seed: 3, ...more },
      context: { emit: () => undefined, yieldToEventLoop: () => Promise.resolve(), now: () => 0, pausing: false },
      images: { labels },
      data: { classes: 2, split: { train: 0, validation: images, test: images } },
      split,
      probabilities: said(2),
      validation: said(2),
      ...answers,
    } as unknown as AnalysisTask<CalibrationOptions>
    const { result } = await run(task)
    const record = { result, networks: null, options: { bins: 10 } } as unknown as ResultRecord<CalibrationOptions, CalibrationResult>
    return { scaled: result.scaled!, shown: calibration.show(record), result }
  }
  const best = Math.log(99) / Math.log(3)

  it('is chosen on validation images and tried on others', async () => {
    const { scaled, shown } = await ask('test', { validation: { images } })
    expect(scaled).toMatchObject({ isHalved: false, chosenOn: images, images })
    expect(scaled.vote.temperature).toBeCloseTo(best, 4)
    expect(scaled.single.temperatures).toEqual([expect.closeTo(best, 4), expect.closeTo(best, 4)])
    expect(scaled.vote.before.error.value).toBeCloseTo(0.24, 5)
    expect(scaled.vote.after.error.value).toBeCloseTo(0, 4)
    expect(shown.notes?.join(' ')).toMatch(/chosen on 40 validation images, and tried on these test images/)
    expect(shown.tables?.[1].rows.map(([name]) => name)).toEqual(['Single networks', 'Single networks, scaled', 'Vote', 'Vote, scaled'])
  })

  it('leaves what all images say as it is told of them, where these are no halves', async () => {
    // Three networks, sure by amounts that no whole unit of a vote is.
    const probabilities = Float32Array.from({ length: 3 * images * 2 }, (_, at) => {
      const other = 0.01 + 0.037 * ((at >> 1) % 11)
      return at % 2 === 0 ? 1 - other : other
    })
    const answers = { probabilities, validation: probabilities }
    const { result, scaled } = await ask('test', { validation: { images }, count: 3 }, answers)
    expect(result.scores!.vote.error).toEqual({ value: result.vote.error, interval: result.voteOver!.interval })
    expect(result.scores!.single.error.value).toBeCloseTo(result.single.error, 12)
    expect([scaled.single.before, scaled.vote.before]).toEqual([result.scores!.single, result.scores!.vote])
    expect(scaled.bins.before).toEqual(result.vote.bins)
  })

  it('is chosen on one half of validation images where these are asked about, and tried on the other', async () => {
    const { scaled, shown } = await ask('validation')
    expect(scaled).toMatchObject({ isHalved: true, chosenOn: 20, images: 20 })
    // Of each half one in four is wrong, as in all.
    expect(scaled.vote.temperature).toBeCloseTo(best, 4)
    expect(shown.notes?.join(' ')).toMatch(/chosen on 20 of the validation images, every other one, and tried on the 20 between them/)
  })

  it('is none where all answers are right, which is said', async () => {
    const kept = labels.slice()
    labels.fill(0)
    const { scaled, shown } = await ask('validation').finally(() => labels.set(kept))
    expect(scaled.vote.temperature).toBeNull()
    expect(scaled.vote.after).toEqual(scaled.vote.before)
    expect(shown.notes?.join(' ')).toMatch(/The vote has no best temperature and stays as it is/)
    expect(shown.rows).toContainEqual(['temperature', 'none of the vote, none of single networks'])
  })

  it('is not told of results that were made before', async () => {
    const { result } = await ask('validation')
    const headline = calibration.headline({ result, networks: null } as unknown as ResultRecord<CalibrationOptions, CalibrationResult>)
    expect(headline).toMatch(/: [\d.]+\s% \[.*\] each, [\d.]+\s% \[.*\] by their vote$/)
    const { scaled: _scaled, scores: _scores, ...older } = result
    const shown = calibration.show({ result: older, networks: null } as unknown as ResultRecord<CalibrationOptions, CalibrationResult>)
    expect(shown.notes?.join(' ')).toMatch(/Made before temperatures were chosen/)
    expect(shown.tables).toHaveLength(2)
  })
})
