/** The files of a data set that is kept, in `datasets/HASH`. */
import { hash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ColourStatistics } from '../../../layers/layer-kind.ts'
import { LabError } from '../../../shared/errors.ts'
import { hashDataset, partNames } from './dataset-content.ts'
import { codeOf, fileFailure } from '../failures.ts'
import type { DatasetRecord } from '../types.ts'

/** A whole file. @param root the folder of all data sets @throws LabError `corrupt` when it is missing */
export async function readPart(root: string, record: DatasetRecord, part: keyof typeof partNames): Promise<Uint8Array> {
  const path = join(root, record.hash, partNames[part])
  try {
    return await readFile(path)
  } catch (error) {
    throw unread(error, record, path)
  }
}

function unread(error: unknown, record: DatasetRecord, path: string): LabError {
  return codeOf(error) === 'ENOENT' ? damaged(record, `${path} is not there`) : fileFailure(error, 'read a data set', path)
}

/** Reads all of it and compares its hash. @throws LabError `corrupt` */
export async function verifyDataset(root: string, record: DatasetRecord): Promise<void> {
  const [images, labels] = [await readPart(root, record, 'images'), await readPart(root, record, 'labels')]
  if (hashDataset(record, images, labels) !== record.hash) throw damaged(record, 'its checksum does not match')
}

/** Reads single images; neighbours are read at once. uint8 [indices, height, width, channels] @throws LabError `corrupt` */
export async function readPixels(root: string, shape: DatasetRecord, indices: readonly number[]): Promise<Uint8Array> {
  const path = join(root, shape.hash, partNames.images)
  const size = shape.height * shape.width * shape.channels
  const pixels = new Uint8Array(indices.length * size)
  try {
    const file = await open(path, 'r')
    try {
      for (let i = 0; i < indices.length;) {
        let end = i + 1
        while (end < indices.length && indices[end] === indices[end - 1] + 1) end++
        const part = pixels.subarray(i * size, end * size)
        const { bytesRead } = await file.read(part, 0, part.length, indices[i] * size)
        if (bytesRead !== part.length) throw damaged(shape, `${path} ends too early`)
        i = end
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw unread(error, shape, path)
  }
  return pixels
}

/** Images looked at in one go. */
const atOnce = 1024

/** Mean and standard deviation of each channel over some images. @throws LabError `corrupt` */
export async function findColours(root: string, shape: DatasetRecord, places: ArrayLike<number>): Promise<ColourStatistics> {
  const { channels } = shape
  // By how often each of the 256 values is there: exact, whatever the number of images.
  const counts = Array.from({ length: channels }, () => new Float64Array(256))
  for (let from = 0; from < places.length; from += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, places.length - from) }, (_, i) => places[from + i])
    const pixels = await readPixels(root, shape, some)
    for (let i = 0; i < pixels.length; i += channels) for (let c = 0; c < channels; c++) counts[c][pixels[i + c]]++
  }
  const each = places.length * shape.height * shape.width
  const means = counts.map((own) => own.reduce((sum, times, value) => sum + (times * value) / 255, 0) / each)
  const squares = counts.map((own, c) => own.reduce((sum, times, value) => sum + times * (value / 255 - means[c]) ** 2, 0) / each)
  return { mean: means, deviation: squares.map(Math.sqrt) }
}

/** Of each image, the first that is equal to it: itself, mostly. @throws LabError `corrupt` */
export async function findEqual(root: string, shape: DatasetRecord): Promise<Uint32Array> {
  const size = shape.height * shape.width * shape.channels
  const firstEqual = new Uint32Array(shape.count)
  const first = new Map<string, number>()
  for (let from = 0; from < shape.count; from += atOnce) {
    const places = Array.from({ length: Math.min(atOnce, shape.count - from) }, (_, i) => from + i)
    const pixels = await readPixels(root, shape, places)
    for (const [i, place] of places.entries()) {
      const key = hash('md5', pixels.subarray(i * size, (i + 1) * size), 'base64')
      const earlier = first.get(key)
      if (earlier === undefined) first.set(key, place)
      firstEqual[place] = earlier ?? place
    }
  }
  return firstEqual
}

function damaged(record: DatasetRecord, found: string): LabError {
  return new LabError(
    'corrupt',
    `The data set ${record.name} (${record.hash.slice(0, 12)}...) is damaged: ${found}.`,
    'Add it again from its files: that mends it.',
    { action: 'add-data' },
  )
}
