/** Made-up data sets, and an import that finds what imports find. */
import type { Dataset } from '../../../shared/contract/datasets.ts'
import type { ImportPreview } from '../../../shared/dataset-import.ts'
import { LabError } from '../../../shared/errors.ts'
import type { FakeMethods, FakeStreams } from '../fake-lab.ts'
import { drawPicture, pictures } from './pictures.ts'
import { putInTrash, takeFromTrash } from './trash.ts'

const day = 86_400_000
const names = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

function dataset(name: string, part: Partial<Dataset>): Dataset {
  return {
    hash: Array.from(name)
      .reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7)
      .toString(16)
      .padStart(8, '0')
      .repeat(8),
    name,
    count: 70_000,
    height: 28,
    width: 28,
    channels: 1,
    classes: 10,
    classNames: names.map((_, index) => String(index)),
    suggestedSplit: { train: 55_000, validation: 5_000, test: 10_000 },
    source: { format: 'idx', files: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'], order: null },
    bytes: 54_950_000,
    createdAt: Date.now() - 9 * day,
    ...part,
  }
}

export const fakeDatasets: Dataset[] = [
  dataset('mnist', {}),
  dataset('garments', {
    classNames: ['t-shirt', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'boot'],
    createdAt: Date.now() - 3 * day,
  }),
  dataset('leaf scans, spring 2026', {
    count: 4_212,
    height: 32,
    width: 32,
    channels: 1,
    classes: 4,
    classNames: ['Acer platanoides', 'Betula pendula', 'Fagus sylvatica', 'Quercus robur'],
    suggestedSplit: { train: 3_400, validation: 400, test: 412 },
    source: { format: 'image-folders', files: ['leaves.zip'], order: 'Shuffled with a fixed seed, since files came class by class.' },
    bytes: 4_310_000,
    createdAt: Date.now() - 5 * 3_600_000,
  }),
]

function preview(options: Parameters<NonNullable<FakeMethods['imports.preview']>>[0]['options']): ImportPreview {
  const { height, width } = options.size ?? { height: 28, width: 28 }
  const classes = names.slice(0, 6).map((name, index) => ({ name, count: [420, 388, 402, 64, 417, 395][index], parts: null }))
  return {
    format: 'image-folders',
    recognised: 'A folder for each class, with 2,086 PNG and JPEG images',
    files: ['digits-scanned.zip'],
    count: 2_086,
    read: 2_086,
    classes,
    sizes: [
      { height: 64, width: 64, channels: 3, count: 1_890 },
      { height: 80, width: 60, channels: 3, count: 151 },
      { height: 28, width: 28, channels: 1, count: 45 },
    ],
    plan: { height, width, channels: options.colour === 'colour' ? 3 : 1, fit: options.fit ?? 'crop' },
    changed: 2_041,
    changes: `2,041 images are made ${height} x ${width} grey: the middle is cut out and scaled down.`,
    samples: classes.flatMap(({ name }, label) =>
      Array.from({ length: 6 }, (_, index) => ({
        name: `${name}/${index}.png`,
        className: name,
        pixels: samplePixels(label, index, height, width, options.colour === 'colour' ? 3 : 1),
      })),
    ),
    duplicates: {
      count: 12,
      acrossClasses: 1,
      acrossSplits: 0,
      examples: [
        ['one/17.png', 'one/18.png'],
        ['two/3.png', 'three/9.png'],
      ],
    },
    unreadable: {
      count: 2,
      examples: [
        { name: 'two/broken.jpg', reason: 'the file ends early' },
        { name: 'four/readme.txt.png', reason: 'not an image' },
      ],
    },
    labelColumn: null,
    suggestedSplit: options.split ?? { train: 1_700, validation: 186, test: 200 },
    kept: options.split ?? { train: 1_700, validation: 186, test: 200 },
    order: 'Shuffled with a fixed seed, since files came class by class.',
    readings: [
      { what: 'images', from: 'a folder for each class' },
      { what: 'labels', from: 'the folder that each image is in' },
    ],
    doubts: (options.accept ?? []).includes('equal-across-classes')
      ? []
      : [
          {
            code: 'equal-across-classes',
            message: '1 of 2,086 images is equal to an image of another class.',
            choices: [{ words: 'Keep them all.', options: { accept: ['equal-across-classes'] } }],
          },
        ],
    notes: ['The class "three" has 64 images, a sixth of the others.'],
  }
}

