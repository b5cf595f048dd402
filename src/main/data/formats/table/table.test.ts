import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { importFiles, importFolder, importPaths, inFolder, place, previewFolder } from '../../testing/imports.ts'
import { fuzz } from '../../testing/mutate.ts'
import { problem } from '../../testing/samples.ts'
import type { Sample } from '../../testing/samples.ts'

const classes = ['cat', 'dog', 'eel']

/** Rows of a label and four pixels: 10 a class apart, 40 a column apart. */
function rowsOf(count: number, label: (i: number) => string = (i) => String(i % 3)): string[][] {
  return Array.from({ length: count }, (_, i) => [label(i), ...[0, 1, 2, 3].map((column) => String((i * 7 + column * 40) % 256))])
}

function csv(rows: readonly (readonly string[])[], separator = ','): Uint8Array {
  return Buffer.from(rows.map((row) => row.join(separator)).join('\n'))
}

const header = ['label', 'pixel0', 'pixel1', 'pixel2', 'pixel3']
const one = (bytes: Uint8Array, name = 'digits.csv'): Sample[] => [{ name, bytes }]

test('MNIST style: a row of names, labels first', async () => {
  const set = await importFiles(one(csv([header, ...rowsOf(30)])))
  expect(set).toMatchObject({
    count: 30,
    height: 2,
    width: 2,
    channels: 1,
    classNames: ['0', '1', '2'],
    suggestedSplit: { train: 24, validation: 3, test: 3 },
    source: { format: 'table', files: ['digits.csv'] },
  })
  // Image and label stay together: row i begins with the pixel 7 i.
  for (let i = 0; i < 30; i++) {
    const row = Array.from({ length: 30 }, (_, r) => r).find(
      (r) => (r * 7) % 256 === set.images[4 * i] && (r * 7 + 40) % 256 === set.images[4 * i + 1],
    )
    expect(set.labels[i]).toBe(row! % 3)
  }
})

test.each<[string, Sample[]]>([
  ['no row of names', one(csv(rowsOf(30)))],
  ['tabs', one(csv([header, ...rowsOf(30)], '\t'), 'digits.tsv')],
  ['semicolons', one(csv([header, ...rowsOf(30)], ';'))],
  ['packed', one(gzipSync(csv([header, ...rowsOf(30)])), 'digits.csv.gz')],
  [
    'quotes, a byte order mark and Windows line ends',
    one(Buffer.from(`\ufeff${[header, ...rowsOf(30)].map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n')}\r\n`)),
  ],
  ['another name', one(csv(rowsOf(30)), 'optdigits.data')],
  ['labels last', one(csv([header, ...rowsOf(30)].map(([label, ...pixels]) => [...pixels, label])))],
  ['labels last, no row of names', one(csv(rowsOf(30).map(([label, ...pixels]) => [...pixels, label])))],
  ['a column that counts the rows', one(csv([['', ...header], ...rowsOf(30).map((row, i) => [String(i), ...row])]))],
])('%s: the same data set', async (_what, files) => {
  const expected = await importFiles(one(csv([header, ...rowsOf(30)])))
  const { images, labels, classNames } = await importFiles(files)
  expect({ images, labels, classNames }).toEqual({ images: expected.images, labels: expected.labels, classNames: expected.classNames })
})

test('names as labels; which column they are in can be chosen, by name or number', async () => {
  const rows = rowsOf(30, (i) => classes[i % 3])
  const files = one(csv([['species', 'a', 'b', 'c', 'd', 'class'], ...rows.map((row, i) => [...row, String(i % 2)])]))
  const preview = await previewFolder(files)
  expect(preview.labelColumn).toEqual({ chosen: 'species', candidates: ['species', 'class'] })
  expect(preview.classes.map(({ name, count }) => [name, count])).toEqual([
    ['cat', 10],
    ['dog', 10],
    ['eel', 10],
  ])
  const shape = { height: 4, width: 1, channels: 1 }
  for (const labelColumn of ['class', '6'])
    expect(await importFiles(files, { labelColumn, shape })).toMatchObject({ classNames: ['0', '1'], height: 4, width: 1 })
  const error = await problem(() => importFiles(files, { labelColumn: 'colour' }))
  expect(error).toMatchObject({
    code: 'invalid-argument',
    message: expect.stringMatching(/no column "colour"; its 6 columns are species, a, b/) as string,
  })
})

