/** More ways in which people's files come, from reports on other tools: none may become a wrong data set without a word. */
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { ImportOptions, ImportPreview } from '../../shared/dataset-import.ts'
import { withAnswer, type DoubtCode } from '../../shared/import-options.ts'
import { zipOf } from './testing/archives.ts'
import { inFolder, place, previewFolder, previewPaths } from './testing/imports.ts'
import { npy } from './testing/npy.ts'
import { problem, type Sample } from './testing/samples.ts'
import { all, classesOf, classOf, codes, drawn, names, text } from './testing/three-classes.ts'

const answersTo = (preview: ImportPreview, code: DoubtCode): ImportOptions[] =>
  preview.doubts.find((doubt) => doubt.code === code)!.choices.map(({ options }) => options)

/** Asked about, and each answer leaves the doubt behind. */
async function answered(files: readonly Sample[], code: DoubtCode): Promise<ImportPreview[]> {
  const asked = await previewFolder(files)
  expect(codes(asked)).toContain(code)
  const found: ImportPreview[] = []
  for (const options of answersTo(asked, code)) {
    const preview = await previewFolder(files, options)
    expect(codes(preview)).not.toContain(code)
    found.push(preview)
  }
  return found
}

describe('parts', () => {
  const parted = async (one: string, other: string): Promise<Sample[]> => [
    ...(await drawn((i) => `${one}/${classOf(i)}/${i}.png`)),
    ...(await drawn((i) => `${other}/${classOf(i)}/x${i}.png`, 9, 40)),
  ]

  test.each([
    ['Training', 'Testing', 9],
    ['train2017', 'val2017', 0],
    ['train', 'dev', 0],
    ['train', 'tests', 9],
  ])('%s and %s are known', async (one, other, tested) => {
    const found = await previewFolder(await parted(one, other))
    expect(codes(found)).toEqual([])
    expect(classesOf(found)).toEqual({ cat: 13, dog: 13, eel: 13 })
    expect(found.classes[0].parts).toMatchObject(tested > 0 ? { train: 10, test: 3 } : { train: 10, validation: 3 })
  })

  test('a folder that is called like none beside "train" is asked about', async () => {
    const [asTest, asValidation, asTraining, gone] = await answered(await parted('train', 'holdout'), 'parts-unknown')
    expect(asTest.classes[0].parts).toEqual({ train: 10, validation: 0, test: 3 })
    expect(asValidation.classes[0].parts).toEqual({ train: 10, validation: 3, test: 0 })
    expect(asTraining.classes[0]).toMatchObject({ count: 13, parts: null })
    expect(gone.count).toBe(30)
  })

  test('the same below the classes', async () => {
    const files = await drawn((i) => `${classOf(i)}/${i < 24 ? 'train' : 'holdout'}/${i}.png`)
    const [asTest] = await answered(files, 'parts-unknown')
    expect(asTest.classes[0].parts).toEqual({ train: 8, validation: 0, test: 2 })
  })

  test("what everything lies in says nothing of parts, whatever it is called: a folder's own name", async () =>
    inFolder(async (folder) => {
      await place(
        folder,
        (await parted('train', 'val')).map(({ name, bytes }) => ({ name: `my-test/${name}`, bytes })),
      )
      const found = await previewPaths([`${folder}/my-test`])
      expect(found.classes[0].parts).toEqual({ train: 10, validation: 3, test: 0 })
    }))

  test('the same classes below several folders: these are classes, parts, or neither', async () => {
    const asked = await previewFolder(await parted('gallery', 'query'))
    expect(answersTo(asked, 'class-level')).toEqual([
      { classFolder: 'outer' },
      { classFolder: 'inner' },
      { parts: { gallery: 'test', query: 'train' } },
      { parts: { gallery: 'train', query: 'test' } },
    ])
    const [outer, inner, , query] = await answered(await parted('gallery', 'query'), 'class-level')
    expect(classesOf(outer)).toEqual({ gallery: 30, query: 9 })
    expect(classesOf(inner)).toEqual({ cat: 13, dog: 13, eel: 13 })
    expect(query.classes[0].parts).toEqual({ train: 10, validation: 0, test: 3 })
  })

  test('classes of classes are asked about', async () => {
    const [outer, inner] = await answered(
      await drawn((i) => `${['animals/cat', 'animals/dog', 'plants/oak'][i % 3]}/${i}.png`),
      'class-level',
    )
    expect(classesOf(outer)).toEqual({ animals: 20, plants: 10 })
    expect(classesOf(inner)).toEqual({ cat: 10, dog: 10, oak: 10 })
  })

  const tableOf = (count: number, shift = 0): string[] => [
    `label,${all(16, (k) => `pixel${k}`).join()}`,
    ...all(count, (i) => `${i % 3},${all(16, (k) => (k === 0 ? 255 : (i * 31 + k * (17 + shift)) % 256)).join()}`),
  ]
  test('a table beside train.csv that is called like no part', async () => {
    const files = [text('train.csv', ...tableOf(30)), text('holdout.csv', ...tableOf(9, 7))]
    const [asTest] = await answered(files, 'parts-unknown')
    expect(asTest.classes[0].parts).toEqual({ train: 10, validation: 0, test: 3 })
  })

  test('numbered tables are pieces of one; others are asked about', async () => {
    const pieces = [text('part_1.csv', ...tableOf(30)), text('part_2.csv', ...tableOf(9, 7))]
    expect(codes(await previewFolder(pieces))).toEqual([])
    const other = [text('mine.csv', ...tableOf(30)), text('hers.csv', ...tableOf(9, 7))]
    expect(codes(await previewFolder(other))).toContain('parts-unknown')
  })

  const images = (count: number, shift = 0): number[] => all(count * 16, (i) => (i % 16 === 0 ? 255 : (i * 37 + shift) % 251))
  const labelsOf = (count: number): number[] => all(count, (i) => i % 3)
  const arrays = (pairs: readonly [string, string, number][]): Promise<Uint8Array> =>
    zipOf(pairs.flatMap(([x, y, n], k) => [npy(x, '|u1', [n, 4, 4], images(n, k)), npy(y, '|u1', [n], labelsOf(n))]))
  test.each<[string, [string, string, number][], DoubtCode[], number]>([
    [
      'Xtr and Xte',
      [
        ['Xtr', 'Ytr', 30],
        ['Xte', 'Yte', 9],
      ],
      [],
      9,
    ],
    [
      'x_train and x_holdout',
      [
        ['x_train', 'y_train', 30],
        ['x_holdout', 'y_holdout', 9],
      ],
      ['parts-unknown'],
      0,
    ],
    [
      'x_train_images and x_holdout_images',
      [
        ['x_train_images', 'y_train_labels', 30],
        ['x_holdout_images', 'y_holdout_labels', 9],
      ],
      ['parts-unknown'],
      0,
    ],
  ])('arrays called %s', async (_what, pairs, doubts, tested) => {
    const found = await previewFolder([{ name: 'set.npz', bytes: await arrays(pairs) }])
    expect(codes(found)).toEqual(doubts)
    expect(classesOf(found)['0']).toBe(tested > 0 ? 13 : 10)
    if (doubts.length > 0) {
      const [asTest] = await answered([{ name: 'set.npz', bytes: await arrays(pairs) }], 'parts-unknown')
      expect(asTest.classes[0].parts).toMatchObject({ test: 3 })
    }
  })

  test('two arrays of labels, or of images, are asked about; images without a name of their own are not dropped in silence', async () => {
    const x = (name: string, count: number, shift = 0) => npy(name, '|u1', [count, 4, 4], images(count, shift))
    const y = (name: string, classes: number, count = 30) =>
      npy(
        name,
        '|u1',
        [count],
        all(count, (i) => i % classes),
      )
    const [coarse, fine] = await answered(
      [{ name: 'a.npz', bytes: await zipOf([x('images', 30), y('fine_labels', 6), y('coarse_labels', 3)]) }],
      'label-column',
    )
    expect([coarse.classes.length, fine.classes.length]).toEqual([3, 6])
    await answered([{ name: 'b.npz', bytes: await zipOf([x('images_low', 30), x('images_high', 30, 9), y('labels', 3)]) }], 'image-column')
    const four = await zipOf([x('arr_0', 30), x('arr_1', 9, 5), y('arr_2', 3), y('arr_3', 3, 9)])
    expect(codes(await previewFolder([{ name: 'c.npz', bytes: four }]))).toContain('unused-images')
  })

  test('rows of colours: side by side, or one after the other', async () => {
    const flat = [
      npy(
        'images',
        '|u1',
        [30, 48],
        all(30 * 48, (i) => (i * 7) % 256),
      ),
      npy('labels', '|u1', [30], labelsOf(30)),
    ]
    const [last, first] = await answered(flat, 'channel-order')
    const pixel = ({ samples }: ImportPreview) => [...samples[0].pixels.subarray(0, 3)]
    expect([pixel(last), pixel(first)]).toEqual([
      [0, 7, 14],
      [0, 112, 224],
    ])
  })
})