function samplePixels(label: number, index: number, height: number, width: number, channels: number): Uint8Array {
  const drawn = drawPicture(label, index)
  return Uint8Array.from({ length: height * width * channels }, (_, at) => {
    const pixel = Math.floor(at / channels)
    return drawn[Math.floor((Math.floor(pixel / width) * 28) / height) * 28 + Math.floor(((pixel % width) * 28) / width)]
  })
}

export function fakeData(): { answers: FakeMethods; sources: FakeStreams } {
  const removed = new Map<string, Dataset>()
  const watching = new Set<(item: { changed: Dataset[]; removed: string[] }) => void>()
  const tell = (changed: Dataset[], gone: string[] = []) => watching.forEach((send) => send({ changed, removed: gone }))
  const find = (id: string): Dataset => {
    const found = fakeDatasets.find(({ hash, name }) => hash === id || name === id)
    if (found === undefined) throw new LabError('not-found', `There is no data set ${id}.`, 'Look at the list of data sets.')
    return found
  }
  const answers: FakeMethods = {
    'datasets.list': () => fakeDatasets,
    'datasets.get': ({ id }) => find(id),
    'datasets.rename': ({ hash, name }) => {
      const renamed = Object.assign(find(hash), { name })
      tell([renamed])
      return renamed
    },
    'datasets.remove': ({ hash }) => {
      const gone = find(hash)
      if (gone.name === 'mnist') throw new LabError('conflict', 'mnist is used by 5 runs.', 'Delete these runs first.')
      removed.set(hash, gone)
      putInTrash({ kind: 'dataset', id: hash, name: gone.name, bytes: gone.bytes })
      fakeDatasets.splice(fakeDatasets.indexOf(gone), 1)
      tell([], [hash])
      return {}
    },
    'datasets.restore': ({ hash }) => {
      const back = removed.get(hash)
      if (back === undefined) throw new LabError('not-found', 'It is gone.', 'Import it again.')
      fakeDatasets.push(back)
      takeFromTrash([hash])
      tell([back])
      return back
    },
    'datasets.balance': ({ hash }) => {
      const { classNames, suggestedSplit } = find(hash)
      return classNames.map((name, index) => {
        const share = (1 + 0.12 * Math.sin(index * 2.3)) / classNames.length
        const of = (total: number) => Math.round(total * share)
        return { name, train: of(suggestedSplit.train), validation: of(suggestedSplit.validation), test: of(suggestedSplit.test) }
      })
    },
    'datasets.pictures': ({ hash, indices, perClass, class: label, offset = 0, count = 60 }) => {
      const { classes } = find(hash)
      const length = indices?.length ?? (perClass === undefined ? count : perClass * classes)
      return pictures(
        Array.from({ length }, (_, index) => label ?? (perClass === undefined ? index % classes : Math.floor(index / perClass))),
        offset,
      )
    },
    'imports.begin': () => ({ id: `import-${Date.now()}` }),
    'imports.addPaths': () => ({}),
    'imports.fetch': () => ({}),
    'imports.preview': ({ options }) => preview(options),
    'imports.commit': async ({ name }) => {
      await new Promise((resolve) => setTimeout(resolve, 1500))
      const there = fakeDatasets.find(({ count }) => count === 2_086)
      if (there !== undefined) return { ...there, known: true }
      const made = dataset(name, {
        count: 2_086,
        classes: 6,
        classNames: names.slice(0, 6),
        suggestedSplit: { train: 1_700, validation: 186, test: 200 },
        createdAt: Date.now(),
        bytes: 1_640_000,
      })
      fakeDatasets.push(made)
      tell([made])
      return { ...made, known: false }
    },
    'imports.cancel': () => ({}),
  }
  const sources: FakeStreams = {
    'datasets.watch': (_params, send) => {
      watching.add(send)
      return () => watching.delete(send)
    },
    'imports.watch': ({ id }, send) => {
      let done = 0
      const timer = setInterval(
        () => send({ id, phase: 'surveying', done: Math.min((done += 97), 2086), total: 2086, note: 'digits-scanned.zip' }),
        100,
      )
      return () => clearInterval(timer)
    },
  }
  return { answers, sources }
}
