import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tarGzOf } from '../../testing/archives.ts'
import { importFiles, importFolder, inFolder, previewFolder } from '../../testing/imports.ts'
import { fuzz } from '../../testing/mutate.ts'
import { array, called, dictionary, list, named, oldText, pickle, text, tuple, whole } from '../../testing/pickles.ts'
import { problem } from '../../testing/samples.ts'
import type { Sample } from '../../testing/samples.ts'

const names = ['airplane', 'automobile', 'bird']
const planes = 3 * 1024

/** Red counts up, green is the label times 50, blue the image's number. */
function imageOf(i: number, label: number): Uint8Array {
  return Uint8Array.from({ length: planes }, (_, at) => (at < 1024 ? at % 256 : at < 2048 ? label * 50 : i))
}

function binaryBatch(count: number, hundred = false): Uint8Array {
  return Buffer.concat(
    Array.from({ length: count }, (_, i) => Buffer.concat([Buffer.from(hundred ? [i % 2, i % 3] : [i % 3]), imageOf(i, i % 3)])),
  )
}

function pythonBatch(count: number, labels: Record<string, (i: number) => number>): Uint8Array {
  const data = Buffer.concat(Array.from({ length: count }, (_, i) => imageOf(i, i % 3)))
  return pickle(
    dictionary([
      [oldText('batch_label'), oldText('training batch 1 of 5')],
      ...Object.entries(labels).map(
        ([name, label]) => [oldText(name), list(Array.from({ length: count }, (_, i) => whole(label(i))))] as const,
      ),
      [oldText('data'), array([count, planes], data)],
      [oldText('filenames'), list([oldText('a.png')])],
    ]),
  )
}

const binary = (): Sample[] => [
  { name: 'cifar-10-batches-bin/batches.meta.txt', bytes: Buffer.from(`${names.join('\n')}\n\n`) },
  { name: 'cifar-10-batches-bin/data_batch_1.bin', bytes: binaryBatch(18) },
  { name: 'cifar-10-batches-bin/data_batch_2.bin', bytes: binaryBatch(18) },
  { name: 'cifar-10-batches-bin/test_batch.bin', bytes: binaryBatch(6) },
  { name: 'cifar-10-batches-bin/readme.html', bytes: Buffer.from('<html>') },
]
const ten = { labels: (i: number) => i % 3 }
const python = (): Sample[] => [
  { name: 'cifar-10-batches-py/batches.meta', bytes: pickle(dictionary([[oldText('label_names'), list(names.map(oldText))]])) },
  { name: 'cifar-10-batches-py/data_batch_1', bytes: pythonBatch(18, ten) },
  { name: 'cifar-10-batches-py/data_batch_2', bytes: pythonBatch(18, ten) },
  { name: 'cifar-10-batches-py/test_batch', bytes: pythonBatch(6, ten) },
]

test('the binary version, unpacked and packed', async () => {
  const set = await importFolder(binary())
  expect(set).toMatchObject({
    count: 42,
    height: 32,
    width: 32,
    channels: 3,
    classNames: names,
    suggestedSplit: { train: 33, validation: 3, test: 6 },
    source: { format: 'cifar', order: null },
  })
  // Pixel 5 of image 4 of the second batch: red 5, green 50 a class, blue 4.
  expect(Array.from(set.images.subarray(22 * planes + 15, 22 * planes + 18))).toEqual([5, 50, 4])
  const packed = await importFiles([{ name: 'cifar-10-binary.tar.gz', bytes: await tarGzOf(binary()) }])
  expect(packed.images).toEqual(set.images)
})

test('the Python version is the same data set', async () => {
  const set = await importFolder(binary())
  const other = await importFolder(python())
  expect({ ...other, source: null }).toEqual({ ...set, source: null })
})

