/** Files as tools and published sets have them, besides images in class folders: lists of parts, JSON, several labels. */
import { describe, expect, test } from 'vitest'
import type { ImportOptions, ImportPreview } from '../../shared/dataset-import.ts'
import type { DoubtCode } from '../../shared/import-options.ts'
import { previewFolder } from './testing/imports.ts'
import { npy } from './testing/npy.ts'
import { zipOf } from './testing/archives.ts'
import { drawn, picture } from './testing/pictures.ts'
import { problem, type Sample } from './testing/samples.ts'

const names = ['cat', 'dog', 'eel']
const classOf = (i: number): string => names[i % 3]
const all = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const pictures = (nameOf: (i: number) => string, count = 60, first = 0): Promise<Sample[]> =>
  Promise.all(all(count, async (i) => ({ name: nameOf(i), bytes: await picture('png', i % 3, first + Math.floor(i / 3), undefined, 16) })))
const text = (name: string, lines: readonly string[]): Sample => ({ name, bytes: Buffer.from(`${lines.join('\n')}\n`) })
const json = (name: string, value: unknown): Sample => ({ name, bytes: Buffer.from(JSON.stringify(value)) })

const codes = ({ doubts }: ImportPreview): DoubtCode[] => doubts.map(({ code }) => code)
const counts = ({ classes }: ImportPreview) => Object.fromEntries(classes.map(({ name, count }) => [name, count]))
const parts = ({ classes }: ImportPreview) => classes.map((one) => one.parts)
const splitsFrom = ({ readings }: ImportPreview) => readings.find(({ what }) => what === 'splits')!.from
const whole = { cat: 20, dog: 20, eel: 20 }
const path = (i: number): string => `${classOf(i)}/${i}.png`

describe('lists that say the parts', () => {
  const cut = (from: number, to: number): number[] => all(to - from, (i) => from + i)
  const third = { train: 14, validation: 0, test: 6 }

  test.each<[string, Sample[], object]>([
    [
      'Food-101: a list for training and one for test, without endings',
      [
        text(
          'meta/train.txt',
          cut(0, 42).map((i) => `${classOf(i)}/${i}`),
        ),
        text(
          'meta/test.txt',
          cut(42, 60).map((i) => `${classOf(i)}/${i}`),
        ),
        text('meta/classes.txt', names),
      ],
      third,
    ],
    ['what is in no list trains, where none is for that', [text('testing_list.txt', cut(42, 60).map(path))], third],
    [
      'labels may stand behind the names, and names of columns above',
      [
        text('train.csv', ['file,label', ...cut(0, 42).map((i) => `images/${path(i)},${i % 3}`)]),
        text('val.csv', ['file,label', ...cut(42, 60).map((i) => `images/${path(i)},${i % 3}`)]),
      ],
      { train: 14, validation: 6, test: 0 },
    ],
  ])('%s', async (_what, lists, each) => {
    const found = await previewFolder([...(await pictures((i) => `images/${path(i)}`)), ...lists])
    expect(codes(found)).toEqual([])
    expect(counts(found)).toEqual(whole)
    expect(parts(found)).toEqual([each, each, each])
    expect(splitsFrom(found)).toMatch(new RegExp(`^the lists? .*${lists[0].name}`))
  })

  test('of images in one folder, with their classes in them', async () => {
    const line = (i: number) => `images/${i}.png ${i % 3}`
    const lists = [text('train_list.txt', cut(0, 42).map(line)), text('val_list.txt', cut(42, 60).map(line))]
    const found = await previewFolder([...(await pictures((i) => `images/${i}.png`)), ...lists])
    expect(codes(found)).toEqual([])
    expect(parts(found)[0]).toEqual({ train: 14, validation: 6, test: 0 })
  })

  test.each<[string, Sample[], RegExp]>([
    [
      'that contradict each other',
      [
        text('train1.txt', cut(0, 42).map(path)),
        text('test1.txt', cut(42, 60).map(path)),
        text('train2.txt', cut(18, 60).map(path)),
        text('test2.txt', cut(0, 18).map(path)),
      ],
      /36 images of 60 are in lists of different parts/,
    ],
    [
      'that leave some out',
      [text('train.txt', cut(0, 30).map(path)), text('test.txt', cut(30, 45).map(path))],
      /15 images of 60 are in none of the lists.*such as set\/cat\/45\.png/,
    ],
    [
      'by the numbers of images',
      [
        text(
          'images.txt',
          cut(0, 60).map((i) => `${i + 1} ${path(i)}`),
        ),
        text(
          'train_test_split.txt',
          cut(0, 60).map((i) => `${i + 1} ${i % 2}`),
        ),
      ],
      /train_test_split\.txt/,
    ],
    [
      'in a form that is not read',
      [json('splits.json', { train: [1, 2], test: [3] })],
      /A file beside the images may say .* is not read: set\/splits\.json/,
    ],
  ])('%s are asked about', async (_what, lists, message) => {
    const files = [...(await pictures(path)), ...lists]
    const { doubts } = await previewFolder(files)
    expect(doubts.map(({ code }) => code)).toEqual(['parts-unknown'])
    expect(doubts[0].message).toMatch(message)
    expect(codes(await previewFolder(files, doubts[0].choices[0].options))).toEqual([])
  })

  test.each([
    ['splits.json', JSON.stringify({ train: [1, 2], test: [3] })],
    ['train_test_split.txt', all(60, (i) => `${i + 1} ${i % 2}`).join('\n')],
  ])('such as %s beside a table that says the classes are asked about, too', async (name, content) => {
    const images = await pictures((i) => `images/${i}.png`)
    const labels = text('labels.csv', ['file,label', ...all(60, (i) => `${i}.png,${classOf(i)}`)])
    const files = [...images, labels, { name, bytes: Buffer.from(content) }]
    const { doubts } = await previewFolder(files)
    expect(doubts.map(({ code }) => code)).toEqual(['parts-unknown'])
    expect(doubts[0].message).toContain(name)
    expect(codes(await previewFolder(files, doubts[0].choices[0].options))).toEqual([])
  })

  test('of one part alone that name all images, or images without a class, say nothing to ask about', async () => {
    const line = (i: number) => `${i}.png`
    expect(codes(await previewFolder([...(await pictures(path)), text('train.txt', all(60, path))]))).toEqual([])
    const train = text('train.csv', ['file,label', ...all(57, (i) => `${line(i)},${classOf(i)}`)])
    const test = text('test.csv', ['file', ...all(3, (i) => line(57 + i))])
    const found = await previewFolder([...(await pictures(line)), train, test])
    expect(codes(found)).toEqual([])
    expect(found.count).toBe(57)
  })

  test('are not needed where folders say parts', async () => {
    const found = await previewFolder([
      ...(await pictures((i) => `${i < 45 ? 'train' : 'test'}/${path(i)}`)),
      text('train.txt', cut(0, 60).map(path)),
      json('splits.json', {}),
    ])
    expect(codes(found)).toEqual([])
    expect(parts(found)[0]).toEqual({ train: 15, validation: 0, test: 5 })
  })
})

