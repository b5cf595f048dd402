import { beforeAll, expect, it } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { contextTelling, scriptedSource } from '../../engine/training/testing/scripted.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { run } from './engine.ts'

beforeAll(() => loadTensorFlow())

/** One pixel, two classes: the second where it is brighter than the threshold of a network. */
const target = layOut({ input: { height: 1, width: 1, channels: 1 }, layers: [{ kind: 'dense', units: 2, activation: 'none' }] })

/** 20 images, half of them dark and half bright, behind others that are labelled wrong. */
async function brighter(thresholds: number[]) {
  const source = scriptedSource(target, 7, {
    *networks(_seed, first, count) {
      for (let i = first; i < first + count; i++) yield { first: i, count: 1, weights: Float32Array.of(0, 20, 0, -20 * thresholds[i]) }
    },
  })
  const bright = Array.from({ length: 20 }, (_, i) => i % 2)
  const before = [1, 0, 1, 0, 0]
  const task = {
    job: { options: {}, count: thresholds.length, seed: 7 },
    context: contextTelling(),
    source: () => Promise.resolve(source),
    images: {
      images: Uint8Array.from([...before.map((one) => 1 - one), ...bright], (one) => (one === 0 ? 26 : 204)),
      labels: Uint8Array.from([...before, ...bright]),
      count: 25,
      height: 1,
      width: 1,
      channels: 1,
    },
    data: { classes: 2, split: { train: 3, validation: 2, test: 20 } },
    split: 'test',
  } as unknown as AnalysisTask<object>
  const { clean, kinds } = (await run(task)).result
  return [clean, ...kinds.find(({ kind }) => kind === 'brightness')!.cells]
}
const near = (value: number): unknown => expect.closeTo(value, 4)
/** Wilson's interval by hand, at 1.96. */
const wilson = (p: number, trials: number) => {
  const half = Math.sqrt((p * (1 - p)) / trials + 1.96 ** 2 / (4 * trials ** 2))
  const [centre, by] = [p + 1.96 ** 2 / (2 * trials), 1 + 1.96 ** 2 / trials]
  return { low: near((centre - 1.96 * half) / by), high: near((centre + 1.96 * half) / by) }
}

it('knows accuracies to as many images as there are, however many networks are asked', async () => {
  // Dark images have 0.102: with 0.2 more three networks of four take them for bright, with 0.4 more all do.
  const [clean, , twoMore, , fourMore] = await brighter([0.2, 0.25, 0.28, 0.45])
  expect(clean.single.accuracy).toEqual({ value: 1, interval: wilson(1, 20) })
  expect(fourMore.single.accuracy).toEqual({ value: 0.5, interval: wilson(0.5, 20) })
  for (const { accuracy } of [fourMore.mixture, { accuracy: fourMore.majority }])
    expect(accuracy).toEqual({ value: 0.5, interval: wilson(0.5, 20) })
  // Shares right are 1/4 and 1: they vary by 9/64 over images, those of one network by 5/8 * 3/8 = 15/64.
  expect(twoMore.single.accuracy).toEqual({ value: 0.625, interval: wilson(0.625, (20 * 15) / 9) })
})
