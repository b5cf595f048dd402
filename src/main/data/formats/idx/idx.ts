/** Data sets from IDX files: one pair of images and labels, or pairs for training, validation and test. */
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { badInput } from '../../bad-input.ts'
import type { ImportContext } from '../../context.ts'
import type { Reader, Survey } from '../../reader.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import type { NumberArray } from '../numbers/array-header.ts'
import { readLabels } from '../numbers/labels.ts'
import { surveyPairs, unscaled, type NumberPair } from '../numbers/number-pairs.ts'
import { pairFiles, type Pair } from '../pairing.ts'
import { planesOf } from '../shapes.ts'
import { checkLength, longestHeader, looksLikeIdx, readIdxHeader, type IdxHeader } from './idx-header.ts'

export interface IdxArray extends NumberArray {
  header: IdxHeader
}

export const idx: Reader = {
  format: 'idx',
  claims: (_file, head) => looksLikeIdx(head),
  survey,
}

async function survey(files: readonly TreeFile[], { pixelOrder }: ImportOptions, context: ImportContext): Promise<Survey> {
  const opened: (IdxArray & { isLabels: boolean })[] = []
  for (const file of files) {
    const header = readIdxHeader(await file.head(longestHeader), file.path)
    checkLength(header, file.size, file.path)
    opened.push({ name: file.path, isLabels: header.shape.length === 1, file, header })
  }
  const several = opened.find(({ name, header: { shape } }) => shape.length === 2 && /labels?/i.test(name.slice(name.lastIndexOf('/') + 1)))
  if (several !== undefined)
    throw badInput(
      several.name,
      `it is called labels, and holds rows of ${several.header.shape[1]} numbers (rank 2), where an image has one label.`,
      'Write one number an image, with rank 1: of QMNIST the first of each row, of rows with a single 1 its place.',
    )
  const found = pairFiles(opened)
  const pairs = splits.flatMap((split) => (found[split] === undefined ? [] : [join(split, found[split], pixelOrder === 'columns')]))
  return surveyPairs(
    pairs,
    {
      scale: unscaled,
      labelsOf: (labels) => readIdxLabels(labels, context),
      recognised: 'IDX files',
      remedy: 'Give labels of several classes.',
      notes:
        pixelOrder === undefined && files.some(({ path }) => /emnist/i.test(path))
          ? [
              'EMNIST was published with rows and columns exchanged: its images are taken as they are, unless their pixels are said to stand column by column.',
            ]
          : [],
    },
    context,
  )
}

function join(split: Split, { images, labels }: Pair<IdxArray>, columnsFirst: boolean): NumberPair<IdxArray> {
  const [count] = images.header.shape
  const [declared] = labels.header.shape
  const layout = imageLayout(images)
  if (declared !== count)
    throw badInput(
      labels.name,
      `has ${declared} labels, but ${images.name} has ${count} images.`,
      'Give the labels that belong to these images.',
    )
  return { split, images, labels, layout: { ...layout, columnsFirst } }
}

/** @throws LabError `bad-input` where an array holds no images */
export function imageLayout({ name, header: { kind, size, typeName, shape } }: IdxArray): NumberPair['layout'] {
  if (kind !== 'u' || size !== 1)
    throw badInput(
      name,
      `holds ${typeName}s (type at byte 2); images must be unsigned bytes, 0 to 255.`,
      'Convert the images to unsigned bytes (type 0x08).',
    )
  if (shape.length < 3)
    throw badInput(
      name,
      `has rank ${shape.length} (${shape.join(' x ')}); images need count x height x width.`,
      'Write the images with rank 3 (or 4, with channels).',
    )
  return planesOf(name, shape, 'Write the images as count x height x width x channels.')
}

/** They need not begin at 0 (EMNIST's letters begin at 1), nor be there without a gap. */
export async function readIdxLabels(labels: NumberArray, context: ImportContext): Promise<readonly (string | number)[]> {
  const { name, header } = labels
  const values = await readLabels(labels, context, 'Give labels from 0 to 255.')
  const wrong = values.findIndex((value) => !(Number(value) >= 0 && Number(value) <= 255))
  if (wrong < 0) return values
  throw badInput(
    name,
    `label ${wrong}, at byte ${header.offset + wrong * header.size}, is ${values[wrong]}; labels are whole numbers from 0 to 255.`,
  )
}
