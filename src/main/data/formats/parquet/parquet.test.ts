import { beforeAll, expect, test } from 'vitest'
import { importFiles, importFolder, importPaths, inFolder, place, previewFolder } from '../../testing/imports.ts'
import { parquetOfImages, parquetOfLists, parquetOfPixels } from '../../testing/parquet.ts'
import { drawn, picture, shapeNames } from '../../testing/pictures.ts'
import { fuzz } from '../../testing/mutate.ts'
import { problem } from '../../testing/samples.ts'

let images: Uint8Array[] = []
const labels = Array.from({ length: 36 }, (_, i) => i % 3)
beforeAll(async () => {
  images = await Promise.all(labels.map((label, i) => picture('png', label, i)))
})

test('images and labels as Hugging Face has them, in groups of rows, with the names of classes', async () => {
  const set = await importFiles([parquetOfImages(images, labels, { names: [...shapeNames] })])
  expect(set).toMatchObject({ count: 36, height: 12, width: 12, channels: 1, classNames: [...shapeNames], source: { format: 'parquet' } })
  const known = new Map(labels.map((label, i) => [Buffer.from(drawn(label, i)).toString('hex'), label]))
  for (let i = 0; i < 36; i++)
    expect(known.get(Buffer.from(set.images.subarray(i * 144, (i + 1) * 144)).toString('hex'))).toBe(set.labels[i])
})

test('training and test files; labels that are texts, or numbers without names', async () => {
  const splits = ['train-00000-of-00001.parquet', 'test-00000-of-00001.parquet'].map((name) =>
    parquetOfImages(
      images,
      labels.map((label) => shapeNames[label]),
      { name },
    ),
  )
  const set = await importFolder(splits)
  expect(set).toMatchObject({ count: 72, classNames: ['bar', 'beam', 'block'], suggestedSplit: { train: 33, validation: 3, test: 36 } })
  expect((await importFiles([parquetOfImages(images, labels)])).classNames).toEqual(['0', '1', '2'])
})

test('images that are missing or corrupt are listed by their row', async () => {
  const broken = [...images.slice(0, 34), null, images[35].subarray(0, 50)]
  const { unreadable, count, labelColumn } = await previewFolder([parquetOfImages(broken, labels)])
  expect(count).toBe(34)
  expect(unreadable.examples.map(({ name }) => name)).toEqual([
    'set/train-00000-of-00001.parquet row 35',
    'set/train-00000-of-00001.parquet row 36',
  ])
  expect(unreadable.examples[0].reason).toMatch(/no bytes/)
  expect(labelColumn).toEqual({ chosen: 'label', candidates: ['label'] })
})

test('labels beyond the names that are listed are no labels', async () => {
  const { unreadable, count } = await previewFolder([
    parquetOfImages(
      images,
      labels.map((label, i) => (i === 4 ? 7 : label)),
      { names: [...shapeNames] },
    ),
  ])
  expect(count).toBe(35)
  expect(unreadable.examples).toEqual([{ name: 'set/train-00000-of-00001.parquet row 5', reason: 'it has no label (7)' }])
})

test('a column a pixel', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => i)
  const pixels = Object.fromEntries([0, 1, 2, 3].map((column) => [`pixel${column}`, rows.map((i) => (i * 7 + column * 40) % 256)]))
  const set = await importFiles([parquetOfPixels({ label: rows.map((i) => i % 3), ...pixels })])
  expect(set).toMatchObject({ count: 30, height: 2, width: 2, channels: 1, classNames: ['0', '1', '2'] })
  expect(await importFiles([parquetOfPixels({ ...pixels, animal: rows.map((i) => ['cat', 'dog'][i % 2]) })])).toMatchObject({
    classNames: ['cat', 'dog'],
  })
})

test('a few rows at a time, from columns of one group of rows and of several pages, some without values', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => i)
  const pixels = Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`pixel${at}`, rows.map((i) => (i * 7 + at * 40) % 256)]))
  const file = parquetOfPixels({ label: rows.map((i) => ['cat', 'dog', 'eel'][i % 3]), ...pixels }, 'digits.parquet', 400)
  const whole = await importFolder([file])
  expect((await importFolder([file], {}, { blockBytes: 4000 })).images).toEqual(whole.images)
  expect(whole.count).toBe(300)
  const lists = parquetOfLists(
    { image: rows.map((i) => (i === 7 ? null : Object.values(pixels).map((own) => own[i]))) },
    { label: rows.map((i) => i % 3) },
    { rowGroupSize: 300, pageSize: 400 },
  )
  const listed = await importFolder([lists], {}, { blockBytes: 4000 })
  expect(listed.count).toBe(299)
  const known = new Set(rows.map((i) => Buffer.from(whole.images.subarray(25 * i, 25 * i + 25)).toString('hex')))
  for (let i = 0; i < 299; i++) expect(known.has(Buffer.from(listed.images.subarray(25 * i, 25 * i + 25)).toString('hex'))).toBe(true)
})

