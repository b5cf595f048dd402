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

test.each([[['is_valid', 'is_test']], [['is_test', 'is_train']], [['is_train', 'is_val', 'is_test']]])(
  'columns %j of truth values say the parts together',
  async (flags) => {
    const said = (i: number) => (i < 42 ? 'train' : i < 51 ? 'val' : 'test')
    const value = (i: number) => flags.map((flag) => Number(flag.startsWith(`is_${said(i)}`)))
    const table = text('labels.csv', [
      ['fname', 'labels', ...flags].join(),
      ...all(60, (i) => [`${i}.png`, classOf(i), ...value(i)].join()),
    ])
    const beside = await previewFolder([...(await pictures((i) => `${i}.png`)), table])
    const rows = all(60, (i) => [classOf(i), ...value(i), ...drawn(i % 3, Math.floor(i / 3), 8)].join())
    const pixels = await previewFolder([text('set.csv', [['label', ...flags, ...all(64, (k) => `pixel${k}`)].join(), ...rows])])
    for (const found of [beside, pixels]) {
      expect(codes(found)).toEqual([])
      expect(counts(found)).toEqual(whole)
      expect(parts(found)[0]).toEqual({ train: 14, validation: 3, test: 3 })
    }
  },
)

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

  test('that says two classes of one image is refused: which is meant is not to be told', async () => {
    const lines = all(60, (i) => `"${i}.png": "${classOf(i)}"`)
    const labels = text('labels.json', [`{${[...lines, '"7.png": "cat"'].join(',\n')}}`])
    const { message } = await problem(async () => previewFolder([...(await pictures((i) => `${i}.png`)), labels]))
    expect(message).toContain('labels.json: it has "7.png" twice in one place, at line 61 again.')
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
  expect(kept.kept).toEqual({ train: 42, validation: 9, test: 9 })
  expect(all120.kept).toEqual({ train: 84, validation: 18, test: 18 })
})

