/** What a data set consists of, checked against what is said of it, and the hash that is its identity. */
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { StagedDataset } from '../../../shared/dataset-import.ts'
import { defect, type LabError } from '../../../shared/errors.ts'
import type { DatasetRecord } from '../types.ts'

type Shape = Pick<DatasetRecord, 'count' | 'height' | 'width' | 'channels' | 'classes'>

/** The two files of a data set: uint8 [count, height, width, channels], and one class index an image. */
export const partNames = { images: 'images.u8', labels: 'labels.u8' } as const

/** SHA-256 over shape, images and labels, hex: the identity of a data set, whatever its name and class names. */
export function hashDataset(shape: Shape, images: Uint8Array, labels: Uint8Array): string {
  return beginHash(shape).update(images).update(labels).digest('hex')
}

function beginHash({ count, height, width, channels, classes }: Shape): Hash {
  return createHash('sha256').update(`weightscape-dataset-1 ${count} ${height} ${width} ${channels} ${classes}\n`)
}

/** Bytes read at a time, so that the process stays responsive. */
const stretch = 4 << 20

/**
 * Checks the staged files against what is said of them, puts them on the disk for good, and works out the hash.
 * @throws LabError `internal` when they do not agree
 */
export async function weigh(dataset: StagedDataset, folder: string): Promise<{ hash: string; bytes: number }> {
  const { count, height, width, channels, classes, classNames, suggestedSplit: split } = dataset
  const hash = beginHash(dataset)
  const imageBytes = count * height * width * channels
  await readStaged(join(folder, partNames.images), imageBytes, (piece) => hash.update(piece))
  let sound = count > 0 && classNames.length === classes && split.train + split.validation + split.test <= count
  await readStaged(join(folder, partNames.labels), count, (piece) => {
    hash.update(piece)
    sound &&= piece.every((label) => label < classes)
  })
  if (!sound) throw inconsistent()
  return { hash: hash.digest('hex'), bytes: imageBytes + count }
}

async function readStaged(path: string, size: number, take: (piece: Uint8Array) => void): Promise<void> {
  const file = await open(path, 'r+')
  try {
    if ((await file.stat()).size !== size) throw inconsistent()
    await file.chmod(0o600) // whoever wrote it
    await file.sync()
    const piece = new Uint8Array(Math.min(stretch, size))
    for (let at = 0; at < size;) {
      const { bytesRead } = await file.read(piece, 0, piece.length, at)
      if (bytesRead === 0) throw inconsistent()
      take(piece.subarray(0, bytesRead))
      at += bytesRead
    }
  } finally {
    await file.close()
  }
}

function inconsistent(): LabError {
  return defect('A reader handed over a data set whose parts do not agree.')
}
