/** Ways in which people's files come that were once read wrongly without a word: read rightly, or asked about. */
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { DoubtCode } from '../../shared/import-options.ts'
import type { ImportOptions, ImportPreview } from '../../shared/dataset-import.ts'
import { unusedDoubt } from './doubts.ts'
import { ImportWork } from './import-work.ts'
import { tarOf, zipOf } from './testing/archives.ts'
import { importFiles, importFolder, inFolder, place, previewFolder, previewPaths, testContext } from './testing/imports.ts'
import { npy } from './testing/npy.ts'
import { classFolders, picture } from './testing/pictures.ts'
import { problem, type Sample } from './testing/samples.ts'

const codes = ({ doubts }: ImportPreview): DoubtCode[] => doubts.map(({ code }) => code)
const classesOf = ({ classes }: ImportPreview): Record<string, number> =>
  Object.fromEntries(classes.map(({ name, count }) => [name, count]))

async function preview(files: readonly Sample[], options: ImportOptions = {}): Promise<ImportPreview> {
  return inFolder(async (folder) => previewPaths(await place(folder, files), options))
}

/** A table of 8 x 8: the label, and pixels that differ from row to row. */
function tableText(
  labels: readonly string[],
  separator = ',',
  head = ['label', ...Array.from({ length: 64 }, (_, i) => `pixel${i}`)],
): string {
  const rows = labels.map((label, i) => [label, ...Array.from({ length: 64 }, (_, k) => String((i * 7 + k * 3) % 256))])
  return [head, ...rows].map((row) => row.join(separator)).join('\r\n')
}

const labels = (names: readonly string[], each = 10): string[] =>
  Array.from({ length: names.length * each }, (_, i) => names[i % names.length])
const bytes = (value: number, count: number): number[] =>
  Array.from({ length: count * 16 }, (_, i) => (i % 16 === 0 ? value : (i * 37) % 251))

describe('arrays', () => {
  const four = async (): Promise<Sample[]> => {
    const set = async (part: string, count: number, first: number): Promise<Sample[]> => [
      { name: `digits-${part}-imgs.npz`, bytes: await zipOf([npy('arr_0', '|u1', [count, 4, 4], bytes(first, count))]) },
      {
        name: `digits-${part}-labels.npz`,
        bytes: await zipOf([
          npy(
            'arr_0',
            '|u1',
            [count],
            Array.from({ length: count }, (_, i) => i % 3),
          ),
        ]),
      },
    ]
    return [...(await set('train', 24, 255)), ...(await set('test', 6, 128))]
  }

  test('four archives whose arrays all are called arr_0 are told apart by their names', async () => {
    const set = await importFiles(await four())
    expect(set.suggestedSplit).toEqual({ train: 22, validation: 2, test: 6 })
    expect(Array.from({ length: 30 }, (_, i) => set.images[i * 16])).toEqual(Array.from({ length: 30 }, (_, i) => (i < 24 ? 255 : 128)))
  })

  test('parts on different scales are a doubt', async () => {
    const files = [
      npy(
        'x_train',
        '<f4',
        [12, 4, 4],
        Array.from({ length: 192 }, (_, i) => i),
      ),
      npy(
        'y_train',
        '|u1',
        [12],
        Array.from({ length: 12 }, (_, i) => i % 2),
      ),
      npy(
        'x_test',
        '<f4',
        [4, 4, 4],
        Array.from({ length: 64 }, (_, i) => i / 64),
      ),
      npy('y_test', '|u1', [4], [0, 1, 0, 1]),
    ]
    expect(codes(await preview(files))).toContain('parts-differ')
  })

  test('values of no usual range are asked about, and the answer is what is done', async () => {
    const files = [
      npy(
        'images',
        '|u1',
        [20, 4, 4],
        Array.from({ length: 320 }, (_, i) => i % 17),
      ),
      npy(
        'labels',
        '|u1',
        [20],
        Array.from({ length: 20 }, (_, i) => i % 2),
      ),
    ]
    const asked = await preview(files)
    expect(codes(asked)).toContain('pixel-range')
    expect(asked.doubts.find(({ code }) => code === 'pixel-range')!.choices.map(({ options }) => options)).toEqual([
      { range: { from: 0, to: 16 } },
      { range: { from: 0, to: 255 } },
    ])
    const answered = await preview(files, { range: { from: 0, to: 255 } })
    expect(codes(answered)).not.toContain('pixel-range')
    expect(Math.max(...answered.samples.flatMap(({ pixels }) => [...pixels]))).toBe(16)
  })
})

