/** Pictures of a data set, and how its classes are spread over its splits. */
import type { Pictures } from '../../../shared/contract/datasets.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Data } from '../../../shared/experiment.ts'
import { shuffledOrder } from '../../../shared/shuffle.ts'
import { splitRange, splits, type Split } from '../../../shared/split.ts'
import type { Store } from '../../store/open-store.ts'
import type { DatasetRecord } from '../../store/types.ts'

export interface PictureRequest {
  indices?: readonly number[]
  /** So many of each class, drawn at random from the split. */
  perClass?: number
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
  if (request.perClass !== undefined) {
    const data = { id: dataset.hash, split: dataset.suggestedSplit }
    return sampleOfEachClass(store, dataset, data, { split: request.split ?? 'train', perClass: request.perClass })
  }
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

/** What pictures of each class are drawn by: the same ones are shown everywhere. */
export const sampleSeed = 1
/** Pictures that one answer holds at most. */
const mostPictures = 1000

/**
 * A few pictures of each class, class by class, from one split as `data` deals it; fewer where there are no more.
 * @returns indices are places in the order of `data` @throws LabError `corrupt`
 */
export async function sampleOfEachClass(
  store: Store,
  { classNames, height, width, channels }: DatasetRecord,
  data: Data,
  { split, perClass }: { split: Split; perClass: number },
): Promise<Pictures> {
  const all = await store.datasets.labels(data)
  const { from, count } = splitRange(data.split, split)
  const places = classNames.map((): number[] => [])
  for (let place = from; place < from + count; place++) places[all[place]].push(place)
  const wanted = Math.max(1, Math.min(perClass, Math.floor(mostPictures / classNames.length)))
  const chosen = places.flatMap((own) => Array.from(shuffledOrder(own.length, sampleSeed).subarray(0, wanted), (at) => own[at]))
  return {
    indices: Uint32Array.from(chosen),
    labels: Uint8Array.from(chosen, (place) => all[place]),
    ...{ height, width, channels },
    pixels: await store.datasets.pixels(data, chosen),
  }
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