describe('labels', () => {
  const pixels = (i: number): string => all(16, (k) => (k === 0 ? 255 : (i * 31 + k * 17) % 256)).join()
  const rows = (label: (i: number) => string, count = 60): Sample =>
    text('set.csv', `label,${all(16, (k) => `pixel${k}`).join()}`, ...all(count, (i) => `${label(i)},${pixels(i)}`))

  test.each(['NaN', 'NA', '?', '-1', 'unlabeled', '_unlabeled', 'no_label', 'None'])(
    'the label %s is asked about, and its images can be left out',
    async (none) => {
      const file = rows((i) => (i % 20 === 5 ? none : String(i % 3)))
      const [without, kept] = await answered([file], 'labels-missing')
      expect(classesOf(without)).toEqual({ 0: 19, 1: 19, 2: 19 })
      expect(kept.classes).toHaveLength(4)
    },
  )

  test('empty labels are a doubt in tables too', async () => {
    const found = await previewFolder([rows((i) => (i % 20 === 5 ? '' : String(i % 3)))])
    expect(codes(found)).toEqual(['labels-missing'])
    expect(found.count).toBe(57)
  })

  test.each([
    [['0', '0.5', '1'], 'fractions'],
    [['0', '1', '255'], 'far apart'],
  ])('labels %j are odd', async (labels, words) => {
    const { doubts } = await previewFolder([rows((i) => labels[i % 3])])
    expect(doubts).toMatchObject([{ code: 'odd-labels', message: expect.stringContaining(words) as string }])
  })

  test.each([[['1', '2', '3']], [['-1', '1']], [['0', '1', '3']]])('labels %j are not', async (labels) => {
    expect(codes(await previewFolder([rows((i) => labels[i % labels.length])]))).toEqual([])
  })

  test.each<[string, (hot: string, i: number) => string, string]>([
    ['first, with names', (hot, i) => `${hot},${pixels(i)}`, `cat,dog,eel,${all(16, (k) => `pixel${k}`).join()}`],
    ['last, with names', (hot, i) => `${pixels(i)},${hot}`, `${all(16, (k) => `pixel${k}`).join()},cat,dog,eel`],
    ['last, without names', (hot, i) => `${pixels(i)},${hot}`, ''],
  ])('columns of 0 and 1, %s', async (_what, row, head) => {
    const lines = all(60, (i) => row(all(3, (k) => (i % 3 === k ? 1 : 0)).join(), i))
    const found = await previewFolder([text('set.csv', ...(head === '' ? [] : [head]), ...lines)])
    expect(codes(found)).toEqual([])
    expect(Object.values(classesOf(found))).toEqual([20, 20, 20])
    expect(found.classes[0].name).toBe(head === '' ? '0' : 'cat')
    const dog = found.samples.find(({ className }) => className === (head === '' ? '1' : 'dog'))!
    expect([...dog.pixels.subarray(0, 16)].join()).toBe(pixels(Number(/line (\d+)/.exec(dog.name)![1]) - (head === '' ? 1 : 2)))
  })

  test('numbers of rows before the labels are no labels', async () => {
    const found = await previewFolder([text('set.csv', ...all(60, (i) => `${i},${i % 3},${pixels(i)}`))])
    expect(classesOf(found)).toEqual({ 0: 20, 1: 20, 2: 20 })
  })

  test('names of columns that come again within a table are left out', async () => {
    const head = `label,${all(16, (k) => `pixel${k}`).join()}`
    const lines = all(60, (i) => `${i % 3},${pixels(i)}`)
    const found = await previewFolder([text('set.csv', head, ...lines.slice(0, 30), head, ...lines.slice(30))])
    expect(classesOf(found)).toEqual({ 0: 20, 1: 20, 2: 20 })
    expect(found.unreadable.count).toBe(0)
  })

  test('names that differ as copies do are alike', async () => {
    const files = await drawn((i) => `${['cat', 'cat - Copy', 'dog'][i % 3]}/${i}.png`)
    expect(codes(await previewFolder(files))).toContain('classes-alike')
  })

  test.each<[string, Sample[], RegExp]>([
    [
      'decimal commas',
      [text('set.csv', ...all(30, (i) => `${i % 3};${pixels(i).replace(/,/g, ';').replace(/(\d+)/g, '0,$1')}`))],
      /numbers have commas in them, such as "0,/,
    ],
    [
      'labels in a table of their own',
      [text('X_train.csv', ...all(30, (i) => `${i % 200},${pixels(i)}`)), text('y_train.csv', ...all(30, (i) => String(i % 3)))],
      /the labels seem to be in a table of their own \(set\/y_train\.csv\)/,
    ],
  ])('%s are named', async (_what, files, words) => {
    expect((await problem(() => previewFolder(files))).message).toMatch(words)
  })
})