describe('tables', () => {
  test('letters of Windows-1252 stay five classes, and the encoding is asked about', async () => {
    const file = { name: 'letters.csv', bytes: Buffer.from(tableText(labels(['a', 'å', 'ä', 'o', 'ö'])), 'latin1') }
    const found = await preview([file])
    expect(classesOf(found)).toEqual({ a: 10, o: 10, ä: 10, å: 10, ö: 10 })
    expect(codes(found)).toEqual(['encoding'])
    expect(codes(await preview([file], { encoding: 'windows-1252' }))).toEqual([])
  })

  test.each<[string, (text: string) => Uint8Array]>([
    ['UTF-16 with a mark', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 without', (text) => Buffer.from(text, 'utf16le')],
    ['UTF-16 the other way round', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['a line that says the separator', (text) => Buffer.from(`sep=,\r\n${text}`)],
    ['UTF-8 with a mark', (text) => Buffer.from(`\ufeff${text}`)],
  ])('%s is the same data set as plain UTF-8', async (_what, write) => {
    const text = tableText(labels(['0', '1', '2', '3']))
    const [one, other] = await Promise.all(
      [Buffer.from(text), write(text)].map((content) => importFiles([{ name: 'digits.csv', bytes: content }])),
    )
    expect(other.images).toEqual(one.images)
    expect(other.labels).toEqual(one.labels)
    expect(other.classNames).toEqual(['0', '1', '2', '3'])
  })

  test("R's names of rows are left out, and no row or pixel is shifted", async () => {
    const head = ['label', ...Array.from({ length: 64 }, (_, i) => `pixel${i}`)]
    const plain = tableText(labels(['0', '1']), '\t', head).split('\r\n')
    const named = [plain[0], ...plain.slice(1).map((row, i) => `"${i + 1}"\t${row}`)].join('\n')
    const [one, other] = await Promise.all(
      [plain.join('\n'), named].map((text) => importFiles([{ name: 'digits.tsv', bytes: Buffer.from(text) }])),
    )
    expect(other.images).toEqual(one.images)
    expect(other.count).toBe(20)
  })

  test('numbers of classes are the same however they are written', async () => {
    const written = ['8', '8.0', '8.000000000000000000e+00', '+8'].map((eight) => tableText(labels([eight, '11'])))
    const sets = await Promise.all(written.map((text) => importFiles([{ name: 'digits.csv', bytes: Buffer.from(text) }])))
    for (const set of sets) expect(set.classNames).toEqual(['8', '11'])
  })

  test('several columns that may be the label are asked about; the answer is taken', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, i) => `${20 + (i % 30)},${i % 5},${i % 2},"${Array.from({ length: 16 }, (_, k) => (i * 3 + k) % 256).join(' ')}"`,
    )
    const file = { name: 'faces.csv', bytes: Buffer.from(['age,ethnicity,gender,pixels', ...rows].join('\n')) }
    const found = await preview([file])
    expect(found.labelColumn?.candidates).toEqual(['age', 'ethnicity', 'gender'])
    const doubt = found.doubts.find(({ code }) => code === 'label-column')!
    expect(doubt.choices.map(({ options }) => options.labelColumn).sort()).toEqual(['age', 'ethnicity', 'gender'])
    const answered = await preview([file], { labelColumn: 'gender' })
    expect(codes(answered)).not.toContain('label-column')
    expect(classesOf(answered)).toEqual({ 0: 30, 1: 30 })
  })

  test('a table about images is called that', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i},${i % 3},${['cat', 'dog'][i % 2]},/data/${i}-photo.jpg,${i / 10}`)
    const error = await problem(() =>
      preview([{ name: 'export.csv', bytes: Buffer.from(['id,annotator,choice,image,lead_time', ...rows].join('\n')) }]),
    )
    expect(error.message).toMatch(/is a table about images: its column image says where each lies \("\/data\/0-photo\.jpg"\)/)
  })

  test('files of one name in several folders are all read, and told apart by their folders', async () => {
    const text = Buffer.from(tableText(labels(['0', '1'])))
    const parted = await preview(['train', 'test'].map((part) => ({ name: `${part}/data.csv`, bytes: text })))
    expect(parted.suggestedSplit.test).toBe(20)
    const folds = await preview(['fold1', 'fold2'].map((part) => ({ name: `${part}/data.csv`, bytes: text })))
    expect(folds).toMatchObject({ count: 40, files: ['fold1/data.csv', 'fold2/data.csv'] })
  })
})

test('images that are left out are asked about from a tenth of all on', () => {
  expect(unusedDoubt(99, 1000, 'of another size')).toEqual([])
  expect(unusedDoubt(100, 1000, 'of another size')).toMatchObject([
    { message: '100 of 1,000 images would not be part of the data set: of another size.' },
  ])
})

describe('images', () => {
  test('what network disks put beside them is no image', async () => {
    const files = await classFolders(10)
    const thumbs = files.flatMap(({ name, bytes: content }) =>
      ['@eaDir', '#recycle', '.thumbnails'].map((folder) => ({ name: name.replace('/', `/${folder}/`), bytes: content })),
    )
    const { count, notes } = await previewFolder([...files, ...thumbs])
    expect(count).toBe(30)
    expect(notes.join()).not.toMatch(/eaDir|recycle|thumb|left out/)
  })

  test('16 bits of which 12 are used keep their contrast, like arrays of the same numbers', async () => {
    const numbers = (label: number, i: number) =>
      Uint16Array.from({ length: 16 }, (_, k) => (k === 15 ? 4095 : (label * 900 + i * 131 + k * 57) % 4096))
    const files = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => ({
        name: `${['cell', 'dust'][i % 2]}/${i}.png`,
        bytes: await sharp(numbers(i % 2, i), { raw: { width: 4, height: 4, channels: 1 } })
          .toColourspace('grey16')
          .png()
          .toBuffer(),
      })),
    )
    const { samples, readings } = await previewFolder(files)
    for (const { pixels, name } of samples) {
      const i = Number(/(\d+)\.png/.exec(name)![1])
      expect([...pixels]).toEqual([...numbers(i % 2, i)].map((value) => Math.round((value * 255) / 4095)))
    }
    expect(readings).toContainEqual({ what: 'pixels', from: expect.stringContaining('values from 0 to 4095') as string })
    // Those of 8 bits beside them are as they are.
    const bytes = Uint8Array.from({ length: 16 }, (_, k) => 17 * k)
    const grey = sharp(bytes, { raw: { width: 4, height: 4, channels: 1 } }).toColourspace('b-w')
    const mixed = await previewFolder([...files, { name: 'cell/x.png', bytes: await grey.png().toBuffer() }])
    expect(mixed.samples.find(({ name }) => name.endsWith('x.png'))!.pixels).toEqual(bytes)
  })

  test('shards of a WebDataset have the classes of their .cls files', async () => {
    const shard = async (number: number) => {
      const samples = await Promise.all(
        Array.from({ length: 12 }, async (_, i) => {
          const key = `sample${String(number * 12 + i).padStart(6, '0')}`
          return [
            { name: `${key}.png`, bytes: await picture('png', i % 3, number * 12 + i) },
            { name: `${key}.cls`, bytes: Buffer.from(`${i % 3}\n`) },
            { name: `${key}.json`, bytes: Buffer.from('{"name":"x"}') },
          ]
        }),
      )
      return { name: `pets-00000${number}.tar`, bytes: await tarOf(samples.flat()) }
    }
    const both = await preview([await shard(0), await shard(1)])
    expect(classesOf(both)).toEqual({ 0: 8, 1: 8, 2: 8 })
    expect(classesOf(await preview([await shard(1)]))).toEqual({ 0: 4, 1: 4, 2: 4 })
  })

  test.each<[string, string, (i: number) => string, string]>([
    ['metadata.csv', 'file_name,label', (i) => `${i}.png,${['cat', 'dog', 'eel'][i % 3]}`, 'metadata.csv'],
    ['a table above, of names without endings', 'id,breed', (i) => `${i},${['cat', 'dog', 'eel'][i % 3]}`, '../labels.csv'],
    ['metadata.jsonl', '', (i) => JSON.stringify({ file_name: `${i}.png`, label: ['cat', 'dog', 'eel'][i % 3] }), 'metadata.jsonl'],
  ])('classes in %s', async (_what, head, row, name) => {
    const pictures = await Promise.all(
      Array.from({ length: 30 }, async (_, i) => ({ name: `train/${i}.png`, bytes: await picture('png', i % 3, i) })),
    )
    const lines = Array.from({ length: 30 }, (_, i) => row(i))
    const table = {
      name: `train/${name}`.replace('train/../', ''),
      bytes: Buffer.from([...(head === '' ? [] : [head]), ...lines].join('\n')),
    }
    const found = await previewFolder([...pictures, table])
    expect(classesOf(found)).toEqual({ cat: 10, dog: 10, eel: 10 })
    // The image called 4 is a dog, and looks like one.
    const four = found.samples.find(({ name: path }) => path.endsWith('/4.png'))
    expect(four?.className).toBe('dog')
  })

  test('pointers of Git LFS are called that, once', async () => {
    const pointer = Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`)
    const error = await problem(() => previewFolder(['cat/0.png', 'cat/1.png', 'dog/0.png'].map((name) => ({ name, bytes: pointer }))))
    expect(error).toMatchObject({
      message: expect.stringMatching(/pointers of Git LFS \(3 files of 3\)/) as string,
      remedy: expect.stringContaining('git lfs pull') as string,
    })
  })

  test("classes called like machines' folders, of one image, or alike but for case are doubts", async () => {
    const files = await classFolders(6)
    const renamed = (from: string, to: string) =>
      files.map(({ name, bytes: content }) => ({ name: name.replace(`${from}/`, `${to}/`), bytes: content }))
    expect(codes(await previewFolder(renamed('bar', 'static')))).toContain('machine-names')
    expect(codes(await previewFolder(renamed('bar', 'Beam')))).toContain('classes-alike')
    expect(codes(await previewFolder([...files, { name: 'lone/0.png', bytes: await picture('png', 0, 41) }]))).toContain('small-class')
  })
})

