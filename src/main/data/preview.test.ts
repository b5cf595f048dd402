import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ImportPreview } from '../../shared/dataset-import.ts'
import type { ImageBuffer } from './image-buffer.ts'
import { makeOutcome, makePreview, readingsOf } from './preview.ts'
import type { Survey } from './reader.ts'
import type { DatasetSplit } from './split-dataset.ts'
import { inFolder } from './testing/imports.ts'

const survey: Survey = {
  ...{ recognised: 'ten images', files: ['set'], classNames: ['cat', 'dog'], count: 10, unreadable: [], notes: [] },
  ...{ sizes: [{ height: 1, width: 2, channels: 1, count: 10 }], labelColumn: null, labelsFrom: 'the folders' },
  pictures: () => {
    throw new Error('They are read already.')
  },
}
/** The i-th image has the pixels i and 100 + i. */
const buffer = (path: string, presplit: ImageBuffer['presplit']): ImageBuffer => ({
  ...{ path, plan: { height: 1, width: 2, channels: 1, fit: 'crop' }, presplit, flat: 0, notes: [] },
  labels: Uint8Array.of(0, 0, 0, 1, 1, 0, 1, 1, 1, 1),
  names: Array.from('abcdefghij'),
  firstEqual: new Uint32Array(10),
  brightest: { train: 0, validation: 0, test: 0 },
  duplicates: { count: 0, acrossClasses: 0, acrossSplits: 0, examples: [] },
  unreadable: { count: 0, examples: [] },
  unlabelled: { count: 0, first: '', asked: 0 },
})
const dealt: DatasetSplit = { order: null, split: { train: 5, validation: 1, test: 4 }, words: 'as they came' }

const made = (presplit: ImageBuffer['presplit']) =>
  inFolder(async (folder) => {
    const path = join(folder, 'pixels')
    writeFileSync(
      path,
      Uint8Array.from({ length: 20 }, (_, at) => (at >> 1) + 100 * (at % 2)),
    )
    const own = buffer(path, presplit)
    return {
      preview: await makePreview('idx', survey, own, { ...dealt, asked: dealt.split }, { doubts: [], notes: ['a note'] }),
      outcome: await makeOutcome(survey, own, dealt),
    }
  })

const told = ({ samples }: Pick<ImportPreview, 'samples'>) => samples.map(({ name, className, pixels }) => [name, className, ...pixels])

test('a preview counts the classes of each part, and shows images of each in turn', async () => {
  const { preview, outcome } = await made({ train: 5, validation: 1, test: 4 })
  expect(preview).toMatchObject({
    ...{ format: 'idx', recognised: 'ten images', count: 10, changed: 0, changes: null, order: 'as they came', notes: ['a note'] },
    classes: [
      { name: 'cat', count: 4, parts: { train: 3, validation: 1, test: 0 } },
      { name: 'dog', count: 6, parts: { train: 2, validation: 0, test: 4 } },
    ],
    ...{ read: 10, suggestedSplit: { train: 5, validation: 1, test: 4 }, kept: { train: 5, validation: 1, test: 4 } },
  })
  expect(told(preview).slice(0, 4)).toEqual([
    ['a', 'cat', 0, 100],
    ['d', 'dog', 3, 103],
    ['b', 'cat', 1, 101],
    ['e', 'dog', 4, 104],
  ])
  expect(preview.samples).toHaveLength(10)
  expect(outcome).toMatchObject({
    count: 10,
    classCount: 2,
    split: dealt.split,
    classes: [
      { name: 'cat', count: 4 },
      { name: 'dog', count: 6 },
    ],
  })
  // Three of each, spread over those that there are.
  expect(told(outcome)).toEqual([
    ['a', 'cat', 0, 100],
    ['d', 'dog', 3, 103],
    ['b', 'cat', 1, 101],
    ['g', 'dog', 6, 106],
    ['c', 'cat', 2, 102],
    ['i', 'dog', 8, 108],
  ])
  expect((await made({ train: 10, validation: 0, test: 0 })).preview.classes).toEqual([
    { name: 'cat', count: 4, parts: null },
    { name: 'dog', count: 6, parts: null },
  ])
})

test.each<[ImageBuffer['presplit'], string | null, string]>([
  [{ train: 10, validation: 0, test: 0 }, 'two lists', 'nothing says them: cut from all images'],
  [{ train: 5, validation: 1, test: 4 }, 'two lists', 'two lists'],
  [{ train: 6, validation: 0, test: 4 }, 'two lists', 'two lists; validation images are cut from those for training'],
  [
    { train: 9, validation: 1, test: 0 },
    null,
    'names of files, folders or a column that say training, validation or test; test images are cut from those for training',
  ],
])('what says the parts is told, and what is cut: %j', (presplit, partsFrom, from) => {
  expect(readingsOf({ ...survey, partsFrom }, buffer('', presplit))).toEqual([
    { what: 'images', from: 'ten images' },
    { what: 'labels', from: 'the folders' },
    { what: 'classes', from: '2: cat, dog' },
    { what: 'splits', from },
    { what: 'pixels', from: 'bytes from 0 to 255, as they are' },
  ])
})
