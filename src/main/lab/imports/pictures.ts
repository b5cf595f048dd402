/** Pictures of a data set, and how its classes are spread over its splits. */
import type { Pictures } from '../../../shared/contract/datasets.ts'
import { LabError } from '../../../shared/errors.ts'
import { splitRange, splits, type Split } from '../../../shared/split.ts'
import type { Store } from '../../store/open-store.ts'
import type { DatasetRecord } from '../../store/types.ts'

export interface PictureRequest {
  indices?: readonly number[]
  split?: Split
  class?: number
  /** Among those of the split and class. */
  offset?: number
  count?: number
}

const standardCount = 100

/** Single pictures by their place in the data set; only their bytes are read. */
export async function picturesOf(store: Store, dataset: DatasetRecord, indices: readonly number[]): Promise<Pictures> {
  const { hash, count, height, width, channels } = dataset
  const beyond = indices.find((index) => index >= count)
  if (beyond !== undefined) {
    throw new LabError(
      'invalid-argument',
      `Image ${beyond} was asked for, and ${dataset.name} has ${count}.`,
      `Ask for images below ${count}.`,
    )
  }
  const all = await store.datasets.labels({ id: hash })
  return {
    indices: Uint32Array.from(indices),
    labels: Uint8Array.from(indices, (index) => all[index]),
    height,
    width,
    channels,
    pixels: await store.datasets.pixels({ id: hash }, indices),
  }
}

/** Pictures by index, or some of a split and class. @throws LabError `invalid-argument`, `corrupt` */
export async function choosePictures(store: Store, dataset: DatasetRecord, request: PictureRequest): Promise<Pictures> {
  if (request.indices !== undefined) return picturesOf(store, dataset, request.indices)
  const labels = await store.datasets.labels({ id: dataset.hash })
  const range = request.split === undefined ? { from: 0, count: dataset.count } : splitRange(dataset.suggestedSplit, request.split)
  const { offset = 0, count = standardCount } = request
  const chosen: number[] = []
  let passed = 0
  for (let index = range.from; index < range.from + range.count && chosen.length < count; index++) {
    if (request.class !== undefined && labels[index] !== request.class) continue
    if (passed++ >= offset) chosen.push(index)
  }
  return picturesOf(store, dataset, chosen)
}

/** Images a class in each split of the suggested split. */
export async function balanceOf(store: Store, dataset: DatasetRecord): Promise<({ name: string } & Record<Split, number>)[]> {
  const labels = await store.datasets.labels({ id: dataset.hash })
  const balance = dataset.classNames.map((name) => ({ name, train: 0, validation: 0, test: 0 }))
  for (const split of splits) {
    const { from, count } = splitRange(dataset.suggestedSplit, split)
    for (const label of labels.subarray(from, from + count)) balance[label][split]++
  }
  return balance
}