describe('tables beside images', () => {
  const flat = () => drawn((i) => `images/${i}.png`)
  const expected = { cat: 10, dog: 10, eel: 10 }

  test.each<[string, Sample]>([
    ['without a row of names', text('labels.csv', ...all(30, (i) => `${i}.png,${classOf(i)}`))],
    ['with blanks, as lists of files', text('labels.txt', ...all(30, (i) => `images/${i}.png ${classOf(i)}`))],
    [
      'with a column of 0 and 1 a class',
      text('set.csv', `id,${names.join()}`, ...all(30, (i) => `${i},${all(3, (k) => (k === i % 3 ? 1 : 0)).join()}`)),
    ],
  ])('%s', async (_what, table) => {
    const found = await previewFolder([...(await flat()), table])
    expect(codes(found)).toEqual([])
    expect(classesOf(found)).toEqual(expected)
  })

  test('a column that says the parts is followed, whatever it is called', async () => {
    const table = text(
      'birds.csv',
      'filepaths,labels,data set',
      ...all(30, (i) => `images/${i}.png,${classOf(i)},${i < 24 ? 'train' : 'test'}`),
    )
    const found = await previewFolder([...(await flat()), table])
    expect(found.classes[0].parts).toEqual({ train: 8, validation: 0, test: 2 })
  })

  test.each([
    ['each in its folder', (part: string) => `${part}/metadata.csv`],
    ['called like the folders', (part: string) => `${part}.csv`],
  ])('a table for each part, %s; their images may be called the same', async (_what, nameOf) => {
    const files = [
      ...(await drawn((i) => `train/${i}.png`)),
      ...(await drawn((i) => `test/${i}.png`, 9, 40)),
      ...['train', 'test'].map((part) =>
        text(
          nameOf(part),
          'file_name,label',
          ...all(part === 'train' ? 30 : 9, (i) => `${i}.png,${part === 'train' ? classOf(i) : classOf(i + 1)}`),
        ),
      ),
    ]
    const found = await previewFolder(files)
    expect(codes(found)).toEqual([])
    expect(found.count).toBe(39)
    expect(found.classes.map(({ parts }) => parts?.test)).toEqual([3, 3, 3])
    // The tests' first image is a dog by its own table.
    expect(found.samples.find(({ name }) => name.endsWith('test/0.png'))?.className ?? 'dog').toBe('dog')
  })

  test("a form for a competition's answers names no classes", async () => {
    const files = [
      ...(await drawn((i) => `train/${i}.png`)),
      ...(await drawn((i) => `test/${100 + i}.png`, 15, 40)),
      text('train_labels.csv', 'id,label', ...all(30, (i) => `${i},${classOf(i)}`)),
      text('sample_submission.csv', 'id,label', ...all(15, (i) => `${100 + i},cat`)),
    ]
    const found = await previewFolder(files)
    expect(classesOf(found)).toEqual(expected)
    expect(codes(found)).toContain('unused-images')
  })

  test('class folders and a table that differ are asked about', async () => {
    const files = [
      ...(await drawn((i) => `${classOf(i)}/${i}.png`)),
      text('train.csv', 'file,label', ...all(30, (i) => `${i}.png,${['x', 'y'][i % 2]}`)),
    ]
    const [folders, table] = await answered(files, 'labels-differ')
    expect(classesOf(folders)).toEqual(expected)
    expect(classesOf(table)).toEqual({ x: 15, y: 15 })
    const same = [...files.slice(0, -1), text('train.csv', 'file,label', ...all(30, (i) => `${i}.png,${i % 3}`))]
    expect(codes(await previewFolder(same))).toEqual([])
  })

  test('names of images may say the classes, and are asked about', async () => {
    const found = await previewFolder(await drawn((i) => `train/${classOf(i)}.${i}.png`))
    expect(codes(found)).toEqual(['class-by-name'])
    expect(classesOf(found)).toEqual(expected)
  })
})

