import { expect, test } from 'vitest'
import { importFiles, importFolder, previewFolder } from '../../testing/imports.ts'
import { fuzz } from '../../testing/mutate.ts'
import { parquetOfImages, parquetOfLists } from '../../testing/parquet.ts'
import { drawn, picture } from '../../testing/pictures.ts'
import { problem } from '../../testing/samples.ts'

const side = 12
const label = Array.from({ length: 48 }, (_, i) => i % 3)
const images = label.map((one, i) => drawn(one, i, side))
const flat = images.map((image) => [...image])
const rowsOf = (numbers: readonly number[], width = side) =>
  Array.from({ length: numbers.length / width }, (_, y) => numbers.slice(y * width, (y + 1) * width))
const nested = flat.map((image) => rowsOf(image))

/** Each image of the set stands once in what was made, with its label. */
function expectWhole(set: Awaited<ReturnType<typeof importFiles>>): void {
  const known = new Map(images.map((image, i) => [Buffer.from(image).toString('hex'), label[i]]))
  const size = set.height * set.width * set.channels
  for (let i = 0; i < set.count; i++)
    expect(known.get(Buffer.from(set.images.subarray(i * size, (i + 1) * size)).toString('hex'))).toBe(set.labels[i])
}

test.each<[string, () => ReturnType<typeof parquetOfLists>]>([
  ['a list of 144 numbers', () => parquetOfLists({ image: flat }, { label })],
  ['one list of 144 numbers in a list', () => parquetOfLists({ image: flat.map((image) => [image]) }, { label })],
  ['12 lists of 12', () => parquetOfLists({ image: nested }, { label })],
  ['lists of one channel', () => parquetOfLists({ image: nested.map((image) => image.map((row) => row.map((one) => [one]))) }, { label })],
  ['in many pages, in one group of rows', () => parquetOfLists({ image: nested }, { label }, { pageSize: 500, rowGroupSize: 100 })],
  [
    'fractions from 0 to 1',
    () => parquetOfLists({ image: flat.map((image) => image.map((one) => one / 255)) }, { label }, { type: 'DOUBLE' }),
  ],
])('%s a row', async (_what, make) => {
  const { doubts } = await previewFolder([make()])
  expect(doubts).toEqual([])
  const set = await importFiles([make()])
  expect(set).toMatchObject({ count: 48, height: side, width: side, channels: 1, classNames: ['0', '1', '2'] })
  expectWhole(set)
})

test('the names of classes are those of the notes; what pixels were made of is said', async () => {
  const set = await importFiles([
    parquetOfLists(
      { image: flat.map((image) => image.map((one) => one / 127.5 - 1)) },
      { label },
      { type: 'FLOAT', names: ['a', 'b', 'c', 'd'] },
    ),
  ])
  expect(set.classNames).toEqual(['a', 'b', 'c', 'd'])
  expect(set.source.readings).toContainEqual({ what: 'pixels', from: 'values from -1 to 1 became 0 to 255' })
})

test('colours: first or last where lists say it, asked where a row of numbers does not', async () => {
  const grey = (image: readonly number[]) => image.map((one, i) => (i % 2 === 0 ? one : 255 - one))
  const first = flat.map((image) => [rowsOf(image), rowsOf(grey(image)), rowsOf(image)])
  const last = first.map((planes) => planes[0].map((row, y) => row.map((_, x) => planes.map((plane) => plane[y][x]))))
  const sets = [
    await importFiles([parquetOfLists({ image: first }, { label })]),
    await importFiles([parquetOfLists({ image: last }, { label })]),
  ]
  expect(sets[0]).toMatchObject({ channels: 3, height: side, width: side })
  expect(sets[0].images).toEqual(sets[1].images)
  const rows = parquetOfLists({ image: first.map((planes) => planes.flat(2)) }, { label })
  const { doubts } = await previewFolder([rows])
  expect(doubts.map(({ code }) => code)).toEqual(['channel-order'])
  expect((await importFiles([rows], { channels: 'first' })).images).toEqual(sets[0].images)
})

test('rows without numbers, of another length or without a label are listed', async () => {
  const odd = flat.map((image, i) => (i === 3 ? null : i === 4 ? [] : i === 5 ? image.slice(1) : i === 6 ? image.with(2, NaN) : image))
  const { count, unreadable } = await previewFolder([
    parquetOfLists({ image: odd }, { label: label.map((one, i) => (i === 7 ? null : one)) }, { type: 'DOUBLE' }),
  ])
  expect(count).toBe(43)
  expect(unreadable.examples.map(({ name, reason }) => [/row (\d+)/.exec(name)?.[1], reason])).toEqual([
    ['4', 'it has no numbers'],
    ['5', 'it has no numbers'],
    ['6', 'it has 143 numbers, where others have 144'],
    ['7', 'its number 3 is no finite number'],
    ['8', 'it has no label (undefined)'],
  ])
})

