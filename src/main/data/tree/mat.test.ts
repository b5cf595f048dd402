import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { zipOf } from '../testing/archives.ts'
import { importFiles, importFolder, importPaths, inFolder, place, previewFolder } from '../testing/imports.ts'
import { matFile, type MatArray, type MatFields } from '../testing/mat.ts'
import { fuzz } from '../testing/mutate.ts'
import { classFolders } from '../testing/pictures.ts'
import { problem } from '../testing/samples.ts'

const [height, width] = [4, 6]
/** Of the image `i`; every one tells where it stands. */
const pixel = (i: number, y: number, x: number, c: number): number => (i + 40 * y + 11 * x + 5 * c) % 251

/** Numbers with the first index fastest, each by its indices. */
function array(kind: string, shape: number[], value: (place: number[]) => number): MatArray {
  const count = shape.reduce((a, b) => a * b, 1)
  const values = Array.from({ length: count }, (_, i) => {
    let rest = i
    return value(
      shape.map((side) => {
        const index = rest % side
        rest = Math.floor(rest / side)
        return index
      }),
    )
  })
  return { kind, shape, values }
}

/** As SVHN: images last, labels from 1, of which 10 is the digit 0. */
function svhn(count: number, from = 0): MatFields {
  return {
    X: array('u1', [height, width, 3, count], ([y, x, c, i]) => pixel(i + from, y, x, c)),
    y: array('f8', [count, 1], ([i]) => (i % 10) + 1),
  }
}

/** Images of a set by their first pixel, which is told by their number. */
function expectImages(
  { images, labels }: { images: Uint8Array; labels: Uint8Array },
  count: number,
  channels: number,
  label: (i: number) => number,
): void {
  const size = height * width * channels
  expect(labels.length).toBe(count)
  for (let k = 0; k < count; k++) {
    const image = images.subarray(k * size, (k + 1) * size)
    const i = image[0]
    expect(labels[k]).toBe(label(i))
    const wanted = Array.from({ length: size }, (_, at) => {
      const place = Math.floor(at / channels)
      return pixel(i, Math.floor(place / width), place % width, at % channels)
    })
    expect(Array.from(image)).toEqual(wanted)
  }
}

test.each([
  ['packed', {}],
  ['plain', { packed: false }],
  ['of the other order of bytes', { big: true }],
])('images as SVHN has them, %s: each its pixels and its label, and the digit 0 its name', async (_what, how) => {
  const files = [{ name: 'train_32x32.mat', bytes: matFile(svhn(40), how) }]
  const { doubts } = await previewFolder(files)
  expect(doubts.map(({ code }) => code)).toEqual(['odd-labels'])
  expect(doubts[0].choices.map(({ options }) => options)).toEqual([{ rename: { '10': '0' } }, { accept: ['odd-labels'] }])
  const set = await importFolder(files, { rename: { '10': '0' } })
  expect(set).toMatchObject({ height, width, channels: 3, classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] })
  expectImages(set, 40, 3, (i) => (i + 1) % 10)
  expect((await importFolder(files)).classNames.at(-1)).toBe('10')
})

test('files of parts stay apart; one of which nothing says what it is for is asked about', async () => {
  const files = [
    { name: 'train_32x32.mat', bytes: matFile(svhn(40)) },
    { name: 'test_32x32.mat', bytes: matFile(svhn(20, 60)) },
  ]
  expect(await importFolder(files)).toMatchObject({ suggestedSplit: { train: 37, validation: 3, test: 20 } })
  const zipped = await importFiles([{ name: 'svhn.zip', bytes: await zipOf(files) }])
  expect(zipped.suggestedSplit.test).toBe(20)
  const more = [...files, { name: 'extra_32x32.mat', bytes: matFile(svhn(30, 100)) }]
  const { doubts } = await previewFolder(more)
  expect(doubts[0]).toMatchObject({ code: 'parts-unknown', message: expect.stringContaining('extra_32x32') as string })
  expect((await importFolder(more, { parts: { extra_32x32: 'none' } })).count).toBe(60)
  expect((await importFolder(more, { parts: { extra_32x32: 'train' } })).suggestedSplit).toEqual({ train: 64, validation: 6, test: 20 })
})

test('images first, as Python saves them, last without colours, and in structs', async () => {
  const label = ([i]: number[]) => i % 3
  const first = {
    images: array('u1', [30, height, width, 3], ([i, y, x, c]) => pixel(i, y, x, c)),
    labels: array('f8', [1, 30], ([, i]) => i % 3),
  }
  expectImages(await importFiles([{ name: 'a.mat', bytes: matFile(first) }]), 30, 3, (i) => i % 3)
  const grey = {
    imgs: array('u2', [height, width, 30], ([y, x, i]) => pixel(i, y, x, 0)),
    labels: array('u1', [30, 1], label),
    note: 'text',
  }
  expectImages(await importFiles([{ name: 'a.mat', bytes: matFile({ dataset: grey }) }]), 30, 1, (i) => i % 3)
  expect((await previewFolder([{ name: 'a.mat', bytes: matFile(grey) }])).notes.join()).toMatch(/Not read of set\/a\.mat: note \(text\)/)
})

