import { expect, it } from 'vitest'
import type { Split } from '../../shared/split.ts'
import type { AnalysisTask } from './analysis-task.ts'
import { membersOf } from './members-of.ts'

const split = { train: 5, validation: 4, test: 3 }
/** Labels tell where an image lies among all; network m says 100 m + 10 image + class. */
const task = (part: Split, images: number | undefined, members?: number[]): AnalysisTask<object> => {
  const seen = images ?? split[part]
  return {
    job: { count: 3, images, members },
    images: { labels: Uint8Array.from({ length: 12 }, (_, image) => image) },
    data: { classes: 2, split },
    split: part,
    probabilities: Float32Array.from(
      { length: 4 * seen * 2 },
      (_, at) => 100 * Math.floor(at / (2 * seen)) + 10 * (Math.floor(at / 2) % seen) + (at % 2),
    ),
  } as unknown as AnalysisTask<object>
}

it('are the first so many networks, on the first so many images of the split', () => {
  for (const [part, images, labels] of [
    ['train', undefined, [0, 1, 2, 3, 4]],
    ['validation', undefined, [5, 6, 7, 8]],
    ['validation', 2, [5, 6]],
    ['test', undefined, [9, 10, 11]],
    ['test', 1, [9]],
  ] as const) {
    const members = membersOf(task(part, images))
    expect(members).toMatchObject({ networks: 3, images: labels.length, classes: 2 })
    expect([...members.labels]).toEqual(labels)
    for (const member of [0, 1, 2])
      expect([...members.read(member)]).toEqual(labels.flatMap((_, image) => [100 * member + 10 * image, 100 * member + 10 * image + 1]))
  }
})

it('or those that are named, in their order', () => {
  const { networks, read } = membersOf(task('test', 2, [3, 1]))
  expect(networks).toBe(2)
  expect([...read(0)]).toEqual([300, 301, 310, 311])
  expect([...read(1)]).toEqual([100, 101, 110, 111])
})