describe('pixels and files', () => {
  const rgba = (i: number): Promise<Buffer> =>
    sharp(
      Uint8Array.from({ length: 16 * 16 * 4 }, (_, k) => (k % 4 < 3 || (i * 7 + k * 5) % 11 > 4 ? 255 : 0)),
      {
        raw: { width: 16, height: 16, channels: 4 },
      },
    )
      .png()
      .toBuffer()

  test('white on a transparent ground can be shown on black; how is said', async () => {
    const files = await Promise.all(all(30, async (i) => ({ name: `${classOf(i)}/${i}.png`, bytes: await rgba(i) })))
    const asked = await previewFolder(files)
    expect(codes(asked)).toContain('one-value')
    const [answer] = answersTo(asked, 'one-value')
    const black = await previewFolder(files, answer)
    expect(codes(black)).not.toContain('one-value')
    expect(black.readings.find(({ what }) => what === 'pixels')?.from).toMatch(/30 of them may be transparent in places: on black/)
  })

  test('images of 8 bits that use few of them are asked about', async () => {
    const files = await Promise.all(
      all(30, async (i) => ({
        name: `${classOf(i)}/${i}.png`,
        bytes: await sharp(
          Uint8Array.from({ length: 64 }, (_, k) => (i * 3 + k) % 10),
          { raw: { width: 8, height: 8, channels: 1 } },
        )
          .png()
          .toBuffer(),
      })),
    )
    const [stretched, plain] = await answered(files, 'pixel-range')
    const most = ({ samples }: ImportPreview) => Math.max(...samples.flatMap(({ pixels }) => [...pixels]))
    expect([most(stretched), most(plain)]).toEqual([255, 9])
  })

  test('GIF is read, the first of several pictures', async () => {
    const files = await Promise.all(
      (await drawn((i) => `${classOf(i)}/${i}.gif`)).map(async ({ name, bytes }) => ({ name, bytes: await sharp(bytes).gif().toBuffer() })),
    )
    expect(classesOf(await previewFolder(files))).toEqual({ cat: 10, dog: 10, eel: 10 })
  })

  test('pictures of kinds that are not read are no matter for silence', async () => {
    const files = [
      ...(await drawn((i) => `${classOf(i)}/${i}.png`)),
      ...all(9, (i) => ({ name: `fox/${i}.heic`, bytes: Buffer.from('ftypheic') })),
    ]
    const { doubts } = await previewFolder(files)
    expect(doubts).toMatchObject([{ code: 'unused-images', message: expect.stringContaining('.heic is not read') as string }])
  })

  test('masks beside images are asked about, and can be left out', async () => {
    const files = [...(await drawn((i) => `${classOf(i)}/a${i}.png`)), ...(await drawn((i) => `${classOf(i)}/a${i}_mask.png`, 30, 40))]
    const [without, kept] = await answered(files, 'paired-images')
    expect([without.count, kept.count]).toEqual([30, 60])
  })

  test('many damaged images are a doubt, a few are listed', async () => {
    const files = await drawn((i) => `${classOf(i)}/${i}.png`)
    const torn = (count: number) => files.map(({ name, bytes }, i) => ({ name, bytes: i < count ? bytes.subarray(0, 40) : bytes }))
    expect(codes(await previewFolder(torn(2)))).toEqual([])
    expect(codes(await previewFolder(torn(6)))).toEqual(['unused-images'])
  })

  test('archives beside images are asked about; alone in a folder they are the data set', async () => {
    const packed = async (first: number) => zipOf(await drawn((i) => `${classOf(i)}/${i}.png`, 30, first))
    const archives = [
      { name: 'train.zip', bytes: await packed(0) },
      { name: 'test.zip', bytes: await packed(30) },
    ]
    const opened = await previewFolder(archives)
    expect(codes(opened)).toEqual([])
    expect(opened.classes[0].parts).toEqual({ train: 10, validation: 0, test: 10 })
    expect(codes(await previewFolder([...archives, ...(await drawn((i) => `sample/${classOf(i)}/${i}.png`))]))).toContain('archives-aside')
  })

  test.each<[string, Uint8Array, RegExp, RegExp]>([
    ['set.mat', Buffer.from('MATLAB 7.3 MAT-file, Platform: GLNXA64'), /is a MATLAB file of version 7\.3/, /-v7/],
    ['set.h5', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10), /is an HDF5 file/, /h5py/],
    ['set.pkl', Uint8Array.of(0x80, 4, 0x95), /pickled Python object/, /np\.savez/],
    ['set.arrow', Buffer.from('ARROW1\0\0'), /an Arrow file/, /to_parquet/],
    ['net.safetensors', Buffer.from('0'), /network weights: it holds no images/, /import them as networks/],
    ['net.onnx', Uint8Array.of(8, 8), /network weights: it holds no images/, /import them as networks/],
    ['set.arff', Buffer.from('@RELATION x'), /Weka/, /CSV/],
  ])('%s: what it is and the way out', async (name, bytes, words, remedy) => {
    await inFolder(async (folder) => {
      const error = await problem(async () => previewPaths(await place(folder, [{ name, bytes }])))
      expect(error.message).toMatch(words)
      expect(error.remedy).toMatch(remedy)
    })
  })
})

