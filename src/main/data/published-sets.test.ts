/** The sets that everybody begins with, small and in the form in which they are published: read rightly, by one click. */
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { ImportOptions } from '../../shared/dataset-import.ts'
import { importFolder, previewFolder } from './testing/imports.ts'
import { tarGzOf, zipOf } from './testing/archives.ts'
import { matFile } from './testing/mat.ts'
import { npyFile } from './testing/npy.ts'
import { array, dictionary, list, oldText, pickle, whole } from './testing/pickles.ts'
import { idxFile, type Sample } from './testing/samples.ts'

const classes = 10
const [trained, tested] = [100, 30]
const all = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const labelOf = (i: number): number => i % classes

/** Grey: its first pixels tell the part (255 training, 128 test), its number and its class. */
function image(i: number, mark: number, side = 28): Uint8Array {
  const pixels = Uint8Array.from({ length: side * side }, (_, at) => (at * 7 + i * 13 + (at % side) * labelOf(i)) % 250)
  pixels.set([mark, i, 20 * labelOf(i)])
  return pixels
}

const images = (count: number, mark: number, side?: number): Uint8Array => Buffer.concat(all(count, (i) => image(i, mark, side)))
const labels = (count: number, first = 0): Uint8Array => Uint8Array.from(all(count, (i) => first + labelOf(i)))
const parts: readonly (readonly [part: string, count: number, mark: number])[] = [
  ['train', trained, 255],
  ['test', tested, 128],
]
/** [count, side, side] with rows and columns exchanged. */
const exchanged = (bytes: Uint8Array, side = 28): Uint8Array =>
  bytes.map((_, at) => {
    const [n, y, x] = [Math.floor(at / side ** 2), Math.floor(at / side) % side, at % side]
    return bytes[n * side ** 2 + x * side + y]
  })

const idxOf = (names: readonly [string, string], change: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes, first = 0): Sample[] =>
  parts.flatMap(([, count, mark], k) => [
    { name: `${names[k]}-images-idx3-ubyte`, bytes: idxFile(8, [count, 28, 28], change(images(count, mark))) },
    { name: `${names[k]}-labels-idx1-ubyte`, bytes: idxFile(8, [count], labels(count, first)) },
  ])
const packed = (files: readonly Sample[]): Sample[] => files.map(({ name, bytes }) => ({ name: `${name}.gz`, bytes: gzipSync(bytes) }))
const npz = async (name: string, arrays: Readonly<Record<string, readonly [number[], Uint8Array]>>): Promise<Sample> => ({
  name,
  bytes: await zipOf(Object.entries(arrays).map(([array, [shape, bytes]]) => ({ name: `${array}.npy`, bytes: npyFile({ shape }, bytes) }))),
})
const folders = (): Promise<Sample[]> =>
  Promise.all(
    parts.flatMap(([part, count, mark]) =>
      all(count, async (i) => ({
        name: `${part}/${labelOf(i)}/${i}.png`,
        bytes: await sharp(image(i, mark), { raw: { width: 28, height: 28, channels: 1 } })
          .toColourspace('b-w')
          .png()
          .toBuffer(),
      })),
    ),
  )

/** One plane each of red, green and blue: the image, what is dark in it bright, and nothing. */
const planes = (i: number, mark: number): Uint8Array => {
  const red = image(i, mark, 32)
  return Buffer.concat([red, red.map((value) => 255 - value), new Uint8Array(1024)])
}
const names = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']
const batches = parts.flatMap(([part, count, mark]) =>
  part === 'train'
    ? all(5, (k) => ({ name: `data_batch_${k + 1}`, numbers: all(count / 5, (i) => (k * count) / 5 + i), mark }))
    : [{ name: 'test_batch', numbers: all(count, (i) => i), mark }],
)
const cifarBinary = (): Sample[] => [
  { name: 'cifar-10-batches-bin/batches.meta.txt', bytes: Buffer.from(`${names.join('\n')}\n\n`) },
  { name: 'cifar-10-batches-bin/readme.html', bytes: Buffer.from('<html>') },
  ...batches.map(({ name, numbers, mark }) => ({
    name: `cifar-10-batches-bin/${name}.bin`,
    bytes: Buffer.concat(numbers.flatMap((i) => [Buffer.from([labelOf(i)]), planes(i, mark)])),
  })),
]
const cifarPython = (): Sample[] => [
  {
    name: 'cifar-10-batches-py/batches.meta',
    bytes: pickle(
      dictionary([
        [oldText('num_cases_per_batch'), whole(10_000)],
        [oldText('label_names'), list(names.map(oldText))],
        [oldText('num_vis'), whole(3072)],
      ]),
    ),
  },
  { name: 'cifar-10-batches-py/readme.html', bytes: Buffer.from('<html>') },
  ...batches.map(({ name, numbers, mark }) => ({
    name: `cifar-10-batches-py/${name}`,
    bytes: pickle(
      dictionary([
        [oldText('batch_label'), oldText(name)],
        [oldText('labels'), list(numbers.map((i) => whole(labelOf(i))))],
        [oldText('data'), array([numbers.length, 3072], Buffer.concat(numbers.map((i) => planes(i, mark))))],
        [oldText('filenames'), list(numbers.map((i) => oldText(`${i}.png`)))],
      ]),
    ),
  })),
]

