import { expect, test } from 'vitest'
import { zipOf } from '../../testing/archives.ts'
import { importFiles, importFolder, importPaths, inFolder, place, previewFolder } from '../../testing/imports.ts'
import { fuzz } from '../../testing/mutate.ts'
import { npy, npyFile, numbers } from '../../testing/npy.ts'
import { problem } from '../../testing/samples.ts'
import type { Sample } from '../../testing/samples.ts'

const range = (count: number, value: (i: number) => number = (i) => i): number[] => Array.from({ length: count }, (_, i) => value(i))

/** Images of 2 x 3 whose pixels count up to `most`, with labels 0, 1, 2, 0, ... */
function pairOf(count: number, { images = 'images', labels = 'labels', descr = '|u1', most = 255 } = {}): [Sample, Sample] {
  return [
    npy(
      images,
      descr,
      [count, 2, 3],
      range(count * 6, (i) => i % (most + 1)),
    ),
    npy(
      labels,
      '<i8',
      [count],
      range(count, (i) => i % 3),
    ),
  ]
}

test('arrays named as in keras: training and test; validation is cut off', async () => {
  const files = [...pairOf(48, { images: 'x_train', labels: 'y_train' }), ...pairOf(9, { images: 'x_test', labels: 'y_test' })]
  const set = await importFiles([{ name: 'mnist.npz', bytes: await zipOf(files) }])
  expect(set).toMatchObject({
    count: 57,
    height: 2,
    width: 3,
    channels: 1,
    classNames: ['0', '1', '2'],
    suggestedSplit: { train: 44, validation: 4, test: 9 },
    source: {
      format: 'npz',
      files: ['mnist.npz/x_train.npy', 'mnist.npz/y_train.npy', 'mnist.npz/x_test.npy', 'mnist.npz/y_test.npy'],
      order: null,
    },
  })
  expect(Array.from(set.images.subarray(0, 300))).toEqual(range(300, (i) => (i < 288 ? i % 256 : i - 288)))
  expect(Array.from(set.labels.subarray(48, 52))).toEqual([0, 1, 2, 0])
  // The same arrays as files side by side.
  expect((await importFolder(files)).images).toEqual(set.images)
})

test.each([
  ['|u1', range(24, (i) => i * 10), range(24, (i) => i * 10)],
  ['|b1', range(24, (i) => i % 2), range(24, (i) => (i % 2) * 255)],
  ['|i1', range(24, (i) => i - 12), range(24, (i) => i - 12 + 128)],
  ['<u2', range(24, (i) => i * 2800), range(24, (i) => Math.round((i * 2800) / 257))],
  ['>u2', range(24, (i) => i * 40), range(24, (i) => Math.round((i * 40 * 255) / 1023))],
  ['>i4', range(24, (i) => i * 11), range(24, (i) => i * 11)],
  ['<i8', range(24, (i) => i % 17), range(24, (i) => Math.round(((i % 17) * 255) / 16))],
  ['<u8', range(24, (i) => i * 9), range(24, (i) => i * 9)],
  ['<f4', range(24, (i) => i / 23), range(24, (i) => Math.round((i * 255) / 23))],
  ['>f8', range(24, (i) => i / 11.5 - 1), range(24, (i) => Math.round((i / 23) * 255))],
  ['<f8', range(24, (i) => i * 10.4), range(24, (i) => Math.round(i * 10.4))],
  ['<f2', range(24, (i) => i / 32), range(24, (i) => Math.round((i * 255) / 32))],
])('numbers of dtype %s become bytes', async (descr, values, bytes) => {
  const set = await importFiles([npy('x', descr, [4, 2, 3], values), npy('y', '|u1', [4], [0, 1, 0, 1])], {
    split: { train: 2, validation: 1, test: 1 },
  })
  // The images were shuffled: they are told apart by their first pixel.
  const rows = (all: readonly number[]) => range(4).map((i) => all.slice(6 * i, 6 * i + 6).join())
  expect(rows(Array.from(set.images)).sort()).toEqual(rows(bytes).sort())
})

test('images that another index counts are named, with the way to turn them', async () => {
  const files = [
    npy(
      'x',
      '|u1',
      [4, 4, 6],
      Array.from({ length: 96 }, (_, i) => i),
    ),
    npy('y', '<i8', [6], [0, 1, 2, 0, 1, 2]),
  ]
  const error = await problem(async () => importFiles([{ name: 'set.npz', bytes: await zipOf(files) }]))
  expect(error.message).toMatch(/the shape 4 x 4 x 6, whose first number is not that of the labels \(6\)/)
})