test('the row of names can be said to be there, or not', async () => {
  const numbers = csv([['0', '1', '5', '3', '4'], ...rowsOf(30)])
  expect((await importFiles(one(numbers))).count).toBe(31)
  expect((await importFiles(one(numbers), { header: true })).count).toBe(30)
  // Read as a row, names are no numbers: the row is listed.
  const { unreadable, count } = await previewFolder(one(csv([header, ...rowsOf(30)])), { header: false })
  expect(count).toBe(30)
  expect(unreadable.examples).toEqual([{ name: 'set/digits.csv line 1', reason: 'its column 2 is "pixel0", no number' }])
})

test('all pixels in one cell, and a column that says what a row is for, as FER2013 has them', async () => {
  const usages = ['Training', 'PublicTest', 'Training', 'PrivateTest', 'Training']
  const rows = rowsOf(30)
  const fer = (pack: (pixels: string[]) => string, names = ['emotion', 'pixels', 'Usage']) =>
    one(csv([names, ...rows.map(([label, ...pixels], i) => [label, pack(pixels), usages[i % 5]])]), 'fer2013.csv')
  const files = fer((pixels) => pixels.join(' '))
  const set = await importFiles(files)
  expect(set).toMatchObject({
    count: 30,
    height: 2,
    width: 2,
    classNames: ['0', '1', '2'],
    suggestedSplit: { train: 18, validation: 6, test: 6 },
    source: { order: null },
  })
  const split = (usage: string) => rows.filter((_, i) => usages[i % 5] === usage)
  const ordered = ['Training', 'PublicTest', 'PrivateTest'].flatMap(split)
  expect(Array.from(set.images)).toEqual(ordered.flatMap(([, ...pixels]) => pixels.map(Number)))
  expect(Array.from(set.labels)).toEqual(ordered.map(([label]) => Number(label)))
  expect(await importFiles(fer((pixels) => `"[${pixels.join(', ')}]"`, ['label', 'image', 'split']))).toMatchObject({ images: set.images })
  const { notes, labelColumn } = await previewFolder(files)
  expect(notes.join()).not.toMatch(/left out/)
  expect(notes.join()).toMatch(/The column Usage says what each row is for/)
  expect(labelColumn).toMatchObject({ chosen: 'emotion' })
  // Columns keep their numbers.
  expect(await importFiles(files, { labelColumn: '3' })).toMatchObject({ classNames: ['PrivateTest', 'PublicTest', 'Training'] })
})

test('all pixels in one cell, below empty lines', async () => {
  const rows = rowsOf(30).map(([label, ...pixels]) => [label, pixels.join(' ')])
  const below = await importFiles(one(Buffer.concat([Buffer.from('\n\n'), csv([['label', 'pixels'], ...rows])])))
  expect(below).toMatchObject({ count: 30, images: (await importFiles(one(csv([['label', 'pixels'], ...rows])))).images })
})

test('cells of too few pixels are listed by their line, and of too many are refused', async () => {
  const rows = rowsOf(30).map(([label, ...pixels], i) => [label, i === 4 ? '1 2 3' : i === 5 ? '1 2 x 4' : pixels.join(' ')])
  const files = one(csv([['label', 'pixels'], ...rows]))
  const { count, unreadable } = await previewFolder(files)
  expect(count).toBe(28)
  expect(unreadable.examples).toEqual([
    { name: 'set/digits.csv line 6', reason: 'it has 4 columns instead of 5' },
    { name: 'set/digits.csv line 7', reason: 'its column pixel 2 is "x", no number' },
  ])
  await inFolder(async (folder) => {
    const error = await problem(async () => importPaths(await place(folder, files), {}, { columns: 4 }))
    expect(error.message).toMatch(/a cell of column 2 has 4 numbers; at most 4 columns/)
  })
})