test.each([
  ['PLAIN', 'PLAIN'],
  ['RLE_DICTIONARY', 'RLE_DICTIONARY'],
  ['DELTA_BINARY_PACKED', 'DELTA_LENGTH_BYTE_ARRAY'],
  ['BYTE_STREAM_SPLIT', 'PLAIN'],
] as const)('pixels encoded by %s and labels by %s are the same, in a page or a page a value', async (pixels, label) => {
  const names = Array.from({ length: 40 }, (_, i) => ['eel', 'cat', 'ox'][(i + (i >> 2)) % 3])
  const columns = Object.fromEntries(
    Array.from({ length: 16 }, (_, at) => [`pixel${at}`, names.map((_name, i) => (i * 37 + at * 61) % 256)]),
  )
  for (const pageSize of [1 << 20, 1]) {
    const set = await importFiles([parquetOfPixels({ label: names, ...columns }, 'digits.parquet', pageSize, { pixels, label })])
    expect(set).toMatchObject({ count: 40, height: 4, width: 4, classNames: ['cat', 'eel', 'ox'] })
    const found = Array.from(
      { length: 40 },
      (_, i) => `${set.classNames[set.labels[i]]} ${set.images.subarray(16 * i, 16 * (i + 1)).join()}`,
    )
    const wanted = names.map(
      (name, i) =>
        `${name} ${Object.values(columns)
          .map((values) => values[i])
          .join()}`,
    )
    expect(found.toSorted()).toEqual(wanted.toSorted())
  }
})

test('limits hold before anything is read', () =>
  inFolder(async (folder) => {
    const paths = await place(folder, [parquetOfImages(images, labels)])
    expect((await problem(() => importPaths(paths, {}, { footerBytes: 20 }))).message).toMatch(
      /its footer has \d+ bytes, by byte \d+; at most 20 are possible/,
    )
    expect((await problem(() => importPaths(paths, {}, { pageBytes: 500 }))).message).toMatch(
      /a page declares \d+ bytes; at most 500 are read: write it again with smaller pages/,
    )
    expect((await problem(() => importPaths(paths, {}, { images: 35 }))).message).toMatch(/declares 36 rows; from 1 to 35/)
    expect((await problem(() => importPaths(paths, {}, { columns: 3 }))).message).toMatch(/has \d+ columns; at most 3/)
  }))

test.each<[string, () => Uint8Array, RegExp]>([
  ['cut off', () => parquetOfImages(images, labels).bytes.subarray(0, 900), /does not end in PAR1 \(byte 896\)/],
  [
    'a footer larger than the file',
    () => {
      const bytes = Buffer.from(parquetOfImages(images, labels).bytes)
      bytes.writeUInt32LE(0x7fffffff, bytes.length - 8)
      return bytes
    },
    /its footer has 2147483647 bytes/,
  ],
  ['nothing but magic words', () => Buffer.from('PAR1PAR1'), /has only 8 bytes/],
  [
    'a damaged footer',
    () => {
      const bytes = Buffer.from(parquetOfImages(images, labels).bytes)
      bytes.fill(0xff, bytes.length - 60, bytes.length - 10)
      return bytes
    },
    /is damaged, or of a kind that is not read|declares/,
  ],
])('%s: named', async (_what, make, errorText) => {
  const error = await problem(() => importFiles([{ name: 'a.parquet', bytes: make() }]))
  expect(error.code).toBe('bad-input')
  expect(error.message).toMatch(/^a\.parquet: /)
  expect(error.message).toMatch(errorText)
})

test('no column that can hold labels', async () => {
  const rows = Array.from({ length: 12 }, (_, i) => i * 3)
  const error = await problem(() =>
    importFiles([parquetOfPixels({ a: rows, b: rows, c: rows, d: rows, e: rows.map((i) => i % 2), f: rows })]),
  )
  expect(error.code).toBe('bad-input')
})

test('damaged files end in a sentence or in whole images', async () => {
  const files = [parquetOfImages(images.slice(0, 12), labels.slice(0, 12), { names: [...shapeNames] })]
  await fuzz('parquet', files, 100)
})
