/** A small labelled data set, in memory or as IDX files: bright bars, one place a class. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportedDataset } from '../../../shared/dataset.ts'
import type { Store } from '../../store/open-store.ts'
import { addDataset } from '../../store/testing/samples.ts'

export const tinyShape = { height: 6, width: 6, channels: 1, classes: 3, train: 120, test: 30 }

/** Writes both pairs of files (training and test) into a folder, and returns their paths. No two images are equal. */
export async function writeTinyIdx(folder: string): Promise<string[]> {
  const { height, width, classes } = tinyShape
  const paths: string[] = []
  for (const [part, count] of [
    ['train', tinyShape.train],
    ['t10k', tinyShape.test],
  ] as const) {
    const images = Buffer.alloc(16 + count * height * width)
    const labels = Buffer.alloc(8 + count)
    images.writeUInt32BE(0x803, 0)
    ;[count, height, width].forEach((size, i) => images.writeUInt32BE(size, 4 + 4 * i))
    labels.writeUInt32BE(0x801, 0)
    labels.writeUInt32BE(count, 4)
    for (let i = 0; i < count; i++) {
      const label = (i * 7 + (part === 'train' ? 0 : 1)) % classes
      labels[8 + i] = label
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const noise =
            row < height - 1 ? (i * 31 + row * 17 + column * 13) % 60 : 20 * (Math.floor(i / 60) + (part === 'train' ? 0 : 2)) + column
          images[16 + (i * height + row) * width + column] = Math.floor(column / 2) === label ? 195 + noise : noise
        }
      }
    }
    const names = [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`]
    await writeFile(join(folder, names[0]), images)
    await writeFile(join(folder, names[1]), labels)
    paths.push(...names.map((name) => join(folder, name)))
  }
  return paths
}

/** Settings that make a preset small enough for the tiny data. */
export const tinySettings = [
  'target.layers=[{"kind":"convolution","kernel":3,"filters":2},{"kind":"max-pool","size":2},{"kind":"dense","units":3,"activation":"none"}]',
  'method.latent=4',
  'method.extractor=[6]',
  'method.code=3',
  'method.generators=[[5],[5]]',
  'training.steps=20',
  'method.noiseBatch=4',
  'training.imageBatch=4',
  'training.checkpointEvery=5',
  'evaluation.every=5',
  'evaluation.networks=3',
]

/** 150 images of 6 x 6 in 3 classes: bright bars, one place a class; no two are alike. */
export function tinyBars(): ImportedDataset {
  const [count, side, classes] = [150, 6, 3]
  const labels = Uint8Array.from({ length: count }, (_, i) => (i * 7) % classes)
  return {
    images: Uint8Array.from({ length: count * side * side }, (_, i) => {
      const [image, column] = [Math.floor(i / (side * side)), i % side]
      return Math.floor(column / 2) === labels[image] ? 195 + (i % 59) : i % 59
    }),
    labels,
    count,
    height: side,
    width: side,
    channels: 1,
    classes,
    classNames: ['left', 'middle', 'right'],
    suggestedSplit: { train: 110, validation: 20, test: 20 },
    source: { format: 'idx', files: ['bars'], order: null },
  }
}

/** Keeps the tiny data set by the name `bars`. */
export const addBars = (store: Store) => addDataset(store, tinyBars(), 'bars')