describe('tables that say more than one thing', () => {
  const loose = (count = 60) => pictures((i) => `images/${i}.png`, count)
  const asked = ({ doubts }: ImportPreview, code: DoubtCode) =>
    doubts.find((one) => one.code === code)?.choices.map(({ options }) => options)

  test('numbers of parts in a table of their own are asked about, and followed once said (CelebA)', async () => {
    const files = [
      ...(await loose()),
      text('list_attr.csv', ['image_id,smiling', ...all(60, (i) => `${i}.png,${i % 2 === 0 ? -1 : 1}`)]),
      text('list_eval_partition.csv', ['image_id,partition', ...all(60, (i) => `${i}.png,${i < 42 ? 0 : i < 50 ? 1 : 2}`)]),
    ]
    const found = await previewFolder(files)
    expect(codes(found)).toEqual(['parts-unknown'])
    const [first] = asked(found, 'parts-unknown')!
    expect(first).toEqual({ parts: { '0': 'train', '1': 'validation', '2': 'test' } })
    const answered = await previewFolder(files, first)
    expect(codes(answered)).toEqual([])
    expect(parts(answered)).toEqual(all(2, () => ({ train: 21, validation: 4, test: 5 })))
    expect(parts(await previewFolder(files, { parts: { '2': 'test' } }))[0]).toEqual({ train: 25, validation: 0, test: 5 })
  })

  test('a list of such numbers is no list of classes', async () => {
    const files = [
      ...(await loose()),
      text(
        'list_eval_partition.txt',
        all(60, (i) => `${i}.png ${i % 3}`),
      ),
    ]
    expect((await problem(() => previewFolder(files))).message).toMatch(/list_eval_partition\.txt beside them has no column/)
  })

  test('folders that a table puts into fewer classes, and numbers of parts (Waterbirds)', async () => {
    const files = [
      ...(await pictures(path)),
      text('metadata.csv', [
        'img_id,img_filename,y,split',
        ...all(60, (i) => `${i},${path(i)},${i % 3 < 2 ? 1 : 0},${i < 40 ? 0 : i < 48 ? 1 : 2}`),
      ]),
    ]
    const found = await previewFolder(files)
    expect(codes(found)).toEqual(['labels-differ', 'parts-unknown'])
    const answered = await previewFolder(files, { labelsFrom: 'table', parts: { '0': 'train', '1': 'validation', '2': 'test' } })
    expect(codes(answered)).toEqual([])
    expect(counts(answered)).toEqual({ '0': 20, '1': 40 })
    expect(parts(answered)[0]).toMatchObject({ test: 4 })
  })

  test('a column of parts beside class folders that say none', async () => {
    const table = text('splits.csv', ['path,class,split', ...all(60, (i) => `${path(i)},${classOf(i)},${i < 42 ? 'train' : 'test'}`)])
    const found = await previewFolder([...(await pictures(path)), table])
    expect(codes(found)).toEqual([])
    expect(parts(found)[0]).toEqual({ train: 14, validation: 0, test: 6 })
  })

  test('a table with a row for each image that names none: folders may be no classes (WILDS)', async () => {
    const table = text('metadata.csv', ['patient,node,tumor,split', ...all(60, (i) => `${i % 3},0,${i % 2},${i < 42 ? 0 : 1}`)])
    expect(codes(await previewFolder([...(await pictures(path)), table]))).toEqual(['labels-differ'])
  })

  test('several rows of an image that say different classes (boxes of VoTT, answers of several people)', async () => {
    const rows = all(60, (i) => [`${i}.png,1,2,${classOf(i)}`, ...(i < 20 ? [`${i}.png,3,4,${classOf(i + 1)}`] : [])]).flat()
    const found = await previewFolder([...(await loose()), text('vott.csv', ['image,xmin,ymin,label', ...rows])])
    expect(codes(found)).toContain('odd-labels')
    expect(found.doubts[0].message).toMatch(/20 of 60 images stand in several rows that say different classes/)
  })

  test('the classes stand in the smaller of two tables, as columns of 0.0 and 1.0 (ISIC)', async () => {
    const files = [
      ...(await loose()),
      text('GroundTruth.csv', ['image,MEL,NV,BCC,UNK', ...all(60, (i) => `${i},${all(4, (k) => (k === i % 3 ? '1.0' : '0.0')).join()}`)]),
      text('Metadata.csv', [
        'image,age_approx,anatom_site_general,sex',
        ...all(60, (i) => `${i},${30 + 5 * (i % 4)},anterior torso,${['male', 'female'][i % 2]}`),
      ]),
    ]
    const found = await previewFolder(files)
    expect(codes(found)).toEqual([])
    expect(counts(found)).toEqual({ BCC: 20, MEL: 20, NV: 20 })
    expect(counts(await previewFolder(files, { labelColumn: 'sex' }))).toEqual({ female: 30, male: 30 })
  })

  test('two tables of which neither says that it holds labels are asked about', async () => {
    const files = [
      ...(await loose()),
      text('patients.csv', ['image,sex,remarks', ...all(60, (i) => `${i}.png,${['male', 'female'][i % 2]},none of them is of any use`)]),
      text('findings.csv', ['image,dx', ...all(60, (i) => `${i}.png,${classOf(i)}`)]),
    ]
    expect(asked(await previewFolder(files), 'label-column')).toEqual([{ labelColumn: 'sex' }, { labelColumn: 'dx' }])
    expect(counts(await previewFolder(files, { labelColumn: 'dx' }))).toEqual(whole)
  })

  test('of two tables, and of two columns of a table, that are called alike each answer takes the one it names', async () => {
    const csv = (name: string, head: string, ...say: ((i: number) => string | number)[]) =>
      text(name, [`file,${head}`, ...all(60, (i) => [`${i}.png`, ...say.map((of) => of(i))].join())])
    const tables = [csv('by-eye.csv', 'label', classOf), csv('by-machine.csv', 'label', (i) => ['no', 'yes'][i % 2])]
    const column = csv('set.csv', 'kind,kind', classOf, (i) => ['no', 'yes'][i % 2])
    for (const files of [tables, [column]]) {
      const { doubts } = await previewFolder([...(await loose()), ...files])
      expect(doubts.map(({ code }) => code)).toEqual(['label-column'])
      const { choices } = doubts[0]
      const found = await Promise.all(
        choices.map(async ({ words, options }) => {
          const preview = await previewFolder([...(await loose()), ...files], options)
          expect(codes(preview)).toEqual([])
          // What is shown as chosen is among what may be chosen, each once.
          const { chosen, candidates } = preview.labelColumn!
          expect(candidates).toContain(chosen)
          expect(new Set(candidates).size).toBe(candidates.length)
          return [words, counts(preview)]
        }),
      )
      const [eye, machine] =
        files.length === 1
          ? ['kind (3 values)', 'kind (2 values, column 3)']
          : ['label (3 values) of set/by-eye.csv', 'label (2 values) of set/by-machine.csv']
      expect(Object.fromEntries(found)).toEqual({
        [`The classes are in ${eye}.`]: whole,
        [`The classes are in ${machine}.`]: { no: 30, yes: 30 },
      })
    }
  })

  test('of tables of one part each beside another that names all, an answer is followed in each part', async () => {
    const csv = (name: string, which: readonly number[], say: (i: number) => string) =>
      text(name, ['file,label', ...which.map((i) => `${i}.png,${say(i)}`)])
    const places = all(60, (i) => i)
    const files = [
      ...(await loose()),
      csv('train.csv', places.slice(0, 40), classOf),
      csv('test.csv', places.slice(40), classOf),
      csv('more.csv', places, (i) => ['no', 'yes'][i % 2]),
    ]
    expect(counts(await previewFolder(files, { labelColumn: 'set/train.csv: label' }))).toEqual(whole)
    expect(counts(await previewFolder(files, { labelColumn: 'set/more.csv: label' }))).toEqual({ no: 30, yes: 30 })
  })
})

