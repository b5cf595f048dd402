/** What says which images train, as files really come: shards, columns of truth values, names of folders and of images. */
import { describe, expect, test } from 'vitest'
import type { ImportOptions, ImportPreview } from '../../shared/dataset-import.ts'
import { tarOf } from './testing/archives.ts'
import { previewFolder } from './testing/imports.ts'
import { idxFile, problem } from './testing/samples.ts'
import { all, classOf, drawn, names, text } from './testing/three-classes.ts'

const told = ({ classes, doubts }: ImportPreview) => ({
  doubts: doubts.map(({ code }) => code),
  parts: classes.map(({ parts }) => parts),
})
const eachOf = (train: number, validation: number, test: number, doubts: string[] = []) => ({
  doubts,
  parts: all(3, () => ({ train, validation, test })),
})

test('shards of a WebDataset are of the part that their name says', async () => {
  const shard = async (name: string, count: number, first: number) => ({
    name,
    bytes: await tarOf([
      ...(await drawn((i) => `${first + i}.png`, count, first)),
      ...all(count, (i) => ({ name: `${first + i}.cls`, bytes: Buffer.from(String(i % 3)) })),
    ]),
  })
  const found = await previewFolder([await shard('set-train-000000.tar', 24, 0), await shard('set-val-000000.tar', 6, 24)])
  expect(told(found)).toEqual(eachOf(8, 2, 0))
})

describe('columns beside images', () => {
  const preview = async (column: string, value: (i: number) => string, options?: ImportOptions) =>
    previewFolder(
      [
        ...(await drawn((i) => `images/${i}.png`)),
        text('set.csv', `file,label,${column}`, ...all(30, (i) => `${i}.png,${classOf(i)},${value(i)}`)),
      ],
      options,
    )

  test.each(['train', 'is_training_image', 'used_for_training', 'in_train_set'])('of truth values called %s', async (column) => {
    expect(told(await preview(column, (i) => (i < 24 ? 'True' : 'False')))).toEqual(eachOf(8, 0, 2))
  })

  test('called like a class among others are none: trains among cars and ships', async () => {
    const files = [
      ...(await drawn((i) => `images/${i}.png`)),
      text('set.csv', 'file,car,ship,train', ...all(30, (i) => `${i}.png,${all(3, (k) => (k === i % 3 ? 1 : 0)).join()}`)),
    ]
    const found = await previewFolder(files)
    expect(found.classes.map(({ name, parts }) => [name, parts])).toEqual([
      ['car', null],
      ['ship', null],
      ['train', null],
    ])
  })

  test('that say more than parts: what the others are is asked, and the parts that are known stay', async () => {
    const value = (i: number) => (i < 18 ? 'train' : i < 24 ? 'extra' : 'test')
    const asked = await preview('group', value)
    expect(asked.doubts.map(({ code }) => code)).toEqual(['parts-unknown'])
    const answers = asked.doubts[0].choices.map(({ options }) => options)
    expect(answers).toEqual([
      ...(['test', 'validation', 'train', 'none'] as const).map((part) => ({ parts: { extra: part } })),
      { accept: ['parts-unknown'] },
    ])
    expect(told(await preview('group', value, answers[2]))).toEqual(eachOf(8, 0, 2))
    expect(told(await preview('group', value, answers[3]))).toEqual(eachOf(6, 0, 2))
  })

  test('that say nothing of some are asked about', async () => {
    const found = await preview('split', (i) => (i < 18 ? 'train' : i < 24 ? '' : 'test'))
    // These train, if that is so meant.
    expect(told(found)).toEqual(eachOf(8, 0, 2, ['parts-unknown']))
    expect(found.doubts[0].message).toMatch(/^6 images of 30 are of no part/)
  })
})

test.each<[string, (i: number, part: string) => string]>([
  ['folders called like a part and a class', (i, part) => `${part}_${classOf(i)}/${i}.png`],
  ['folders called like a class and a part', (i, part) => `${classOf(i)}-${part}/${i}.png`],
  ['images called by their part within the classes', (i, part) => `${classOf(i)}/${part}_${i}.png`],
  ['folders cut by the values of a column', (i, part) => `split=${part}/${classOf(i)}/${i}.png`],
])('%s', async (_what, nameOf) => {
  const found = await previewFolder(await drawn((i) => nameOf(i, i < 24 ? 'train' : 'test')))
  expect(found.classes.map(({ name }) => name)).toEqual(names)
  expect(told(found)).toEqual(eachOf(8, 0, 2))
})

test('labels of one part are not taken for images of another, though they are as many', async () => {
  const labels = {
    name: 'train-labels-idx1-ubyte',
    bytes: idxFile(
      8,
      [30],
      all(30, (i) => i % 3),
    ),
  }
  const images = {
    name: 't10k-images-idx3-ubyte',
    bytes: idxFile(
      8,
      [30, 4, 4],
      all(480, (i) => (i * 7) % 256),
    ),
  }
  expect((await problem(() => previewFolder([labels, images]))).message).toMatch(/labels for train, but .* as images for test/)
})

test('labels of IDX in rows are named', async () => {
  const labels = {
    name: 'qmnist-train-labels-idx2-int',
    bytes: idxFile(
      12,
      [3, 2],
      all(24, () => 0),
    ),
  }
  const images = {
    name: 'qmnist-train-images-idx3-ubyte',
    bytes: idxFile(
      8,
      [3, 4, 4],
      all(48, (i) => i),
    ),
  }
  expect((await problem(() => previewFolder([labels, images]))).message).toMatch(/labels, and holds rows of 2 numbers/)
})