test('values of an unusual range are asked about', async () => {
  const { doubts } = await previewFolder([parquetOfLists({ image: flat.map((image) => image.map((one) => one % 17)) }, { label })])
  expect(doubts.map(({ code }) => code)).toContain('pixel-range')
})

test('lists that may be no pixels are asked about, and so are several', async () => {
  const doubtsOf = async (lists: Parameters<typeof parquetOfLists>[0]) =>
    (await previewFolder([parquetOfLists(lists, { label })])).doubts.map(({ code, choices }) => [code, choices.length])
  expect(await doubtsOf({ embedding: flat })).toEqual([['image-column', 1]])
  expect(await doubtsOf({ left: flat, right: flat })).toEqual([['image-column', 2]])
  expect(await doubtsOf({ image: flat, embedding: flat.map((image) => image.slice(5)) })).toEqual([])
})

test('another list is chosen', async () => {
  const file = parquetOfLists({ left: flat, right: flat.map((image) => image.slice(0, 100)) }, { label })
  expect(await importFiles([file], { imageColumn: 'right' })).toMatchObject({ height: 10, width: 10 })
})

test('numbers that are no square want a shape', async () => {
  const file = parquetOfLists({ image: flat.map((image) => image.slice(0, 120)) }, { label })
  const error = await problem(() => importFiles([file]))
  expect(error.message).toMatch(/the 120 numbers of an image are no square/)
  expect(await importFiles([file], { shape: { height: 10, width: 12, channels: 1 } })).toMatchObject({ height: 10, width: 12 })
})

test('several labels a row: named', async () => {
  const error = await problem(() => importFiles([parquetOfLists({ image: flat, labels: label.map((one) => [one, 1]) }, { id: label })]))
  expect(error.message).toMatch(/its column labels holds lists: several labels a row/)
})

test('a column says which rows are for test, of lists and of images', async () => {
  const split = label.map((_, i) => (i < 36 ? 'train' : 'test'))
  const set = await importFiles([parquetOfLists({ image: flat }, { split, label })])
  expect(set.suggestedSplit.test).toBe(12)
  const tests = Array.from({ length: 12 }, (_, i) => Buffer.from(images[36 + i]).toString('hex'))
  const size = side * side
  const last = Array.from({ length: 12 }, (_, i) => Buffer.from(set.images.subarray((36 + i) * size, (37 + i) * size)).toString('hex'))
  expect(last.sort()).toEqual(tests.sort())
  expect(set.source.readings).toContainEqual({
    what: 'splits',
    from: 'the column split; validation images are cut from those for training',
  })
})

test('numbers of parts are asked about, and followed once said; they are no labels', async () => {
  const file = parquetOfLists({ image: flat }, { split: label.map((_, i) => (i < 30 ? 0 : i < 36 ? 1 : 2)), kind: label })
  const { doubts, labelColumn } = await previewFolder([file])
  expect(doubts.map(({ code }) => code)).toEqual(['parts-unknown'])
  expect(labelColumn?.chosen).toBe('kind')
  const [{ options }] = doubts[0].choices
  expect((await importFiles([file], options)).suggestedSplit).toEqual({ train: 30, validation: 6, test: 12 })
})

test('a row that does not say its part is left out', async () => {
  const isTest = label.map((_, i) => (i === 5 ? null : i >= 36))
  const { unreadable, classes } = await previewFolder([parquetOfLists({ image: flat }, { is_test: isTest, label })])
  expect(classes.map(({ parts }) => parts?.test)).toEqual([4, 4, 4])
  expect(unreadable.examples.map(({ reason }) => reason)).toEqual(['it does not say whether it is for training, validation or test'])
})

test('files of two parts must have the same columns', async () => {
  const error = await problem(() =>
    importFolder([
      parquetOfLists({ image: flat }, { label }, { name: 'train.parquet' }),
      parquetOfLists({ image: flat }, { digit: label }, { name: 'test.parquet' }),
    ]),
  )
  expect(error.message).toMatch(/it has no column label, which the others have/)
})

test('two columns of files of images are asked about, unless one is called so', async () => {
  const png = await Promise.all(label.map((one, i) => picture('png', one, i)))
  const { doubts } = await previewFolder([parquetOfImages(png, label, { columns: ['photo', 'mask'] })])
  expect(doubts.map(({ code }) => code)).toEqual(['image-column'])
  expect((await previewFolder([parquetOfImages(png, label, { columns: ['mask', 'image'] })])).doubts).toEqual([])
})

test('damaged files end in a sentence or in whole images', async () => {
  const few = label.slice(0, 12)
  const split = few.map((_, i) => (i < 8 ? 'train' : 'test'))
  const files = [parquetOfLists({ image: nested.slice(0, 12) }, { label: few, split }, { pageSize: 500 })]
  await fuzz('parquet, lists', files, 100)
})