describe('more of tools', () => {
  test('samples of FiftyOne, with labels of people and of a model, and tags', async () => {
    const sample = (i: number) => ({
      filepath: `data/${i}.png`,
      tags: [i < 48 ? 'train' : 'test'],
      ground_truth: { _cls: 'Classification', label: classOf(i) },
      predictions: { _cls: 'Classification', label: classOf(i + 1), confidence: 0.5 },
    })
    const files = [...(await pictures((i) => `data/${i}.png`)), json('samples.json', { samples: all(60, sample) })]
    expect(codes(await previewFolder(files))).toEqual(['label-column'])
    const found = await previewFolder(files, { labelColumn: 'ground_truth' })
    expect(counts(found)).toEqual(whole)
    expect(parts(found)[0]).toEqual({ train: 16, validation: 0, test: 4 })
  })

  test('names as Label Studio makes them of uploads', async () => {
    const task = (i: number) => ({ image: `/data/upload/1/${(i * 7919).toString(16).padStart(8, '0')}-photo_${i}.png`, choice: classOf(i) })
    const found = await previewFolder([...(await pictures((i) => `photo_${i}.png`)), json('project-1.json', all(60, task))])
    expect(codes(found)).toEqual([])
    expect(counts(found)).toEqual(whole)
  })

  test('parts in the first column of a table without names above, addresses in the second (AutoML)', async () => {
    const part = (i: number) => (i < 42 ? 'TRAIN' : i < 48 ? 'VALIDATION' : 'TEST')
    const table = text(
      'import.csv',
      all(60, (i) => `${part(i)},gs://bucket/images/${i}.png,${classOf(i)}`),
    )
    const found = await previewFolder([...(await pictures((i) => `images/${i}.png`)), table])
    expect(codes(found)).toEqual([])
    expect(counts(found)).toEqual(whole)
    expect(parts(found)[0]).toEqual({ train: 14, validation: 2, test: 4 })
  })

  test.each<[string, Sample[], RegExp]>([
    [
      'XML of CVAT',
      [text('annotations.xml', ['<annotations>', '<image name="0.png"><tag label="cat"/></image>'])],
      /annotations\.xml beside them may say their classes/,
    ],
    [
      'a JSON for each, of LabelMe',
      all(3, (i) => json(`${i}.json`, { flags: { cat: true }, shapes: [] })),
      /\.json beside them may say their classes/,
    ],
    ['labels in the order of the files', [text('labels.txt', all(60, classOf))], /labels\.txt beside them has no column of their names/],
  ])('%s: named', async (_what, beside, message) => {
    const error = await problem(async () => previewFolder([...(await pictures((i) => `${i}.png`)), ...beside]))
    expect(error.message).toMatch(message)
  })

  test('masks of the faults beside parts, and faults that none trains (MVTec)', async () => {
    const faults = await pictures((i) => `bottle/${i < 12 ? 'test/broken' : i < 24 ? 'test/good' : 'ground_truth/broken'}/${i}.png`, 36, 50)
    const found = await previewFolder([...(await pictures((i) => `bottle/train/good/${i}.png`, 30)), ...faults])
    expect(codes(found)).toEqual(expect.arrayContaining(['unused-images', 'untrained-class']))
  })

  test('test images that a table tells the classes of, beside class folders for training (GTSRB)', async () => {
    const table = (name: string, files: readonly string[]) =>
      text(name, ['Width,ClassId,Path', ...files.map((file, i) => `27,${i % 3},${file}`)])
    const train = all(45, (i) => `Train/${i % 3}/${i}.png`)
    const test = all(15, (i) => `Test/${100 + i}.png`)
    const found = await previewFolder([
      ...(await pictures((i) => train[i], 45)),
      ...(await pictures((i) => test[i], 15, 100)),
      table('Train.csv', train),
      table('Test.csv', test),
    ])
    expect(codes(found)).toContain('unused-images')
  })
})