describe('archives', () => {
  const idx = (rank: number, values: readonly number[]): Uint8Array => {
    const shape = rank === 1 ? [values.length] : [values.length / 16, 4, 4]
    return Buffer.concat([Buffer.from([0, 0, 8, rank]), ...shape.map((n) => Buffer.from([0, 0, 0, n])), Buffer.from(values)])
  }
  const digits = (): Sample[] => [
    { name: 'train-images-idx3-ubyte', bytes: idx(3, bytes(255, 24)) },
    {
      name: 'train-labels-idx1-ubyte',
      bytes: idx(
        1,
        Array.from({ length: 24 }, (_, i) => i % 3),
      ),
    },
    { name: 't10k-images-idx3-ubyte', bytes: idx(3, bytes(128, 6)) },
    { name: 't10k-labels-idx1-ubyte', bytes: idx(1, [0, 1, 2, 0, 1, 2]) },
  ]

  test('files packed once more within an archive are read, and pictures of its pages are no classes', async () => {
    const packed = digits().map(({ name, bytes: content }) => ({ name: `set-master/data/${name}.gz`, bytes: gzipSync(content) }))
    const pages = await Promise.all(
      [0, 1, 2].map(async (i) => ({ name: `set-master/doc/${i}.png`, bytes: await picture('png', 0, i, [1, 0, 0]) })),
    )
    const found = await preview([{ name: 'set-master.zip', bytes: await zipOf([...packed, ...pages]) }])
    expect(found).toMatchObject({ format: 'idx', count: 30, suggestedSplit: { test: 6 } })
  })

  test('a file that is there twice is taken once, and that is said', async () => {
    const twice = digits().flatMap(({ name, bytes: content }) => [
      { name: name.replace('-idx', '.idx'), bytes: content },
      { name: `${name}/${name}`, bytes: content },
    ])
    const found = await preview([{ name: 'archive.zip', bytes: await zipOf(twice) }])
    expect(found).toMatchObject({ count: 30, suggestedSplit: { test: 6 } })
    expect(found.notes.join()).toMatch(/4 files are there twice, and taken once/)
  })
})