test('rows of pixels: row by row or column by column is asked', async () => {
  const rows = (place: (at: number) => [number, number]) => ({
    X: array('f8', [30, 16], ([i, at]) => (10 * i + (place(at)[0] > place(at)[1] ? 99 : 0)) / 400),
    y: array('u1', [30, 1], ([i]) => i % 3),
  })
  const columns = [{ name: 'a.mat', bytes: matFile(rows((at) => [at % 4, Math.floor(at / 4)])) }]
  const { doubts } = await previewFolder(columns)
  expect(doubts[0]).toMatchObject({ code: 'pixel-order' })
  expect(doubts[0].choices.map(({ options }) => options)).toEqual([{ pixelOrder: 'columns' }, { pixelOrder: 'rows' }])
  const across = [{ name: 'a.mat', bytes: matFile(rows((at) => [Math.floor(at / 4), at % 4])) }]
  const wanted = await importFolder(across, { pixelOrder: 'rows' })
  expect((await importFolder(columns, { pixelOrder: 'columns' })).images).toEqual(wanted.images)
  expect((await importFolder(columns, { pixelOrder: 'rows' })).images).not.toEqual(wanted.images)
})

test('EMNIST as published is known: its pixels stand column by column, without a question', async () => {
  const part = (count: number, first: number) => ({
    images: array('u1', [count, 16], ([i, at]) => (at === 0 ? 255 : (37 * (first + i) + 16 * (at % 4) + Math.floor(at / 4)) % 251)),
    labels: array('f8', [count, 1], ([i]) => i % 3),
    writers: array('f8', [count, 1], ([i]) => i),
  })
  const dataset = { train: part(30, 0), test: part(9, 30), mapping: array('f8', [3, 2], ([i, k]) => (k === 0 ? i : 48 + i)) }
  const files = [{ name: 'emnist-digits.mat', bytes: matFile({ dataset }) }]
  const { doubts, count } = await previewFolder(files)
  expect([doubts, count]).toEqual([[], 39])
  const { images, suggestedSplit } = await importFolder(files)
  expect(suggestedSplit.test).toBe(9)
  expect(images).toEqual((await importFolder(files, { pixelOrder: 'columns' })).images)
  expect(images).not.toEqual((await importFolder(files, { pixelOrder: 'rows' })).images)
})

test('several archives that hold images and labels each are read together', async () => {
  const files = [1, 2].map((k) => ({ name: `data_batch_${k}.mat`, bytes: matFile(svhn(20, 30 * k)) }))
  expect((await importFolder(files)).count).toBe(40)
})

test('tables of MATLAB beside pictures only describe them', async () => {
  const files = [...(await classFolders(6)), { name: 'notes.mat', bytes: matFile({ boxes: array('f8', [4, 18], () => 1) }) }]
  expect((await importFolder(files)).count).toBe(18)
})

const sound = matFile(svhn(12), { packed: false })
const inner = Buffer.from(sound.subarray(128))
test.each<[string, Uint8Array, RegExp]>([
  ['cut off', sound.subarray(0, -9), /the element at byte \d+ declares \d+ bytes, but \d+ follow/],
  ['of text alone', matFile({ note: 'text' }), /it holds no array of numbers, but note \(text\)/],
  ['packed and cut off', matFile(svhn(12)).subarray(0, 300), /declares \d+ bytes, but \d+ follow/],
  [
    'whose packed bytes are damaged',
    matFile(svhn(12)).map((byte, i) => (i === 400 ? byte ^ 255 : byte)),
    /the zlib data is damaged|declares|more bytes/,
  ],
  [
    'that would unpack to more than is there',
    Buffer.concat([
      sound.subarray(0, 128),
      ...[deflateSync(Buffer.concat([inner.subarray(0, 4), Buffer.alloc(4, 255)]))].map((bytes) =>
        Buffer.concat([Buffer.from([15, 0, 0, 0, bytes.length, 0, 0, 0]), bytes]),
      ),
    ]),
    /ends within an array|declares 4294967295 bytes/,
  ],
  ['whose shape and numbers differ', Buffer.from(sound).fill(99, 128 + 32, 128 + 33), /X declares 99 x 6 x 3 x 12 numbers, but has/],
  ['of version 7.3', Buffer.from('MATLAB 7.3 MAT-file, Platform: GLNXA64'.padEnd(600)), /a MATLAB file of version 7\.3/],
  ['of version 4', Buffer.alloc(200), /no MATLAB file of version 5/],
])('a file %s is named', async (_what, bytes, words) => {
  const error = await problem(() => importFiles([{ name: 'set.mat', bytes }]))
  expect(error.code).toBe('bad-input')
  expect(error.message).toMatch(words)
  expect(error.remedy).not.toBe('')
})

test('images that the first index may count, or the last, are not guessed', async () => {
  const cube = { imgs: array('u1', [6, 6, 6], ([a, b, c]) => a + 6 * b + 36 * c), y: array('u1', [6, 1], ([i]) => i % 2) }
  expect((await problem(() => importFiles([{ name: 'a.mat', bytes: matFile(cube) }]))).message).toMatch(
    /first index and its last may count/,
  )
})

test('a name for a class that is not there is an error', async () => {
  const error = await problem(() => importFiles([{ name: 'a.mat', bytes: matFile(svhn(20)) }], { rename: { '11': '0' } }))
  expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('No class is called 11') as string })
})

test.each([true, false])('damaged files end in a sentence or in whole images (packed: %s)', async (packed) => {
  const files = [{ name: 'set.mat', bytes: matFile(svhn(24), { packed }) }]
  await fuzz(`mat${packed ? ', packed' : ''}`, files, 300)
  expect((await inFolder(async (folder) => importPaths(await place(folder, files)))).count).toBe(24)
})
