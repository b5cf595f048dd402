import { expect, test } from 'vitest'
import type { AnalysisTask } from '../../engine/job-runner/analysis-task.ts'
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
})
