/** Data sets from IDX files: one pair of images and labels, or pairs for training, validation and test. */
import { badInput } from '../../bad-input.ts'
import type { ImportContext } from '../../context.ts'
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import type { Reader, Survey } from '../../reader.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { checkClasses } from '../../classes.ts'
import { channelsLast, surveyArrays } from '../arrays.ts'
import type { ImageArray } from '../arrays.ts'
import { checkLength, longestHeader, looksLikeIdx, readIdxHeader } from './idx-header.ts'
import type { IdxHeader } from './idx-header.ts'
import { imageLayout, toLabels } from './idx-splits.ts'
import { pairFiles } from '../pairing.ts'
import type { Pair } from '../pairing.ts'

interface Opened {
  name: string
  isLabels: boolean
  file: TreeFile
  header: IdxHeader
}

export const idx: Reader = {
  format: 'idx',
  claims: (_file, head) => looksLikeIdx(head),
  survey,
}

async function survey(files: readonly TreeFile[], _options: ImportOptions, context: ImportContext): Promise<Survey> {
  const opened: Opened[] = []
  for (const file of files) {
    const header = readIdxHeader(await file.head(longestHeader), file.path)
    checkLength(header, file.size, file.path)
    opened.push({ name: file.path, isLabels: header.dims.length === 1, file, header })
  }
  const pairs = pairFiles(opened)
  const arrays: ImageArray[] = []
  for (const split of splits) {
    const pair = pairs[split]
    if (pair !== undefined) arrays.push(await join(split, pair, context))
  }
  // Labels need not begin at 0 (EMNIST's letters begin at 1), nor be there without a gap.
  const values = [...new Set(arrays.flatMap(({ labels }) => [...new Set(labels)]))].sort((a, b) => a - b)
  const classNames = values.map(String)
  checkClasses(classNames, pairs.train.labels.name, 'Give labels of several classes.')
  const places = new Map(values.map((value, label) => [value, label]))
  for (const array of arrays) array.labels = array.labels.map((value) => places.get(value)!)
  const used = splits.flatMap((split) => pairs[split] ?? [])
  return surveyArrays(
    { arrays, recognised: 'IDX files', files: used.flatMap((pair) => [pair.images.name, pair.labels.name]), classNames },
    context,
  )
}

async function join(split: Split, { images, labels }: Pair<Opened>, context: ImportContext): Promise<ImageArray> {
  const { count, height, width, channels, channelsFirst } = imageLayout(images.header, images.name)
  const declared = labels.header.dims[0]
  if (declared !== count)
    throw badInput(
      labels.name,
      `has ${declared} labels, but ${images.name} has ${count} images.`,
      'Give the labels that belong to these images.',
    )
  const size = height * width * channels
  return {
    name: images.name,
    split,
    labels: toLabels(labels.header, (await labels.file.whole(context.limits.wholeFileBytes)).subarray(labels.header.offset), labels.name),
    height,
    width,
    channels,
    read: async (first, some) => {
      const bytes = await images.file.slice(images.header.offset + first * size, some * size)
      return channelsFirst ? channelsLast(bytes, some, channels, height * width) : bytes
    },
  }
}