describe('two formats in one folder', () => {
  test('what may be another data set, or the same once more, is asked about', async () => {
    const rows = all(30, (i) => `${i % 3},${all(16, (k) => (k === 0 ? 255 : (i * 31 + k * 17) % 256)).join()}`)
    const archive = await zipOf([
      npy(
        'x.npy',
        '|u1',
        [30, 4, 4],
        all(480, (i) => (i % 16 === 0 ? 255 : (i * 37) % 251)),
      ),
      npy(
        'y.npy',
        '|u1',
        [30],
        all(30, (i) => i % 3),
      ),
    ])
    const found = await previewFolder([
      text('set.csv', [`label,${all(16, (k) => `pixel${k}`).join()}`, ...rows]),
      { name: 'set.npz', bytes: archive },
    ])
    expect(codes(found)).toEqual(['unused-images'])
    expect(found.doubts[0].message).toMatch(/what may be another data set, or the same once more: 2 files of the kind npz/)
  })

  test('a note beside the data is none', async () => {
    const rows = all(30, (i) => `${i % 3},${all(16, (k) => (k === 0 ? 255 : (i * 31 + k * 17) % 256)).join()}`)
    const names = npy('mean.npy', '|u1', [3], [1, 2, 3])
    expect(
      codes(await previewFolder([text('set.csv', [`label,${all(16, (k) => `pixel${k}`).join()}`, ...all(20, () => rows).flat()]), names])),
    ).not.toContain('unused-images')
  })
})

test.each([
  ['split', '|u1', [30], all(30, (i) => (i < 24 ? 0 : 1))],
  ['is_test', '|b1', [30], all(30, (i) => (i < 24 ? 0 : 1))],
  ['test_idx', '<i8', [6], all(6, (i) => 24 + i)],
] as const)('an array %s beside images that nothing else parts is asked about', async (name, descr, shape, values) => {
  const archive = await zipOf([
    npy(
      'images',
      '|u1',
      [30, 4, 4],
      all(480, (i) => (i % 16 === 0 ? 255 : (i * 37) % 251)),
    ),
    npy(
      'labels',
      '|u1',
      [30],
      all(30, (i) => i % 3),
    ),
    npy(name, descr, [...shape], values),
  ])
  expect(codes(await previewFolder([{ name: 'set.npz', bytes: archive }]))).toEqual(['parts-unknown'])
})
