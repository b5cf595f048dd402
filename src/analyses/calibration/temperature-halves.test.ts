import { describe, expect, it } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import { contextTelling } from '../../engine/training/testing/scripted.ts'
import type { CalibrationOptions } from './definition.ts'
import { run } from './engine.ts'

interface Images {
  /** 1 where the answer is wrong: all networks name class 0. */
  wrong: number[]
  /** How sure each network is of class 0, on every image. */
  sure: number[]
}
const said = ({ wrong, sure }: Images) => Float32Array.from(sure.flatMap((p) => wrong.flatMap(() => [p, 1 - p])))
/** @param before images of splits before, whose labels are never right */
async function ask(split: 'validation' | 'test', asked: Images, bins: number, validation?: Images) {
  const [images, before] = [asked.wrong.length, 3]
  const chosen = validation?.wrong ?? []
  const task = {
    job: {
      options: { bins },
      count: asked.sure.length,
      images,
      seed: 3,
      ...(validation === undefined ? {} : { validation: { images: chosen.length } }),
    },
    context: contextTelling(),
    images: { labels: Uint8Array.from([1, 1, 1, ...chosen, ...asked.wrong]) },
    data: { classes: 2, split: { train: before, validation: split === 'validation' ? images : chosen.length, test: images } },
    split,
    probabilities: said(asked),
    validation: validation === undefined ? undefined : said(validation),
  } as unknown as AnalysisTask<CalibrationOptions>
  return (await run(task)).result
}

const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length
/** What a probability becomes at a temperature, of two classes. */
const at = (p: number, temperature: number) => 1 / (1 + ((1 - p) / p) ** (1 / temperature))
/** The temperature at which a network that is always as sure is as sure as it is often right. */
const best = (p: number, right: number) => Math.log(p / (1 - p)) / Math.log(right / (1 - right))
const near = (value: number): unknown => expect.closeTo(value, 4)
/** Expected of answers that are all as sure, nine of ten right. */
const scores = (sure: number[]) => ({
  error: { value: near(mean(sure.map((p) => Math.abs(p - 0.9)))) },
  brier: { value: near(2 * mean(sure.map((p) => 0.9 * (1 - p) ** 2 + 0.1 * p ** 2))) },
  loss: { value: near(-mean(sure.map((p) => 0.9 * Math.log(p) + 0.1 * Math.log(1 - p)))) },
})
const filled = (bins: { confidence: number; accuracy: number; count: number }[]) => bins.filter(({ count }) => count > 0)

describe('a temperature', () => {
  const sure = [0.99, 0.93]
  /** Two of three right, and nine of ten. */
  const third = Array.from({ length: 21 }, (_, i) => Number(i % 3 === 0))
  const tenth = Array.from({ length: 20 }, (_, i) => Number(i % 10 === 0))

  it.each([
    // Images 0, 2, ... choose, 1, 3, ... are those that it is tried on.
    [
      'the images between those that chose it',
      true,
      sure,
      () => ask('validation', { wrong: third.flatMap((one, i) => (i < 20 ? [one, tenth[i]] : [one])), sure }, 10),
    ],
    [
      'test images and not on validation images',
      false,
      [0.95, 0.8],
      () => ask('test', { wrong: tenth, sure }, 10, { wrong: third, sure: [0.95, 0.8] }),
    ],
  ])('is tried on %s', async (_name, isHalved, choosing, found) => {
    const { scaled } = await found()
    const temperatures = choosing.map((p) => best(p, 2 / 3))
    const temperature = best(mean(choosing), 2 / 3)
    expect(scaled).toMatchObject({ isHalved, chosenOn: 21, images: 20 })
    expect(scaled?.single.temperatures).toEqual(temperatures.map((one) => near(one)))
    expect(scaled?.single.before).toMatchObject(scores(sure))
    expect(scaled?.single.after).toMatchObject(scores(sure.map((p, network) => at(p, temperatures[network]))))
    expect(scaled?.vote.temperature).toBeCloseTo(temperature, 3)
    expect(scaled?.vote.before).toMatchObject(scores([mean(sure)]))
    expect(scaled?.vote.after).toMatchObject(scores([at(mean(sure), temperature)]))
    const bin = (confidence: number) => [{ confidence: near(confidence), accuracy: 0.9, count: 20 }]
    expect(filled(scaled!.bins.before)).toEqual(bin(mean(sure)))
    expect(filled(scaled!.bins.after)).toEqual(bin(at(mean(sure), temperature)))
  })
})

it('has bins that hold how sure networks are beside how often they are right', async () => {
  const { single, vote } = await ask('test', { wrong: [0, 0, 0, 1, 1], sure: [0.9, 0.8, 0.55] }, 4)
  const close = (confidence: number, count: number) => ({ confidence: near(confidence), accuracy: 0.6, count })
  expect(filled(single.bins)).toEqual([close(0.55, 5), close(0.85, 10)])
  expect(single.error).toBeCloseTo((0.3 + 0.2 + 0.05) / 3, 4)
  expect(filled(vote.bins)).toEqual([close(0.75, 5)])
  expect(vote.error).toBeCloseTo(0.15, 4)
})