test('channels first or last, labels in a column, in rows with a single 1, and of any whole numbers', async () => {
  const planes = range(30 * 72, (i) => i % 251)
  const first = await importFiles([
    npy('images', '|u1', [30, 3, 6, 4], planes.slice(0, 30 * 72)),
    npy(
      'labels',
      '<i4',
      [30, 1],
      range(30, (i) => (i % 2) * 7 - 3),
    ),
  ])
  expect(first).toMatchObject({ height: 6, width: 4, channels: 3, classNames: ['-3', '4'] })
  const hot = await importFiles([
    npy('images', '|u1', [30, 6, 4, 3], planes.slice(0, 30 * 72)),
    npy(
      'labels',
      '<f4',
      [30, 3],
      range(90, (i) => (i % 3 === Math.floor(i / 3) % 3 ? 1 : 0)),
    ),
  ])
  expect(hot).toMatchObject({ height: 6, width: 4, channels: 3, classNames: ['0', '1', '2'] })
  // [channels, height, width] of the first and [height, width, channels] of the second tell the same pixel.
  const place = (set: { images: Uint8Array }, image: number, at: number) => set.images[image * 72 + at]
  expect(place(first, 0, 0)).toBe((place(first, 0, 1) + 251 - 24) % 251)
  expect(place(hot, 0, 1)).toBe(place(hot, 0, 0) + 1)
})

test('rows of pixels are squares, or of the shape that is chosen', async () => {
  const files = [
    npy('data', '|u1', [20, 12], range(240)),
    npy(
      'target',
      '|u1',
      [20],
      range(20, (i) => i % 2),
    ),
  ]
  expect(await importFiles(files)).toMatchObject({ height: 2, width: 2, channels: 3 })
  expect(await importFiles(files, { shape: { height: 4, width: 3, channels: 1 } })).toMatchObject({ height: 4, width: 3, channels: 1 })
  expect((await previewFolder(files)).notes.join()).toMatch(/the 12 numbers of an image are taken as 2 x 2 x 3/)
  const error = await problem(() => importFiles(files, { shape: { height: 4, width: 4, channels: 1 } }))
  expect(error).toMatchObject({
    code: 'invalid-argument',
    message: expect.stringMatching(/4 x 4 x 1 has 16 numbers, but an image of data\.npy has 12/) as string,
  })
})

/** The same array with the last index slowest, as Fortran and MATLAB have it. */
function fortran(name: string, descr: string, shape: number[], values: readonly number[]): Sample {
  const size = values.length
  const turned = new Array<number>(size)
  values.forEach((value, at) => {
    let rest = at
    let place = 0
    let stride = size
    for (const side of [...shape].reverse()) {
      stride /= side
      place += (rest % side) * stride
      rest = Math.floor(rest / side)
    }
    turned[place] = value
  })
  return { name: `${name}.npy`, bytes: npyFile({ descr, shape, fortran: true }, numbers(descr, turned)) }
}

test.each<[string, number[], string]>([
  ['grey', [40, 2, 3], '|u1'],
  ['rows', [40, 4], '<f4'],
  ['channels last', [40, 6, 5, 3], '<u2'],
  ['channels first', [40, 3, 6, 5], '>i4'],
])('Fortran order is read as any other: %s', async (_what, shape, descr) => {
  const size = shape.reduce((a, b) => a * b)
  const values = range(size, (i) => (i * 31) % 251)
  const hot = range(80, (i) => (i % 2 === Math.floor(i / 2) % 2 ? 1 : 0))
  const plain = await importFiles([npy('x', descr, shape, values), npy('y', '|u1', [40, 2], hot)])
  const turned = await importFiles([fortran('x', descr, shape, values), fortran('y', '|u1', [40, 2], hot)])
  expect({ images: turned.images, labels: turned.labels }).toEqual({ images: plain.images, labels: plain.labels })
})