test('answers add up', () => {
  const one = withAnswer({ accept: ['small-class'], parts: { a: 'test' } }, { parts: { b: 'train' } })
  expect(withAnswer(one, { accept: ['encoding'], missing: ['?'] })).toEqual({
    accept: ['small-class', 'encoding'],
    parts: { a: 'test', b: 'train' },
    missing: ['?'],
  })
})

test('answers that make other images or classes show some of what they make, and no more', async () => {
  const files = await drawn((i) => `${['animals/cat', 'animals/dog', 'plants/oak'][i % 3]}/${i}.png`)
  const { doubts } = await previewFolder(files)
  const [outer, inner] = doubts.find(({ code }) => code === 'class-level')!.choices.map(({ outcome }) => outcome!)
  expect(outer).toMatchObject({
    classCount: 2,
    classes: [
      { name: 'animals', count: 20 },
      { name: 'plants', count: 10 },
    ],
  })
  expect(inner).toMatchObject({ count: 30, classCount: 3, split: { train: 24, validation: 3, test: 3 } })
  expect(inner.samples).toHaveLength(6)
  expect(inner.samples.map(({ className }) => className).slice(0, 3)).toEqual(['cat', 'dog', 'oak'])
  const twice = await previewFolder([...files, ...files.map(({ name, bytes }) => ({ name: name.replace('.png', 'b.png'), bytes }))])
  const equal = twice.doubts.find(({ code }) => code === 'equal-across-splits')!
  expect(equal.choices.map(({ outcome }) => outcome?.split)).toEqual([{ train: 18, validation: 6, test: 6 }, undefined])
})