describe('equal images', () => {
  const twice = async (): Promise<Sample[]> =>
    (await classFolders(20)).flatMap(({ name, bytes: content }) => [
      { name, bytes: content },
      { name: name.replace('.png', '-copy.png'), bytes: content },
    ])

  test('across splits are counted after the splits are dealt', async () => {
    const found = await previewFolder(await twice())
    const doubt = found.doubts.find(({ code }) => code === 'equal-across-splits')!
    // With each image twice and a tenth cut off for test, about nine of ten test images are trained on.
    expect(Number(/and (\d+) of 12 test images/.exec(doubt.message)![1])).toBeGreaterThanOrEqual(8)
  })

  test('once each: none is left across splits, and the doubt is gone', async () => {
    const files = await twice()
    const found = await previewFolder(files, { equal: 'once' })
    expect(codes(found)).not.toContain('equal-across-splits')
    const set = await importFolder(files, { equal: 'once' })
    const { train, validation, test: tested } = set.suggestedSplit
    expect(found).toMatchObject({
      count: set.count,
      read: 120,
      kept: set.suggestedSplit,
      suggestedSplit: { train: 96, validation: 12, test: 12 },
    })
    expect(found.classes.map(({ count }) => count)).toEqual([20, 20, 20])
    // The same stands beside the answer before it is given.
    const { choices } = (await previewFolder(files)).doubts.find(({ code }) => code === 'equal-across-splits')!
    expect(choices[0].outcome).toMatchObject({ count: set.count, split: set.suggestedSplit, classCount: 3 })
    expect(train + validation + tested).toBe(set.count)
    const seen = new Set(
      Array.from({ length: set.count }, (_, i) => Buffer.from(set.images.subarray(i * 144, (i + 1) * 144)).toString('base64')),
    )
    expect(seen.size).toBe(set.count)
  })
})