/** EMNIST's structs: rows of pixels, column by column, which MATLAB keeps with the first index fastest. */
const emnist = (): Uint8Array => {
  const part = (count: number, mark: number) => {
    const rows = exchanged(images(count, mark))
    return {
      images: { kind: 'u1', shape: [count, 784], values: all(count * 784, (at) => rows[(at % count) * 784 + Math.floor(at / count)]) },
      labels: { kind: 'f8', shape: [count, 1], values: all(count, labelOf) },
      writers: { kind: 'f8', shape: [count, 1], values: all(count, (i) => i) },
    }
  }
  const mapping = { kind: 'f8', shape: [classes, 2], values: [...all(classes, (i) => i), ...all(classes, (i) => 48 + i)] }
  return matFile({ dataset: { train: part(trained, 255), test: part(tested, 128), mapping } })
}

const head = all(784, (i) => `pixel${i}`)
const rows = (count: number, mark: number, labelled: boolean) =>
  all(count, (i) => (labelled ? [labelOf(i), ...image(i, mark)] : [...image(i, mark)]).join())
const medmnist = (bytes: (count: number, mark: number) => readonly [number[], Uint8Array]) =>
  npz('pathmnist.npz', {
    train_images: bytes(trained, 255),
    train_labels: [[trained, 1], labels(trained)],
    val_images: bytes(20, 200),
    val_labels: [[20, 1], labels(20)],
    test_images: bytes(tested, 128),
    test_labels: [[tested, 1], labels(tested)],
  })
const thrice = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: 3 * bytes.length }, (_, at) => (at % 3 === 1 ? 255 - bytes[Math.floor(at / 3)] : bytes[Math.floor(at / 3)]))

const sets: Record<
  string,
  {
    files: () => Sample[] | Promise<Sample[]>
    test?: number
    validation?: number
    names?: string[]
    count?: number
    options?: ImportOptions
  }
> = {
  'MNIST, IDX': { files: () => idxOf(['train', 't10k']) },
  'MNIST, with dots in its names, as some download it': {
    files: () => idxOf(['train', 't10k']).map(({ name, bytes }) => ({ name: name.replace('-idx', '.idx'), bytes })),
  },
  'Fashion-MNIST, packed IDX': { files: () => packed(idxOf(['train', 't10k'])) },
  'CIFAR-10, binary': { files: async () => [{ name: 'cifar-10-binary.tar.gz', bytes: await tarGzOf(cifarBinary()) }], names },
  'CIFAR-10, Python': { files: async () => [{ name: 'cifar-10-python.tar.gz', bytes: await tarGzOf(cifarPython()) }], names },
  'KMNIST, four NPZ': {
    files: () =>
      Promise.all(
        parts.flatMap(([part, count, mark]) => [
          npz(`kmnist-${part}-imgs.npz`, { arr_0: [[count, 28, 28], images(count, mark)] }),
          npz(`kmnist-${part}-labels.npz`, { arr_0: [[count], labels(count)] }),
        ]),
      ),
  },
  'MedMNIST, grey': { files: async () => [await medmnist((count, mark) => [[count, 28, 28], images(count, mark)])], validation: 20 },
  'MedMNIST, colour': {
    files: async () => [await medmnist((count, mark) => [[count, 28, 28, 3], thrice(images(count, mark))])],
    validation: 20,
  },
  'EMNIST, IDX in a zip, turned as is asked': {
    files: async () => [
      {
        name: 'gzip.zip',
        bytes: await zipOf(
          packed(idxOf(['emnist-digits-train', 'emnist-digits-test'], exchanged)).map(({ name, bytes }) => ({
            name: `gzip/${name}`,
            bytes,
          })),
        ),
      },
    ],
    options: { pixelOrder: 'columns' },
  },
  'EMNIST, MATLAB': { files: () => [{ name: 'emnist-digits.mat', bytes: emnist() }] },
  "Kaggle's digits": {
    files: () => [
      { name: 'train.csv', bytes: Buffer.from([['label', ...head].join(), ...rows(trained, 255, true)].join('\n')) },
      { name: 'test.csv', bytes: Buffer.from([head.join(), ...rows(tested, 128, false)].join('\n')) },
      { name: 'sample_submission.csv', bytes: Buffer.from(['ImageId,Label', ...all(tested, (i) => `${i + 1},0`)].join('\n')) },
    ],
    test: 0,
  },
  'class folders': { files: folders },
  'class folders, in a zip': {
    files: async () => [
      { name: 'mnist_png.zip', bytes: await zipOf((await folders()).map(({ name, bytes }) => ({ name: `mnist_png/${name}`, bytes }))) },
    ],
  },
}

test.each(Object.entries(sets))(
  '%s',
  async (_what, { files, test: testImages = tested, validation = 0, names: expected = all(classes, String), options = {} }) => {
    const given = await files()
    const preview = await previewFolder(given, options)
    expect(preview.doubts).toEqual([])
    expect(preview.unreadable.count).toBe(0)
    const set = await importFolder(given, options)
    expect(set.classNames).toEqual(expected)
    expect(set.count).toBe(trained + validation + testImages)
    const { train, validation: judged, test: last } = set.suggestedSplit
    expect(train + judged + last).toBe(set.count)
    if (testImages > 0) expect(last).toBe(testImages)
    // Each image tells its part and its class.
    const size = set.height * set.width * set.channels
    for (let i = 0; i < set.count; i++) {
      const [mark, number, label] = [0, 1, 2].map((at) => set.images[i * size + at * set.channels])
      if (testImages > 0) expect(mark === 128).toBe(i >= set.count - last)
      expect(label).toBe(20 * set.labels[i])
      expect(labelOf(number)).toBe(set.labels[i])
    }
  },
)
