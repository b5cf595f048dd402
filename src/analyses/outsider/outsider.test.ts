import { beforeAll, describe, expect, it } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { contextTelling, scriptedSource } from '../../engine/training/testing/scripted.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import type { ResultRecord } from '../analysis.ts'
import { outsider, type OutsiderOptions, type OutsiderResult } from './definition.ts'
import { run } from './engine.ts'

beforeAll(() => loadTensorFlow())

/** One pixel, two classes: a network of slope s says the second class with the logit s * pixel / 255. */
const target = layOut({ input: { height: 1, width: 1, channels: 1 }, layers: [{ kind: 'dense', units: 2, activation: 'none' }] })
const slopes = [6, 12]
const setOf = (pixels: number[]) => ({
  images: Uint8Array.from(pixels),
  labels: new Uint8Array(pixels.length),
  count: pixels.length,
  height: 1,
  width: 1,
  channels: 1,
})
const sizesOf = (pixels: number[]) => ({ train: 0, validation: 0, test: pixels.length })

async function ask(own: number[], outside: number[], weights = slopes) {
  const source = scriptedSource(target, 7, {
    *networks(_seed, first, count) {
      for (let i = first; i < first + count; i++) yield { first: i, count: 1, weights: Float32Array.of(0, weights[i], 0, 0) }
    },
  })
  const task = {
    job: {
      options: { outside: 'b' },
      count: weights.length,
      seed: 7,
      outside: { name: 'letters', split: sizesOf(outside) },
    },
    context: contextTelling(),
    source: () => Promise.resolve(source),
    images: setOf(own),
    outside: setOf(outside),
    data: { classes: 2, split: sizesOf(own) },
    split: 'test',
  } as unknown as AnalysisTask<OutsiderOptions>
  const { result } = await run(task)
  return { result, record: { result, options: {}, networks: null } as unknown as ResultRecord<OutsiderOptions, OutsiderResult> }
}

const sure = (slope: number, pixel: number): number => 1 / (1 + Math.exp((-slope * pixel) / 255))
const entropy = (p: number): number => -p * Math.log(p) - (1 - p) * Math.log(1 - p)
/** How often an outsider has more doubt, counted pair by pair. */
const pairs = (own: number[], outside: number[], doubt: (pixel: number) => number): number => {
  const wins = outside.flatMap((b) => own.map((a) => (doubt(b) > doubt(a) ? 1 : doubt(b) === doubt(a) ? 0.5 : 0)))
  return wins.reduce((sum: number, one) => sum + one, 0) / wins.length
}

const own = Array.from({ length: 40 }, (_, i) => 70 + ((i * 53) % 186))
const outside = Array.from({ length: 30 }, (_, i) => (i * 37) % 140)

describe('outsiders', () => {
  it('are told apart as often as counting pairs says, by single networks and by their mixture', async () => {
    const { result } = await ask(own, outside)
    const alone = slopes.map((slope) => pairs(own, outside, (pixel) => entropy(sure(slope, pixel))))
    expect(result.single.entropy.roc.value).toBeCloseTo((alone[0] + alone[1]) / 2, 6)
    const mean = (pixel: number) => (sure(6, pixel) + sure(12, pixel)) / 2
    expect(result.mixture.entropy.roc.value).toBeCloseTo(
      pairs(own, outside, (pixel) => entropy(mean(pixel))),
      6,
    )
    const information = (pixel: number) => entropy(mean(pixel)) - (entropy(sure(6, pixel)) + entropy(sure(12, pixel))) / 2
    expect(result.mixture.information.roc.value).toBeCloseTo(pairs(own, outside, information), 6)
    for (const { value, interval } of Object.values(result.mixture.entropy)) {
      expect(interval!.low).toBeLessThanOrEqual(value)
      expect(interval!.high).toBeGreaterThanOrEqual(value)
    }
    expect(result.gain.entropy.value).toBeCloseTo(result.mixture.entropy.roc.value - result.single.entropy.roc.value, 12)
    const { own: ownCounts, outside: outsideCounts } = result.singleDoubts.entropy
    const sum = (counts: number[]) => counts.reduce((all, one) => all + one, 0)
    expect([sum(ownCounts), sum(outsideCounts)]).toEqual([80, 60])
    // The same again gives the same.
    expect((await ask(own, outside)).result).toEqual(result)
  })

  it('that look the same are told apart by chance alone', async () => {
    const { result, record } = await ask(own, own)
    expect(result.mixture.entropy.roc.value).toBe(0.5)
    expect(result.mixture.confidence.outside.interval!.low).toBeLessThan(0.5)
    expect(outsider.headline(record)).toMatch(
      /^Entropy tells 40 test images of letters from 40 own ones with an area under ROC of 0\.50 \[/,
    )
  })

  it('have no interval where images are few, and that is said', async () => {
    const { result, record } = await ask(own, outside.slice(0, 9))
    expect(result.single.entropy.roc.interval).toBeNull()
    const { notes, tables } = outsider.show(record)
    expect(notes?.join(' ')).toMatch(/Fewer than 20 images of a side/)
    expect(tables?.[0].rows[0][1]).toMatch(/no interval: too few images/)
  })

  it('are not called sure where networks answer with no numbers', async () => {
    await expect(ask(own, outside, [6, NaN])).rejects.toThrow('Network 2 of those that were asked answers with no numbers')
  })
})