test('colour and other shapes; values of another range', async () => {
  const wide = Array.from({ length: 24 }, (_, i) => [String(i % 2), ...Array.from({ length: 12 }, (__, p) => String((i + p) % 17))])
  const set = await importFiles(one(csv(wide)))
  expect(set).toMatchObject({ height: 2, width: 2, channels: 3 })
  expect(Math.max(...set.images)).toBe(255)
  expect(await importFiles(one(csv(wide)), { shape: { height: 3, width: 4, channels: 1 } })).toMatchObject({
    height: 3,
    width: 4,
    channels: 1,
  })
  const fractions = wide.map(([label, ...pixels]) => [label, ...pixels.map((value) => String(Number(value) / 16))])
  expect((await importFiles(one(csv(fractions)))).images).toEqual(set.images)
})

test('train and test tables; a test table without labels is not used', async () => {
  const train = { name: 'train.csv', bytes: csv([header, ...rowsOf(36)]) }
  const both = await importFolder([train, { name: 'test.csv', bytes: csv([header, ...rowsOf(9)]) }])
  expect(both.suggestedSplit).toEqual({ train: 33, validation: 3, test: 9 })
  const preview = await previewFolder([train, { name: 'test.csv', bytes: csv([header.slice(1), ...rowsOf(9).map((row) => row.slice(1))]) }])
  expect(preview.count).toBe(36)
  expect(preview.notes.join()).toMatch(/test\.csv has fewer columns \(no labels\?\): it was not used/)
  const error = await problem(() =>
    importFolder([
      train,
      {
        name: 'x.csv',
        bytes: csv([
          ['a', 'b', 'c'],
          ['1', '2', '3'],
        ]),
      },
    ]),
  )
  expect(error.message).toMatch(/x\.csv: its 3 columns are not those of set\/train\.csv/)
})

test('columns that are numbered, as pandas writes them, are a row of names', async () => {
  const expected = await importFiles(one(csv([header, ...rowsOf(30, (i) => classes[i % 3])])))
  const last = rowsOf(30, (i) => classes[i % 3]).map(([label, ...pixels]) => [...pixels, label])
  for (const names of [
    ['0', '1', '2', '3', 'species'],
    ['0', '1', '2', '3', '4'],
    ['1', '2', '3', '4', '5'],
  ]) {
    const { images, labels, classNames } = await importFiles(one(csv([names, ...last])))
    expect({ images, labels, classNames }).toEqual({ images: expected.images, labels: expected.labels, classNames: expected.classNames })
  }
})

test("a competition's tables: answers to be filled in and lists of names are not used", async () => {
  const wide = rowsOf(30).map((row) => [...row, ...row.slice(1), '1', '2', '3', '4', '5', '6', '7', '8'])
  const names = ['label', ...Array.from({ length: 16 }, (_, i) => `pixel${i}`)]
  const preview = await previewFolder([
    { name: 'train.csv', bytes: csv([names, ...wide]) },
    { name: 'test.csv', bytes: csv([names.slice(1), ...wide.slice(0, 9).map((row) => row.slice(1))]) },
    { name: 'sample_submission.csv', bytes: csv([['ImageId', 'Label'], ...wide.slice(0, 9).map((_, i) => [String(i), '0'])]) },
    { name: 'classes.csv', bytes: Buffer.from('zero\none\ntwo\n') },
  ])
  expect(preview).toMatchObject({ count: 30, files: ['set/train.csv'] })
  expect(preview.notes.join()).toMatch(/classes\.csv has one column.*sample_submission\.csv has few columns.*test\.csv has fewer columns/)
})

test('one table trains, whatever it is called; empty lines before it are passed over', async () => {
  const bytes = csv([header, ...rowsOf(30)])
  const expected = await importFiles(one(bytes))
  for (const name of ['latest.csv', 'test.csv', 'mnist_val.csv'])
    expect((await importFiles(one(Buffer.concat([Buffer.from('\n\n'), bytes]), name))).images).toEqual(expected.images)
})

