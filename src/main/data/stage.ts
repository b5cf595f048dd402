/** Writes a data set's bytes in their final order: `images.u8` and `labels.u8`. */
import { readSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppendFile, onDisk } from './append-file.ts'
import { throwIfCancelled, type ImportContext } from './context.ts'
import type { DatasetSplit } from './split-dataset.ts'
import type { ImageBuffer } from './image-buffer.ts'

/** @returns how many images there are @throws LabError `disk` */
export async function stage(buffer: ImageBuffer, { order }: DatasetSplit, folder: string, context: ImportContext): Promise<number> {
  const { height, width, channels } = buffer.plan
  const size = height * width * channels
  const count = order?.length ?? buffer.labels.length
  const path = join(folder, 'images.u8')
  const moving = async (): Promise<void> => {
    await using from = await open(buffer.path, 'r')
    const to = await AppendFile.create(path)
    try {
      const image = new Uint8Array(size)
      for (let i = 0; i < count; i++) {
        throwIfCancelled(context)
        // Neighbours in the new order lie anywhere: one short read each, from pages that are in memory.
        readSync(from.fd, image, 0, size, (order?.[i] ?? i) * size)
        await to.append(image)
        if (i % 4096 === 0) context.progress({ note: 'putting images in order', done: i, total: count })
      }
      await to.flush()
    } finally {
      await to.close()
    }
    await writeFile(join(folder, 'labels.u8'), order === null ? buffer.labels : Uint8Array.from(order, (place) => buffer.labels[place]), {
      mode: 0o600,
    })
  }
  await onDisk(path, moving())
  return count
}