test('arrays in Fortran order are turned in memory, within its limit', () =>
  inFolder(async (folder) => {
    const files = [
      fortran(
        'x',
        '|u1',
        [30, 4, 4],
        range(480, () => 7),
      ),
      npy(
        'y',
        '|u1',
        [30],
        range(30, (i) => i % 2),
      ),
    ]
    const error = await problem(async () => importPaths(await place(folder, files), {}, { wholeFileBytes: 479 }))
    expect(error.message).toMatch(/^x\.npy: its numbers are in Fortran order, and there are 480 of them; at most 479 are turned in memory/)
    expect(error.remedy).toMatch(/ascontiguousarray/)
  }))

/** Texts as numpy stores them: code points of four bytes, or bytes, filled up with zeros. */
function texts(name: string, descr: string, words: readonly string[], shape: number[] = [words.length]): Sample {
  const width = Number(descr.slice(2))
  const bytes = Buffer.alloc(words.length * width * (descr[1] === 'U' ? 4 : 1))
  words.forEach((word, i) => {
    if (descr[1] === 'S') return bytes.write(word, i * width)
    Array.from(word).forEach((letter, k) => {
      const at = 4 * (i * width + k)
      if (descr.startsWith('>')) bytes.writeUInt32BE(letter.codePointAt(0)!, at)
      else bytes.writeUInt32LE(letter.codePointAt(0)!, at)
    })
  })
  return { name: `${name}.npy`, bytes: npyFile({ descr, shape }, bytes) }
}

const animals = ['dog', 'kočka', '🐟']
const animal = (i: number): string => animals[i % 3]

test.each([
  ['<U7', [30]],
  ['>U5', [30, 1]],
  ['|S9', [30]],
])('labels that are texts of dtype %s become names of classes', async (descr, shape) => {
  const images = pairOf(30)[0]
  const named = await importFiles([{ name: 'set.npz', bytes: await zipOf([images, texts('labels', descr, range(30).map(animal), shape)]) }])
  const numbered = await importFiles(pairOf(30))
  expect(named.classNames).toEqual(animals)
  expect(named.labels).toEqual(numbered.labels)
})

test('labels are those that are called so, or else numbers, rather than texts beside', async () => {
  const files = texts(
    'filename',
    '<U8',
    range(30, (i) => i).map((i) => `${i}.png`),
  )
  const { notes, classes } = await previewFolder([...pairOf(30, { labels: 'species' }), files, texts('names', '<U8', animals)])
  expect(classes.map(({ name }) => name)).toEqual(['0', '1', '2'])
  expect(notes.join()).toMatch(/Not used: filename \(30\), names \(3\)/)
})

test.each<[string, Sample, RegExp]>([
  ['an empty text', texts('labels', '<U3', ['a', '', 'b', 'a']), /^labels\.npy: the label 1 is empty/],
  [
    'no code point',
    { name: 'labels.npy', bytes: npyFile({ descr: '<U1', shape: [4] }, Buffer.from('a\0\0\0b\0\0\0\0\0\x22\0a\0\0\0', 'latin1')) },
    /^labels\.npy: the label 2 is no text/,
  ],
])('texts: %s is named', async (_what, labels, errorText) => {
  const error = await problem(() => importFiles([pairOf(4)[0], labels]))
  expect(error.code).toBe('bad-input')
  expect(error.message).toMatch(errorText)
})

test('arrays of other things beside are not used, by name', async () => {
  const files = [
    ...pairOf(30),
    { name: 'target_names.npy', bytes: npyFile({ descr: '|O', shape: [3] }, new Uint8Array(9)) },
    npy('weights', '<f4', [7, 7, 7], range(343)),
  ]
  const { notes, count } = await previewFolder(files)
  expect(count).toBe(30)
  expect(notes.join('\n')).toMatch(/target_names\.npy: it holds pickled Python objects/)
  expect(notes.join('\n')).toMatch(/Not used: weights \(7 x 7 x 7\)/)
})

const sound = npyFile({ shape: [12, 2, 2] }, new Uint8Array(48))
const labels = npy(
  'y',
  '|u1',
  [12],
  range(12, (i) => i % 2),
)