test.each([
  ['is_valid', { train: 10, validation: 10, test: 0 }],
  ['is_test', { train: 10, validation: 0, test: 10 }],
  ['is_train', { train: 10, validation: 0, test: 10 }],
])('a column %s of truth values says the parts, beside images and in a table of pixels', async (column, each) => {
  const value = (i: number) => (i < 30 === (column === 'is_train') ? 'True' : 'False')
  const table = text('labels.csv', [`fname,labels,${column}`, ...all(60, (i) => `${i}.png,${classOf(i)},${value(i)}`)])
  const beside = await previewFolder([...(await pictures((i) => `train/${i}.png`)), table])
  const rows = all(60, (i) => [classOf(i), value(i), ...drawn(i % 3, Math.floor(i / 3), 8)].join())
  const pixels = await previewFolder([text('set.csv', [['label', column, ...all(64, (k) => `pixel${k}`)].join(), ...rows])])
  for (const found of [beside, pixels]) {
    expect(counts(found)).toEqual(whole)
    expect(parts(found)[0]).toEqual(each)
  }
})

describe('JSON beside images', () => {
  test.each<[string, Sample]>([
    [
      'FiftyOne: names of classes, and a number for each image',
      json('labels.json', { classes: names, labels: Object.fromEntries(all(60, (i) => [`${i}`, i % 3])) }),
    ],
    ['a class for each name', json('labels.json', Object.fromEntries(all(60, (i) => [`${i}.png`, classOf(i)])))],
    [
      'a list of records',
      json(
        'annotations.json',
        all(60, (i) => ({ file_name: `data/${i}.png`, label: classOf(i) })),
      ),
    ],
    ['records within', json('set.json', { info: { year: 2020 }, samples: all(60, (i) => ({ path: `data/${i}.png`, label: classOf(i) })) })],
    [
      'tasks of Label Studio',
      json(
        'project-1.json',
        all(60, (i) => ({
          id: i,
          data: { image: `/data/upload/1/${i}.png` },
          annotations: [{ result: [{ value: { choices: [classOf(i)] } }] }],
        })),
      ),
    ],
    [
      'categories of whole images, as iNaturalist has them',
      json('train.json', {
        images: all(60, (i) => ({ id: i, file_name: `data/${i}.png` })),
        annotations: all(60, (i) => ({ image_id: i, category_id: i % 3 })),
        categories: names.map((name, id) => ({ id, name })),
      }),
    ],
  ])('%s', async (_what, file) => {
    const found = await previewFolder([...(await pictures((i) => `data/${i}.png`)), file])
    expect(codes(found)).toEqual([])
    expect(counts(found)).toEqual(whole)
  })

  test('boxes within images are no classes', async () => {
    const boxes = json('instances.json', {
      images: all(60, (i) => ({ id: i, file_name: `${i}.png` })),
      annotations: all(60, (i) => ({ image_id: i, category_id: i % 3, bbox: [0, 0, 4, 4] })),
      categories: names.map((name, id) => ({ id, name })),
    })
    const { message } = await problem(async () => previewFolder([...(await pictures((i) => `train/${i}.png`)), boxes]))
    expect(message).toMatch(/instances\.json: it tells where things are within the images/)
    // Folders that say the classes need none of it.
    const found = await previewFolder([...(await pictures(path)), boxes])
    expect(counts(found)).toEqual(whole)
    expect(found.notes.join()).toMatch(/1 file of other kinds was not used \(set\/instances\.json\)/)
  })

  test('records that each have other names are no table, however many', async () => {
    const records = json(
      'captions.json',
      all(20_000, (i) => ({ [`${i}.png`]: 'cat' })),
    )
    expect(counts(await previewFolder([...(await pictures(path)), records]))).toEqual(whole)
  })

  test('that is none, or about something else, is left aside', async () => {
    const files = [...(await pictures(path)), text('notes.json', ['{ not closed']), json('package.json', { name: 'set', version: '1.0.0' })]
    expect(codes(await previewFolder(files))).toEqual([])
  })
})

