/** Data sets from IDX files: one pair of images and labels, or pairs for training, validation and test. */
import type { ImportedDataset } from '../../shared/dataset.ts'
import { deal } from './deal.ts'
import type { Labelled } from './deal.ts'
import { bad, looksLikeIdx, readIdx } from './idx.ts'
import type { IdxArray } from './idx.ts'
import { toImages, toLabels } from './idx-parts.ts'
import { pairFiles } from './pairing.ts'
import type { Pair, Part } from './pairing.ts'
import type { DatasetReader, SourceFile } from './reader.ts'

interface Opened {
  name: string
  isLabels: boolean
  array: IdxArray
}

export const idxReader: DatasetReader = {
  format: 'idx',
  reads: 'IDX files as MNIST has them (plain or .gz): images and labels, for training and test or one pair',
  claims: (_name, head) => looksLikeIdx(head),
  read: readIdxDataset,
}

function readIdxDataset(files: readonly SourceFile[]): ImportedDataset {
  const opened = files.map(({ name, bytes }): Opened => {
    const array = readIdx(bytes, name)
    return { name, isLabels: array.dims.length === 1, array }
  })
  const pairs = pairFiles(opened)
  const train = join(pairs.train)
  const validation = joinLike(train, pairs.validation)
  const test = joinLike(train, pairs.test)
  const { images, labels, split, order } = deal(train, validation, test)
  const classes = labels.reduce((most, label) => Math.max(most, label), 0) + 1
  if (classes < 2) throw bad(pairs.train.labels.name, 'every label is 0; a classifier needs at least two classes.')
  const { height, width, channels } = train.images
  const parts: Part[] = ['train', 'validation', 'test']
  const used = parts.flatMap((part) => pairs[part] ?? [])
  return {
    images,
    labels,
    count: labels.length,
    height,
    width,
    channels,
    classes,
    classNames: Array.from({ length: classes }, (_, label) => String(label)),
    suggestedSplit: split,
    source: { format: 'idx', files: used.flatMap((pair) => [pair.images.name, pair.labels.name]), order },
  }
}

function join({ images, labels }: Pair<Opened>): Labelled {
  const read = { images: toImages(images.array, images.name), labels: toLabels(labels.array, labels.name) }
  if (read.images.count === read.labels.length) return read
  throw bad(
    labels.name,
    `has ${read.labels.length} labels, but ${images.name} has ${read.images.count} images.`,
    'Give the labels that belong to these images.',
  )
}

/** A further pair, whose images must have the shape of the training images. */
function joinLike(train: Labelled, pair: Pair<Opened> | undefined): Labelled | null {
  if (pair === undefined) return null
  const read = join(pair)
  const shape = ({ images: { height, width, channels } }: Labelled): string => `${height} x ${width} x ${channels}`
  if (shape(read) === shape(train)) return read
  throw bad(pair.images.name, `its images are ${shape(read)}, those for training ${shape(train)}.`, 'Give images of one size.')
}
