import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fillImageBuffer, labelSaysNone, noLabel, type ImageBuffer } from './image-buffer.ts'
import type { Picture, Survey, Unreadable } from './reader.ts'
import { inFolder, testContext } from './testing/imports.ts'

const classNames = ['cat', 'dog', 'eel']
/** One pixel, of one channel or three. */
const picture = (name: string, label: number, split: Picture['split'], ...pixels: number[]): Picture => ({
  ...{ name, label, split },
  pixels: Uint8Array.from(pixels),
})

function buffer(
  pictures: readonly (Picture | Unreadable)[],
  channels: number,
  unreadable: Unreadable[] = [],
): Promise<ImageBuffer & { bytes: number[] }> {
  const survey: Survey = {
    ...{ recognised: '', files: ['set'], classNames, labelColumn: null, labelsFrom: '', notes: [], sizes: [], unreadable },
    count: pictures.length,
    async *pictures() {
      yield* pictures
      await Promise.resolve()
    },
  }
  return inFolder(async (scratch) => {
    const found = await fillImageBuffer(survey, { height: 1, width: 1, channels, fit: 'crop' }, true, testContext(scratch))
    return { ...found, bytes: [...readFileSync(found.path)] }
  })
}

test('what is noted of images: parts, equal ones, the brightest pixel of each part', async () => {
  const found = await buffer(
    [
      picture('a', 0, 'train', 200),
      picture('c', 1, 'train', 200),
      picture('b', 1, 'train', 50),
      { name: 'd', reason: `${noLabel} ("")` },
      picture('e', 0, 'validation', 50),
      picture('f', 2, 'test', 90),
      picture('g', 2, 'test', 90),
      { name: 'h', reason: `${labelSaysNone} (none)` },
    ],
    1,
    [{ name: 'x', reason: noLabel }],
  )
  expect(found).toMatchObject({
    names: ['a', 'c', 'b', 'e', 'f', 'g'],
    labels: Uint8Array.of(0, 1, 1, 0, 2, 2),
    presplit: { train: 3, validation: 1, test: 2 },
    brightest: { train: 200, validation: 50, test: 90 },
    firstEqual: Uint32Array.of(0, 0, 2, 2, 4, 4),
    flat: 6,
    duplicates: {
      ...{ count: 3, acrossClasses: 2, acrossSplits: 1 },
      examples: [
        ['a', 'c'],
        ['b', 'e'],
        ['f', 'g'],
      ],
    },
    unreadable: { count: 3 },
    unlabelled: { count: 2, first: 'x', asked: 1 },
    notes: [],
    bytes: [200, 200, 50, 50, 90, 90],
  })
})

test('grey images that are stored in colour lose it, and whatever else was noted stays', async () => {
  const grey = [picture('a', 0, 'train', 7, 7, 7), picture('b', 2, 'train', 9, 9, 9)]
  const found = await buffer(grey, 3)
  expect([found.plan.channels, found.bytes]).toEqual([1, [7, 9]])
  expect(found.notes).toEqual([
    'No image is of the class dog.',
    'Every image is stored in colour, but all are grey: they are taken as grey.',
  ])
  const coloured = await buffer([...grey, picture('c', 1, 'train', 7, 7, 8)], 3)
  expect([coloured.plan.channels, coloured.bytes, coloured.notes]).toEqual([3, [7, 7, 7, 9, 9, 9, 7, 7, 8], []])
})
