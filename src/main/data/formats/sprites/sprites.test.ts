import { expect, test } from 'vitest'
import { importFolder, previewFolder } from '../../testing/imports.ts'
import { fuzz } from '../../testing/mutate.ts'
import { problem, type Sample } from '../../testing/samples.ts'
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { vips } from '../../pixels/vips.ts'

const side = 4
const labelOf = (i: number) => i % 3

/** Pixel p of image i is (i, 10 p, label). */
async function sheet(name: string, first: number, rows: number, width = side * side): Promise<Sample> {
  const bytes = Uint8Array.from({ length: rows * width * 3 }, (_, at) => {
    const [row, pixel, channel] = [Math.floor(at / (3 * width)), Math.floor(at / 3) % width, at % 3]
    return [first + row, 10 * pixel, labelOf(first + row)][channel]
  })
  return {
    name,
    bytes: await vips(bytes, { raw: { width, height: rows, channels: 3 } })
      .png()
      .toBuffer(),
  }
}
const list = (name: string, labels: readonly number[]): Sample => ({ name, bytes: Buffer.from(JSON.stringify(labels)) })
const labels = (first: number, count: number) => Array.from({ length: count }, (_, i) => labelOf(first + i))

/** Two sheets for training whose names sort otherwise as text, and one for test. */
const sound = async (): Promise<Sample[]> => [
  await sheet('data_batch_2.png', 0, 17),
  await sheet('data_batch_10.png', 17, 25),
  await sheet('test_batch.png', 42, 6),
  list('train_lables.json', labels(0, 42)),
  list('test_lables.json', labels(42, 6)),
  { name: 'package.json', bytes: Buffer.from('{"name":"digits"}') },
]

test('each row of pixels is an image, sheets in the order of their numbers', async () => {
  const set = await importFolder(await sound())
  expect(set).toMatchObject({ count: 48, height: side, width: side, channels: 3, classNames: ['0', '1', '2'] })
  expect(set.suggestedSplit.test).toBe(6)
  const size = side * side * 3
  for (let at = 0; at < 48; at++) {
    const [image, pixel, label] = set.images.subarray(at * size + 15, at * size + 18)
    expect([pixel, label]).toEqual([50, labelOf(image)])
    expect(set.labels[at]).toBe(labelOf(image))
    if (at >= 42) expect(image).toBe(at) // test comes last, in its order
  }
  expect(new Set(Array.from({ length: 48 }, (_, at) => set.images[at * size])).size).toBe(48)
})

test('the person says what a row is where it is no square, and names the classes', async () => {
  const files = [await sheet('digits.png', 0, 30, 8), list('labels.json', labels(0, 30))]
  const error = await problem(() => previewFolder(files))
  expect(error.message).toMatch(/digits\.png: a row has 8 pixels, which are no square/)
  const shape = { height: 2, width: 4, channels: 3 }
  const found = await previewFolder(files, { shape, rename: { 0: 'ant', 1: 'bee', 2: 'cow' } })
  expect(found.plan).toMatchObject({ height: 2, width: 4, channels: 3 })
  expect(found.classes.map(({ name }) => name)).toEqual(['ant', 'bee', 'cow'])
})

test('labels are those that there are, whichever numbers they are', async () => {
  const found = await previewFolder([
    await sheet('a.png', 0, 18),
    list(
      'a.json',
      labels(0, 18).map((label) => [1, 5, 200][label]),
    ),
  ])
  expect(found.classes.map(({ name, count }) => [name, count])).toEqual([
    ['1', 6],
    ['5', 6],
    ['200', 6],
  ])
})

/** White in rows that are opaque, and else clear. */
const withAlpha = async (isOpaque: (row: number) => boolean): Promise<Sample> => ({
  name: 'a.png',
  bytes: await vips(
    Uint8Array.from({ length: 12 * 16 * 4 }, (_, at) => (at % 4 === 3 && !isOpaque(Math.floor(at / 64)) ? 0 : 255)),
    { raw: { width: 16, height: 12, channels: 4 } },
  )
    .png()
    .toBuffer(),
})

test('what is transparent is white unless it is wanted black, and told; what only might be is not', async () => {
  const blackOffered = async (files: Sample[]) =>
    (await previewFolder(files)).doubts.flatMap(({ choices }) => choices).some(({ options }) => options.background === 'black')
  const files = [await withAlpha((row) => row > 3), list('a.json', labels(0, 12))]
  expect(await blackOffered(files)).toBe(true)
  expect(await blackOffered([await withAlpha(() => true), files[1]])).toBe(false)
  const black = async (options?: ImportOptions) => (await importFolder(files, options)).images.filter((value) => value === 0).length
  expect(await black()).toBe(0)
  expect(await black({ background: 'black' })).toBe(4 * 16)
})

test.each<[string, () => Promise<Sample[]>, RegExp]>([
  [
    'fewer labels than rows',
    async () => [await sheet('a.png', 0, 12), list('a.json', labels(0, 11))],
    /a\.json: has 11 labels, but the sheets for train have 12 rows/,
  ],
  [
    'no list for test',
    async () => (await sound()).filter(({ name }) => name !== 'test_lables.json'),
    /test_batch\.png: there is no list of labels for test/,
  ],
  [
    'two lists',
    async () => [await sheet('a.png', 0, 12), list('a.json', labels(0, 12)), list('b.json', labels(0, 12))],
    /b\.json: .*a\.json is a list of the same labels/,
  ],
  [
    'a label out of range',
    async () => [await sheet('a.png', 0, 3), list('a.json', [0, 1, 256])],
    /label 3 of it is no whole number from 0 to 255/,
  ],
  [
    'a list cut off',
    async () => [await sheet('a.png', 0, 3), { name: 'a.json', bytes: Buffer.from('[0, 1, 2') }],
    /a\.json: it begins as a list of labels, but is no JSON/,
  ],
  [
    'pixels of 16 bits',
    async () => [
      {
        name: 'a.png',
        bytes: await vips(new Uint8Array(12 * 16 * 2), { raw: { width: 16, height: 12, channels: 1, depth: 'ushort' } as never })
          .toColourspace('grey16')
          .png()
          .toBuffer(),
      },
      list('a.json', labels(0, 12)),
    ],
    /a\.png: its pixels have 16 bits/,
  ],
  ['a list alone', async () => [list('a.json', labels(0, 12))], /there are no pictures/],
])('%s: named', async (_what, files, message) => {
  const error = await problem(async () => previewFolder(await files()))
  expect(error.code).toBe('bad-input')
  expect(error.message).toMatch(message)
})

test('class folders with a list of numbers beside stay class folders', async () => {
  const picture = await vips(new Uint8Array(16 * 3), { raw: { width: 4, height: 4, channels: 3 } })
    .png()
    .toBuffer()
  const files = ['cat', 'dog'].flatMap((name) => Array.from({ length: 6 }, (_, i) => ({ name: `${name}/${i}.png`, bytes: picture })))
  expect((await previewFolder([...files, list('order.json', labels(0, 12))])).classes.map(({ name }) => name)).toEqual(['cat', 'dog'])
})

test('damaged sheets and lists end in a sentence or in whole images', async () => {
  const files = (await sound()).slice(0, 5)
  await fuzz('sprites', files, 40)
})
