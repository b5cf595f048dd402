/** Which labels belong to which images, and which of them train: told by names such as `t10k-labels-idx1-ubyte.gz`. */
import type { Split } from '../../../shared/split.ts'
import { LabError } from '../../../shared/errors.ts'
import { badInput } from '../bad-input.ts'
import { splitOfFile } from '../split-names.ts'

export interface Pair<F> {
  images: F
  labels: F
}

/**
 * Pairs files of images with files of labels. One of each is a pair whatever their names.
 * @returns one pair a part; a pair that alone is there, and is not called training, trains all the same
 * @throws LabError `bad-input` naming the files that do not fit
 */
export function pairFiles<F extends { name: string; isLabels: boolean }>(
  files: readonly F[],
): Partial<Record<Split, Pair<F>>> & { train: Pair<F> } {
  const images = files.filter((file) => !file.isLabels)
  const labels = files.filter((file) => file.isLabels)
  const [onlyImages, onlyLabels] = [images[0], labels[0]]
  if (onlyImages === undefined)
    throw new LabError('bad-input', `No images among ${list(files)}: only labels.`, 'Give the file of images (rank 3) too.')
  if (onlyLabels === undefined)
    throw new LabError('bad-input', `No labels among ${list(files)}: only images.`, 'Give the file of labels (rank 1) too.')
  if (images.length === 1 && labels.length === 1) {
    const [part, other] = [onlyImages, onlyLabels].map(saidOf)
    if (part !== null && other !== null && part !== other)
      throw badInput(
        onlyLabels.name,
        `it is called as labels for ${other}, but ${onlyImages.name} as images for ${part}.`,
        'Give the labels that belong to these images; if they do, name both files alike.',
      )
    return { train: { images: onlyImages, labels: onlyLabels } }
  }
  const found: Partial<Record<Split, Pair<F>>> = {}
  for (const image of images) {
    const split = splitOf(image)
    if (found[split] !== undefined)
      throw badInput(
        image.name,
        `both it and ${found[split].images.name} are images for ${split}.`,
        'Give one file of images for training and one for test.',
      )
    const own = labels.filter((label) => splitOf(label) === split)
    if (own.length !== 1)
      throw badInput(
        image.name,
        `it has ${own.length === 0 ? 'no labels' : `more than one file of labels (${list(own)})`}.`,
        `Give one file of labels named like it, with "labels" for "images".`,
      )
    found[split] = { images: image, labels: own[0] }
  }
  const lonely = labels.find((label) => found[splitOf(label)] === undefined)
  if (lonely !== undefined)
    throw badInput(lonely.name, 'it has labels, but no images belong to them.', 'Give the images too, or leave it out.')
  const { train } = found
  if (train === undefined)
    throw new LabError('bad-input', `None of ${list(files)} is for training.`, 'Name the files for training with "train".')
  return { ...found, train }
}

function saidOf({ name }: { name: string }): Split | null {
  return splitOfFile(name.slice(name.lastIndexOf('/') + 1)) ?? splitOfFile(name)
}

function splitOf(file: { name: string }): Split {
  const split = saidOf(file)
  if (split !== null) return split
  throw badInput(
    file.name,
    'its name does not tell whether it is for training, validation or test.',
    'Put "train", "validation" or "test" (or "t10k") into the names, or give one pair of files only.',
  )
}

function list(files: readonly { name: string }[]): string {
  return files.map((file) => file.name).join(', ')
}