describe('classes', () => {
  test('several in a cell are asked about; a name of two words is one', async () => {
    const table = (second: (i: number) => string) =>
      text('train.csv', ['image,label', ...all(60, (i) => `${i}.png,${i % 2 === 0 ? classOf(i) : `${classOf(i)}${second(i)}`}`)])
    const images = await pictures((i) => `${i}.png`)
    for (const between of [' ', '|', '; ']) {
      const { doubts } = await previewFolder([...images, table((i) => between + classOf(i + 1))])
      const asked = doubts.find(({ code }) => code === 'odd-labels')!
      expect(asked.message).toMatch(/^Labels name several classes at once \(cat\W+dog, /)
    }
    expect(codes(await previewFolder([...images, table(() => ' puppy')]))).toEqual([])
  })

  test('of a part that says them in a table are those of the other part’s folders (Tiny ImageNet)', async () => {
    const found = await previewFolder([
      ...(await pictures((i) => `train/${classOf(i)}/images/${i}.png`)),
      ...(await pictures((i) => `val/images/val_${i}.png`, 15, 40)),
      text(
        'val/val_annotations.txt',
        all(15, (i) => `val_${i}.png\t${classOf(i)}\t0\t${i}\t44\t62`),
      ),
    ])
    expect(codes(found)).toEqual([])
    expect(parts(found)).toEqual(names.map(() => ({ train: 20, validation: 5, test: 0 })))
  })

  test('several labels an image in an array are named (ChestMNIST)', async () => {
    const images = npy('train_images', '|u1', [60, 16, 16], all(60, (i) => [...drawn(i % 3, i, 16)]).flat())
    const labels = npy('train_labels', '|u1', [60, 4], all(60, (i) => [i % 2, 1, 0, 0]).flat())
    const { message } = await problem(async () => previewFolder([{ name: 'set.npz', bytes: await zipOf([images, labels]) }]))
    expect(message).toMatch(/train_labels\.npy: its row 1 of 4 numbers is no label: a single 1 among zeros would be/)
  })

  test('called like parts are none: names of images say nothing then', async () => {
    const files = await pictures((i) => `${i < 30 ? 'train' : 'valid'}/images/${i < 30 ? 'train' : 'valid'}${i}.png`)
    expect((await problem(() => previewFolder(files))).message).toMatch(/only one class \(images\)/)
  })
})

test('a folder within itself holds each image twice: asked, and each can be kept once', async () => {
  const part = (i: number) => (i < 42 ? 'train' : i < 51 ? 'val' : 'test')
  const once = await pictures((i) => `${part(i)}/${path(i)}`)
  const files = [...once, ...once.map(({ name, bytes }) => ({ name: `set/${name}`, bytes }))]
  const asked = await previewFolder(files)
  expect(codes(asked)).toEqual(['equal-images'])
  const [kept, all120] = await Promise.all(
    asked.doubts[0].choices.map(({ options }: { options: ImportOptions }) => previewFolder(files, options)),
  )
  expect([codes(kept), codes(all120)]).toEqual([[], []])
  expect(kept.suggestedSplit).toEqual({ train: 42, validation: 9, test: 9 })
})
