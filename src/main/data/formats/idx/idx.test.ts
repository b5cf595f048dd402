import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { importFiles, previewFolder } from '../../testing/imports.ts'
import { fuzz } from '../../testing/mutate.ts'
import { idxFile, pairOf, problem } from '../../testing/samples.ts'

const firstPixels = (images: Uint8Array): number[] => Array.from(images).filter((_, i) => i % 4 === 0)

test('training and test files are put one after the other; a twelfth of the training images validate', async () => {
  const read = await importFiles([...pairOf(24, 'train-'), ...pairOf(5, 't10k-')].reverse())
  expect(read).toMatchObject({ count: 29, height: 2, width: 2, channels: 1, classes: 3, classNames: ['0', '1', '2'] })
  expect(read.suggestedSplit).toEqual({ train: 22, validation: 2, test: 5 })
  expect(read.source).toMatchObject({
    format: 'idx',
    files: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
    order: null,
  })
  expect(firstPixels(read.images)).toEqual([...Array(24).keys(), ...Array(5).keys()])
  expect(Array.from(read.labels.subarray(24))).toEqual([0, 1, 2, 0, 1])
})

test('validation files of their own are used as they are', async () => {
  const read = await importFiles([...pairOf(10, 'train-'), ...pairOf(4, 'validation-'), ...pairOf(3, 'test-')])
  expect(read.suggestedSplit).toEqual({ train: 10, validation: 4, test: 3 })
  expect(firstPixels(read.images)).toEqual([...Array(10).keys(), ...Array(4).keys(), ...Array(3).keys()])
})

test('training images sorted by class are shuffled before validation is cut off, always in the same way', async () => {
  const sorted = [...pairOf(240, 'train-', (i) => Math.floor(i / 80)), ...pairOf(6, 'test-')]
  const read = await importFiles(sorted)
  expect(read.source.order).toContain('shuffled')
  expect(read.suggestedSplit).toEqual({ train: 220, validation: 20, test: 6 })
  expect(new Set(read.labels.subarray(220, 240)).size).toBe(3)
  expect(
    firstPixels(read.images)
      .slice(0, 240)
      .sort((a, b) => a - b),
  ).toEqual([...Array(240).keys()])
  // Image and label stay together.
  expect(
    firstPixels(read.images)
      .slice(0, 240)
      .every((image, i) => read.labels[i] === Math.floor(image / 80)),
  ).toBe(true)
  expect(await importFiles(sorted)).toEqual(read)
})

test('one pair is shuffled and parted 80, 10, 10, whatever it is called', async () => {
  const read = await importFiles(pairOf(100, 'emnist-'))
  expect(read.suggestedSplit).toEqual({ train: 80, validation: 10, test: 10 })
  const order = firstPixels(read.images)
  expect(order).not.toEqual([...Array(100).keys()])
  expect(order.slice().sort((a, b) => a - b)).toEqual([...Array(100).keys()])
  // Pinned: another order would be another data set, under another hash, for every store there is.
  expect(order.slice(0, 8)).toEqual([7, 80, 20, 74, 98, 65, 96, 82])
})

test('EMNIST has rows and columns exchanged: said, and turned where that is asked for', async () => {
  const turned = [...Array(30).keys()].flatMap((i) => [i, i, 200 + i, 100 + i])
  const upright = [...Array(30).keys()].flatMap((i) => [i, 200 + i, i, 100 + i])
  const filesOf = (pixels: readonly number[]) => [
    { name: 'emnist-letters-train-images-idx3-ubyte', bytes: idxFile(0x08, [30, 2, 2], pixels) },
    {
      name: 'emnist-letters-train-labels-idx1-ubyte',
      bytes: idxFile(
        0x08,
        [30],
        [...Array(30).keys()].map((i) => 1 + (i % 3)),
      ),
    },
  ]
  const { doubts, notes } = await previewFolder(filesOf(turned))
  expect(doubts.map(({ code }) => code)).toEqual(['tiny-images'])
  expect(notes.join()).toMatch(/EMNIST was published with rows and columns exchanged/)
  expect((await importFiles(filesOf(turned), { pixelOrder: 'columns' })).images).toEqual((await importFiles(filesOf(upright))).images)
})

test.each([
  ['images without labels', pairOf(9).slice(0, 1), /No labels among images-idx3-ubyte/],
  ['labels without images', pairOf(9).slice(1), /No images among labels-idx1-ubyte/],
  ['labels of other images', [pairOf(9)[0], pairOf(8)[1]], /labels-idx1-ubyte: has 8 labels, but images-idx3-ubyte has 9 images/],
  ['names that tell nothing', [...pairOf(9, 'one-'), ...pairOf(9, 'two-')], /one-images-idx3-ubyte: its name does not tell/],
  ['test images without labels', [...pairOf(9, 'train-'), pairOf(9, 'test-')[0]], /test-images-idx3-ubyte: it has no labels/],
  ['test labels without images', [...pairOf(9, 'train-'), pairOf(9, 'test-')[1]], /test-labels-idx1-ubyte: it has labels, but no images/],
  ['nothing to train on', [...pairOf(9, 'validation-'), ...pairOf(9, 'test-')], /None of .* is for training/],
  [
    'images of two sizes',
    [...pairOf(9, 'train-'), { name: 'test-images', bytes: idxFile(0x08, [1, 1, 4], [0, 0, 0, 0]) }, pairOf(1, 'test-')[1]],
    /test-images: its images are 1 x 4 x 1, those for training 2 x 2 x 1/,
  ],
  ['one class only', pairOf(9, '', () => 0), /only one class \(0\)/],
  ['too few images', pairOf(2), /only 2 training images/],
])('%s: named', async (_what, files, errorText) => {
  const error = await problem(() => importFiles(files))
  expect(error.code).toBe('bad-input')
  expect(error.message).toMatch(errorText)
})

test('labels that begin at 1, or have gaps, are classes of those names', async () => {
  const [images, labels] = pairOf(24)
  const shifted = { name: labels.name, bytes: Uint8Array.from(labels.bytes, (byte, at) => (at < 8 ? byte : byte === 2 ? 9 : byte + 1)) }
  const set = await importFiles([images, shifted])
  expect(set.classNames).toEqual(['1', '2', '9'])
  expect(set.labels).toEqual((await importFiles([images, labels])).labels)
})

test('packed files and an archive of them are the same data set', async () => {
  const plain = [...pairOf(24, 'train-'), ...pairOf(5, 't10k-')]
  const packed = plain.map(({ name, bytes }) => ({ name: `${name}.gz`, bytes: gzipSync(bytes) }))
  const one = await importFiles(plain)
  const other = await importFiles(packed)
  const { readings: _one, ...source } = one.source
  const { readings: _other, ...packedSource } = other.source
  expect({ ...other, source: packedSource }).toEqual({ ...one, source: { ...source, files: one.source.files.map((file) => `${file}.gz`) } })
})

test('what is wrong with a packed file is said of that file, with its ending', async () => {
  const [images, labels] = pairOf(24)
  const error = await problem(() =>
    importFiles([
      { name: 'images.gz', bytes: gzipSync(images.bytes.subarray(0, -5)) },
      { name: 'labels.gz', bytes: gzipSync(labels.bytes) },
    ]),
  )
  expect(error.message).toMatch(/^images\.gz: /)
})

test('damaged files end in a sentence or in whole images', async () => {
  await fuzz('idx', pairOf(30), 20)
})