describe('classes that are not in each part', () => {
  test('a folder that stands among the test images alone is asked about, however few it has; it can be left out', async () => {
    const files = (await classFolders(20)).map((file, i) => ({ ...file, name: `${i % 5 === 0 ? 'test' : 'train'}/${file.name}` }))
    const stray = { name: 'test/stray/0.png', bytes: await picture('png', 0, 77) }
    const doubt = (await previewFolder([...files, stray])).doubts.find(({ code }) => code === 'untrained-class')!
    expect(doubt.message).toMatch(/^1 of 4 classes has no image for training, and 1 for validation or test.*: stray\.$/)
    const without = await importFolder([...files, stray], doubt.choices[0].options)
    expect(without).toMatchObject({ count: 60, classes: 3 })
    expect(await previewFolder([...files, stray], { accept: ['untrained-class'] })).toMatchObject({
      count: 61,
      notes: expect.arrayContaining([doubt.message]) as string[],
    })
  })

  test('one that is written otherwise among the test images can be made one with that it is', async () => {
    const files = (await classFolders(20)).map(({ name, bytes: content }, i) =>
      i % 5 === 0 ? { name: `test/${name[0].toUpperCase()}${name.slice(1)}`, bytes: content } : { name: `train/${name}`, bytes: content },
    )
    const found = await previewFolder(files)
    expect(codes(found)).toEqual(expect.arrayContaining(['classes-alike', 'untrained-class']))
    const same = found.doubts.find(({ code }) => code === 'classes-alike')!.choices.find(({ options }) => options.rename !== undefined)!
    expect(await previewFolder(files, same.options)).toMatchObject({ count: 60, classes: { length: 3 }, doubts: [] })
  })

  test('where validation or test lacks one, that is said', async () => {
    const files = (await classFolders(20)).map((file, i) => ({ ...file, name: `${i % 5 === 0 && i < 40 ? 'test' : 'train'}/${file.name}` }))
    const { notes, doubts } = await previewFolder(files)
    expect(doubts).toEqual([])
    expect(notes.join(' ')).toMatch(/No test image is of the class \w+: figures on test images say nothing of it\./)
  })
})

test('nothing is built while a doubt waits for its answer; how it was read and what was answered is kept', () =>
  inFolder(async (folder) => {
    const file = { name: 'letters.csv', bytes: Buffer.from(tableText(labels(['a', 'ä'])), 'latin1') }
    const paths = await place(folder, [file])
    const work = new ImportWork(paths)
    const context = testContext(folder)
    const error = await problem(() => work.build({}, folder, context))
    expect(error).toMatchObject({ code: 'doubtful', message: expect.stringContaining('Windows-1252') as string })
    const { source } = await work.build({ encoding: 'windows-1252' }, folder, context)
    expect(source.options).toEqual({ encoding: 'windows-1252' })
    expect(source.readings?.find(({ what }) => what === 'labels')).toEqual({ what: 'labels', from: 'the column label' })
    await work.close()
  }))