test('bad rows are listed by their line, and the others kept', async () => {
  const rows = rowsOf(30)
  rows[4] = ['1', '2', '3']
  rows[9] = ['1', '2', 'x', '4', '5']
  rows[14] = ['', '2', '3', '4', '5']
  rows[19] = ['1', '2', '3', '4', '5', '6']
  const { unreadable, count } = await previewFolder(one(csv([header, ...rows])))
  expect(count).toBe(26)
  expect(unreadable.examples).toEqual([
    { name: 'set/digits.csv line 6', reason: 'it has 3 columns instead of 5' },
    { name: 'set/digits.csv line 11', reason: 'its column pixel1 is "x", no number' },
    { name: 'set/digits.csv line 16', reason: 'it has no label' },
    { name: 'set/digits.csv line 21', reason: 'it has 6 columns instead of 5' },
  ])
})

test.each<[string, Uint8Array, RegExp]>([
  ['no separator', Buffer.from('hello\nworld\n'), /its first line has no comma, tab or semicolon/],
  ['a row of names alone', csv([header]), /it has no rows/],
  [
    '10,001 columns',
    csv(Array.from({ length: 3 }, () => Array.from({ length: 10_001 }, () => '1'))),
    /line 1 has 10001 columns; at most 10000 are read/,
  ],
  [
    'a row of more than 1 MiB',
    Buffer.from(`1,2,3,4,5\n${'1'.repeat(1 << 21)},2\n`),
    /the row that ends at line \d+ has more than 1048576 bytes/,
  ],
  [
    'an endless quote',
    Buffer.from(`1,2,3,4,5\n"${'1,\n'.repeat(1 << 19)}`),
    /the row that ends at line \d+ (has more than 1048576 bytes|cannot be read)/,
  ],
  ['a quote that is not closed', Buffer.from('1,2,3,4,5\n1,"2,3,4,5\n'), /the row that ends at line 2 cannot be read/],
  ['pixels that are no square', csv(rowsOf(20).map((row) => [...row, '7'])), /its rows have 5 pixels, which are no square/],
  [
    'more classes than there can be',
    csv([header, ...rowsOf(600, (i) => `name ${i}`)]),
    /its column label has more than 256 different values/,
  ],
  ['one class', csv([header, ...rowsOf(20, () => 'cat')]), /there is only one class \(cat\)/],
])('%s: named', async (_what, bytes, errorText) => {
  const error = await problem(() => importFiles(one(bytes)))
  expect(error.code).toBe('bad-input')
  expect(error.message).toMatch(/^digits\.csv/)
  expect(error.message).toMatch(errorText)
  expect(error.remedy).not.toBe('')
})

test('numbers of folds are asked about, and are neither labels nor pixels', async () => {
  const rows = rowsOf(40).map((row, i) => [...row, String(i % 5)])
  const files = one(csv([[...header, 'fold'], ...rows]))
  const { doubts, labelColumn } = await previewFolder(files)
  expect(labelColumn?.chosen).toBe('label')
  expect(doubts.filter(({ code }) => code === 'parts-unknown').map(({ choices }) => choices.length)).toEqual([6])
  const set = await importFolder(files, { parts: { '4': 'test' } })
  expect(set).toMatchObject({ count: 40, suggestedSplit: { test: 8 }, height: 2 })
})

test('limits are those of the import', () =>
  inFolder(async (folder) => {
    const paths = await place(folder, one(csv([header, ...rowsOf(30)])))
    expect((await problem(() => importPaths(paths, {}, { columns: 4 }))).message).toMatch(/has 5 columns; at most 4/)
    expect((await problem(() => importPaths(paths, {}, { images: 29 }))).message).toMatch(/at most 29 images/)
  }))

test('damaged tables end in a sentence or in whole images', async () => {
  const files = [
    { name: 'train.csv', bytes: csv([header, ...rowsOf(40, (i) => classes[i % 3])]) },
    { name: 'test.csv', bytes: csv([header, ...rowsOf(10, (i) => classes[i % 3])]) },
  ]
  await fuzz('table', files, 60)
})

test('damaged tables with all pixels in one cell end so too', async () => {
  const uses = ['Training', 'Training', 'PublicTest', 'PrivateTest']
  const rows = rowsOf(40).map(([label, ...pixels], i) => [label, pixels.join(' '), uses[i % 4]])
  const files = one(csv([['emotion', 'pixels', 'Usage'], ...rows]))
  await fuzz('table, pixels in a cell', files, 60)
})
