/** Writes a data set's bytes in their final order: `images.u8` and `labels.u8`. */
import { readSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { throwIfCancelled } from './context.ts'
import type { ImportContext } from './context.ts'
import type { DatasetSplit } from './split-dataset.ts'
import { diskFailure } from './image-buffer.ts'
import type { ImageBuffer } from './image-buffer.ts'

/** Bytes moved at a time. */
const stretch = 4 << 20

/** @returns how many images there are */
export async function stage(buffer: ImageBuffer, { order }: DatasetSplit, folder: string, context: ImportContext): Promise<number> {
  const { height, width, channels } = buffer.plan
  const size = height * width * channels
  const count = order?.length ?? buffer.labels.length
  const atOnce = Math.max(1, Math.floor(stretch / size))
  const labels = order === null ? buffer.labels : Uint8Array.from(order, (place) => buffer.labels[place])
  try {
    const from = await open(buffer.path, 'r')
    const to = await open(join(folder, 'images.u8'), 'w', 0o600)
    try {
      const piece = new Uint8Array(atOnce * size)
      for (let first = 0; first < count; first += atOnce) {
        throwIfCancelled(context)
        const images = Math.min(atOnce, count - first)
        // Neighbours in the new order lie anywhere in the pool: one short read each, from pages that are in memory.
        for (let i = 0; i < images; i++) {
          const place = order === null ? first + i : order[first + i]
          readSync(from.fd, piece, i * size, size, place * size)
        }
        for (let done = 0; done < images * size;) done += (await to.write(piece, done, images * size - done)).bytesWritten
        context.progress({ note: 'putting images in order', done: first + images, total: count })
      }
    } finally {
      await from.close()
      await to.close()
    }
    await writeFile(join(folder, 'labels.u8'), labels, { mode: 0o600 })
  } catch (error) {
    throw diskFailure(folder, error)
  }
  return count
}