test('CIFAR-100: fine labels, or coarse ones by choice; classes without names are numbered', async () => {
  const bin: Sample[] = [
    { name: 'train.bin', bytes: binaryBatch(30, true) },
    { name: 'test.bin', bytes: binaryBatch(6, true) },
    { name: 'fine_label_names.txt', bytes: Buffer.from(names.join('\n')) },
    { name: 'coarse_label_names.txt', bytes: Buffer.from('a\nb\n') },
  ]
  const fine = await previewFolder(bin)
  expect(fine.labelColumn).toEqual({ chosen: 'fine', candidates: ['fine', 'coarse'] })
  expect(fine.classes.map(({ name }) => name)).toEqual(names)
  expect((await importFolder(bin, { labelColumn: 'coarse' })).classNames).toEqual(['a', 'b'])
  const labels = { fine_labels: (i: number) => i % 3, coarse_labels: (i: number) => i % 2 }
  const py: Sample[] = [
    { name: 'train', bytes: pythonBatch(30, labels) },
    { name: 'test', bytes: pythonBatch(6, labels) },
  ]
  const numbered = await previewFolder(py)
  expect(numbered.classes.map(({ name }) => name)).toEqual(['0', '1', '2'])
  expect(numbered.notes.join()).toMatch(/numbered/)
  expect((await problem(() => importFolder(py, { labelColumn: 'other' }))).code).toBe('invalid-argument')
})

test('what a pickle asks to be called is never called', () =>
  inFolder(async (folder) => {
    const trace = join(folder, 'trace')
    for (const call of [
      called(named('posix', 'system'), tuple([text(`touch ${trace}`)])),
      called(named('builtins', 'eval'), tuple([text('1')])),
      called(named('numpy', 'fromfile'), tuple([text('/etc/passwd')])),
      called(named('__proto__', 'constructor'), tuple([])),
    ]) {
      const error = await problem(() => importFiles([{ name: 'data_batch_1', bytes: pickle(dictionary([[text('data'), call]])) }]))
      expect(error.message).toMatch(
        /data_batch_1: it asks for \w+\.\w+ \(byte \d+\), which no array needs: pickles that call anything are not read/,
      )
    }
    expect(existsSync(trace)).toBe(false)
  }))

test.each<[string, Sample[], RegExp]>([
  [
    'a batch cut off',
    [{ name: 'data_batch_1.bin', bytes: binaryBatch(3).subarray(0, 9000) }],
    /has 9000 bytes, which are no whole number of records of 3073 bytes/,
  ],
  ['names alone', binary().slice(0, 1), /names classes, but there are no images/],
  ['test images alone', [{ name: 'test_batch.bin', bytes: binaryBatch(6) }], /nothing in it is for training/],
  [
    'a label without a name',
    [
      { name: 'data_batch_1.bin', bytes: binaryBatch(6) },
      { name: 'batches.meta.txt', bytes: Buffer.from('a\nb\n') },
    ],
    /a label is 2, but only 2 classes are named/,
  ],
  [
    'a pickle cut off',
    [{ name: 'data_batch_1', bytes: pythonBatch(6, ten).subarray(0, 500) }],
    /ends at byte 500, in the middle of its pickle/,
  ],
  ['no dictionary', [{ name: 'data_batch_1', bytes: pickle(list([])) }], /its pickle is no dictionary/],
  [
    'no array',
    [{ name: 'data_batch_1', bytes: pickle(dictionary([[oldText('data'), whole(1)]])) }],
    /its "data" is no array of bytes, 3072 an image/,
  ],
  [
    'an array with too few bytes',
    [{ name: 'data_batch_1', bytes: pickle(dictionary([[oldText('data'), array([9, planes], new Uint8Array(5))]])) }],
    /an array of 9 x 3072 \(u1\) with 5 bytes instead of 27648/,
  ],
  [
    'labels that are no numbers',
    [
      {
        name: 'data_batch_1',
        bytes: pickle(
          dictionary([
            [oldText('data'), array([1, planes], imageOf(0, 0))],
            [oldText('labels'), list([oldText('cat')])],
          ]),
        ),
      },
    ],
    /its labels are no list of 1 whole numbers/,
  ],
  [
    'a word that arrays do not need',
    [{ name: 'data_batch_1', bytes: pickle(Buffer.from([0x81])) }],
    /its pickle is damaged, or holds what arrays and lists do not need, at byte 3 \(.+\)/,
  ],
])('%s: named', async (_what, files, errorText) => {
  const error = await problem(() => importFolder(files))
  expect(error.code).toBe('bad-input')
  expect(error.message).toMatch(errorText)
})

test('damaged batches end in a sentence or in whole images', async () => {
  const small = binary()
    .map(({ name, bytes }) => ({ name: name.split('/')[1], bytes }))
    .slice(0, 4)
  await fuzz('cifar, binary', small, 40)
  const pickles = python().map(({ name, bytes }) => ({ name: name.split('/')[1], bytes }))
  // The last bytes are words of the pickle again, the middle is pixels.
  await fuzz('cifar, pickles', pickles, 150)
})
