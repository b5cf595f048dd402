import { expect, test } from 'vitest'
import type { ImageSize, ImportOptions } from '../../shared/dataset-import.ts'
import { describePlan, makePlan } from './plan.ts'

const size = (height: number, width: number, channels: number, count = 1): ImageSize => ({ height, width, channels, count })

test.each<[string, ImageSize[], ImportOptions, string]>([
  ['of one size stay as they are', [size(40, 36, 1)], {}, '40 x 36 x 1 crop'],
  ['of one size that is too large are as those of MNIST', [size(28, 65, 1)], {}, '28 x 28 x 1 crop'],
  ['of colour that are too large are as those of CIFAR', [size(65, 65, 3)], {}, '32 x 32 x 3 crop'],
  ['of colour that are made grey are as those of MNIST', [size(65, 65, 3)], { colour: 'grey' }, '28 x 28 x 1 crop'],
  ['of grey that are made coloured are as those of CIFAR', [size(40, 40, 1), size(30, 30, 1)], { colour: 'colour' }, '32 x 32 x 3 crop'],
  ['of grey and colour are coloured', [size(40, 40, 1), size(40, 40, 3)], {}, '40 x 40 x 3 crop'],
  ['of other channels keep these', [size(8, 8, 4), size(8, 8, 4)], {}, '8 x 8 x 4 crop'],
  ['of different channels without colour are grey', [size(8, 8, 2), size(8, 8, 1)], {}, '8 x 8 x 1 crop'],
  ['are as the person says', [size(40, 40, 3)], { size: { height: 10, width: 20 }, fit: 'pad' }, '10 x 20 x 3 pad'],
])('images %s', (_what, sizes, options, expected) => {
  const { height, width, channels, fit } = makePlan(sizes, options)
  expect(`${height} x ${width} x ${channels} ${fit}`).toBe(expected)
})

const plan = { height: 28, width: 28, channels: 1, fit: 'pad' } as const
test.each<[ImageSize[], number, string | null]>([
  [[size(28, 28, 1, 7)], 0, null],
  [[size(28, 28, 1, 7), size(56, 56, 1, 2000)], 2000, '2,000 of 2,007 images resized to 28 x 28'],
  [[size(56, 56, 1, 3), size(14, 28, 1, 4)], 7, 'all 7 images resized to 28 x 28 (other shapes: whole, with black bars)'],
  [[size(28, 28, 3, 2), size(28, 28, 1, 5)], 2, '2 of 7 images made grey'],
  [[size(56, 56, 3, 2), size(28, 28, 3, 1)], 3, '2 of 3 images resized to 28 x 28; all 3 images made grey'],
])('what is changed is said: %#', (sizes, changed, words) => {
  expect(describePlan(sizes, plan)).toEqual({ changed, words })
})

test('grey images among coloured ones are given three channels', () => {
  expect(describePlan([size(28, 28, 1, 4), size(28, 28, 3, 6)], { ...plan, channels: 3 })).toEqual({
    changed: 4,
    words: '4 of 10 images given three equal channels',
  })
})
