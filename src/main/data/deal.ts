/**
 * Deals images out to training, validation and test. Files that come apart (train, validation, test)
 * stay apart; what is missing is cut from the end of the training images. A cut is only fair if the
 * order is mixed: where it is not (files sorted by class), and wherever the test images too are cut off,
 * the images are first brought into a fixed random order.
 */
import { LabError } from '../../shared/errors.ts'
import type { Images } from './idx-parts.ts'
import { shuffledOrder, shuffleSeed } from './shuffle.ts'

/** Images with their labels. */
export interface Labelled {
  images: Images
  labels: Uint8Array
}

export interface Dealt {
  /** Parts in order: training, validation, test. */
  images: Uint8Array
  labels: Uint8Array
  split: { train: number; validation: number; test: number }
  order: string | null
}

/** Share and largest number of the training images that validate, where no validation images came. */
const validationShare = 1 / 12
const mostValidation = 5000

/** @throws LabError `bad-input` when there are too few images to part */
export function deal(train: Labelled, validation: Labelled | null, test: Labelled | null): Dealt {
  const count = train.images.count
  const tested = test === null ? Math.max(1, Math.round(count / 10)) : 0
  const validated =
    validation !== null ? 0 : test === null ? tested : Math.max(1, Math.min(mostValidation, Math.round(count * validationShare)))
  const kept = count - tested - validated
  if (kept < 1)
    throw new LabError(
      'bad-input',
      `There ${count === 1 ? 'is' : 'are'} only ${count} training image${count === 1 ? '' : 's'}: too few to set some aside for validation.`,
      'Give more images.',
    )
  const shuffles = tested > 0 || (validated > 0 && !isMixed(train.labels, validated))
  const first = shuffles ? reorder(train) : train
  const parts = [first, validation, test].filter((part) => part !== null)
  return {
    images: concatenate(parts.map((part) => part.images.data)),
    labels: concatenate(parts.map((part) => part.labels)),
    split: { train: kept, validation: validated + (validation?.images.count ?? 0), test: tested + (test?.images.count ?? 0) },
    order: shuffles ? `the ${count} training images were shuffled (Fisher-Yates, mulberry32, seed ${shuffleSeed})` : null,
  }
}

/** Whether each class is among the last `tail` labels about as often as among all: within half, or three standard deviations of chance. */
function isMixed(labels: Uint8Array, tail: number): boolean {
  const all = countLabels(labels)
  const last = countLabels(labels.subarray(labels.length - tail))
  return all.every((count, label) => {
    const expected = (count * tail) / labels.length
    return Math.abs(last[label] - expected) <= Math.max(expected / 2, 3 * Math.sqrt(expected))
  })
}

function countLabels(labels: Uint8Array): number[] {
  const counts = new Array<number>(256).fill(0)
  for (const label of labels) counts[label]++
  return counts
}

function reorder({ images, labels }: Labelled): Labelled {
  const order = shuffledOrder(images.count, shuffleSeed)
  const size = images.data.length / images.count
  const data = new Uint8Array(images.data.length)
  order.forEach((from, to) => data.set(images.data.subarray(from * size, (from + 1) * size), to * size))
  return { images: { ...images, data }, labels: Uint8Array.from(order, (from) => labels[from]) }
}

function concatenate(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