test.each<[string, Uint8Array, RegExp]>([
  [
    'pickled objects',
    npyFile({ descr: '|O', shape: [12] }, Buffer.from('\x80\x04cos\nsystem\n', 'latin1')),
    /pickled Python objects, which could run anything: they are never read/,
  ],
  ['texts too long', npyFile({ descr: '<U70000', shape: [0] }, new Uint8Array(0)), /texts of 70000 characters; at most 1024 are read/],
  [
    'structures',
    npyFile({ shape: [1], text: "{'descr': [('a', '<f4'), ('b', '|O')], 'fortran_order': False, 'shape': (12,), }" }, new Uint8Array(48)),
    /structured array, of records with the fields a, b/,
  ],
  ['complex numbers', npyFile({ descr: '<c8', shape: [12, 2, 2] }, new Uint8Array(384)), /its dtype is <c8/],
  ['fewer numbers than declared', sound.subarray(0, sound.length - 1), /declares 12 x 2 x 2 numbers of 1 bytes, 48 in all, but 47 follow/],
  ['more numbers than declared', Buffer.concat([sound, Buffer.from([1])]), /48 in all, but 49 follow/],
  ['dimensions beyond all memory', npyFile({ descr: '<f8', shape: [4294967295, 4294967295, 9] }, new Uint8Array(8)), /but 8 follow/],
  ['negative dimensions', npyFile({ shape: [-1, 2, 2] }, new Uint8Array(4)), /its header does not say a shape/],
  [
    'a header longer than the file',
    (() => {
      const file = Buffer.from(sound)
      file.writeUInt16LE(60_000, 8)
      return file
    })(),
    /ends at byte 176, within its header of 60010 bytes/,
  ],
  [
    'a header of 4 GB',
    (() => {
      const file = Buffer.from(npyFile({ shape: [12, 2, 2], version: 2 }, new Uint8Array(48)))
      file.writeUInt32LE(0xffffffff, 8)
      return file
    })(),
    /its header has 4294967295 bytes, by byte 8; at most 65536 are read/,
  ],
  [
    'version 9',
    (() => {
      const file = Buffer.from(sound)
      file[6] = 9
      return file
    })(),
    /has version 9 at byte 6/,
  ],
  ['no magic word', Buffer.from('NUMPY'), /does not begin with/],
])('%s: named with file and place', async (_what, bytes, errorText) => {
  const error = await problem(() => importFiles([{ name: 'x.npy', bytes }, labels]))
  expect(error.code).toBe('bad-input')
  expect(error.message).toMatch(/^x\.npy: /)
  expect(error.message).toMatch(errorText)
  expect(error.remedy).not.toBe('')
})

test.each<[string, Sample[], RegExp]>([
  ['images alone', pairOf(12).slice(0, 1), /images\.npy: there are no labels for its images/],
  ['labels alone', pairOf(12).slice(1), /no images with their labels/],
  ['numbers that do not agree', [pairOf(12)[0], pairOf(11)[1]], /labels\.npy: has 11 labels, but images has 12 images/],
  ['NaN', [npy('x', '<f4', [4, 1, 1], [0, 1, NaN, 1]), npy('y', '|u1', [4], [0, 1, 0, 1])], /x\.npy: the number 2 is no finite number/],
  ['labels with fractions', [pairOf(4)[0], npy('labels', '<f4', [4], [0, 1, 0.5, 1])], /the label 2 is 0\.5/],
  ['rows of several ones', [pairOf(4)[0], npy('labels', '|u1', [4, 2], [0, 1, 1, 1, 0, 1, 0, 1])], /its row 1 of 2 numbers is no label/],
  ['one class', [pairOf(4)[0], npy('labels', '|u1', [4], [5, 5, 5, 5])], /only one class \(5\)/],
  ['five dimensions', [npy('x', '|u1', [4, 1, 1, 1, 1], [0, 1, 2, 3]), npy('y', '|u1', [4], [0, 1, 0, 1])], /no images with their labels/],
  [
    'no channels',
    [
      npy(
        'x',
        '|u1',
        [4, 5, 5, 5],
        range(500, (i) => i % 256),
      ),
      npy('y', '|u1', [4], [0, 1, 0, 1]),
    ],
    /no dimension can be the channels/,
  ],
])('%s: named', async (_what, files, errorText) => {
  const error = await problem(() => importFiles(files))
  expect(error.code).toBe('bad-input')
  expect(error.message).toMatch(errorText)
})

test('damaged arrays end in a sentence or in whole images', async () => {
  const files = [...pairOf(24, { images: 'x_train', labels: 'y_train' }), ...pairOf(6, { images: 'x_test', labels: 'y_test' })]
  await fuzz('npy', files, 80)
})
