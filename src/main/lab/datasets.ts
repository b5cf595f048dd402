/** Data sets: imported from files, built in, listed and found again. */
import { basename, resolve } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import type { DataReference } from '../../shared/engine-protocol.ts'
import { builtinNames, readBuiltin } from '../data/builtin.ts'
import { readDataset } from '../data/read-dataset.ts'
import type { DatasetRecord } from '../store/types.ts'
import { didYouMean } from './experiment/suggest.ts'
import type { LabParts } from './parts.ts'

export class DatasetService {
  readonly #parts: LabParts

  constructor(parts: LabParts) {
    this.#parts = parts
  }

  /**
   * Imports files as one data set, whole or not at all.
   * @throws LabError `bad-input` naming the file, the place and what was found
   */
  async add(paths: readonly string[], name?: string): Promise<DatasetRecord> {
    const dataset = await readDataset(paths)
    return this.#parts.store.datasets.add(dataset, name ?? nameFrom(paths))
  }

  list(): DatasetRecord[] {
    return this.#parts.store.datasets.list()
  }

  /** By name, hash or the beginning of a hash. @throws LabError `not-found` with the nearest name */
  get(idOrName: string): DatasetRecord {
    const found = this.#parts.store.datasets.find(idOrName)
    if (found !== null) return found
    const names = [...new Set([...this.list().map((dataset) => dataset.name), ...builtinNames])]
    throw new LabError(
      'not-found',
      `There is no data set "${idOrName}".${didYouMean(idOrName, names)}`,
      `The data sets are: ${names.join(', ')}. Import one with: data add PATH...`,
    )
  }

  /** As `get`, but a built-in data set is imported if it is not there yet. */
  async resolve(idOrName: string): Promise<DatasetRecord> {
    const found = this.#parts.store.datasets.find(idOrName)
    if (found !== null || !builtinNames.includes(idOrName)) return found ?? this.get(idOrName)
    this.#parts.note(`Importing the built-in data set ${idOrName}, once.`)
    return this.#parts.store.datasets.add(await readBuiltin(idOrName), idOrName)
  }

  /** Where the engine finds the data of a document. */
  reference(hash: string, split: DataReference['split']): Promise<DataReference> {
    return this.#parts.store.datasets.reference(hash, split)
  }
}

/** The first file's or folder's name, without what says only its format. */
function nameFrom([path]: readonly string[]): string {
  const name = basename(resolve(path))
    .replace(/(\.\w+)+$/, '')
    .replace(/[-_.]?(images|labels)?[-_.]?idx\d-ubyte$/, '')
  return name === '' ? 'data' : name
}
