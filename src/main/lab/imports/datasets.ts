/** Data sets: built in, listed and found again. */
import { join } from 'node:path'
import { quoted } from '../../../shared/names.ts'
import { LabError } from '../../../shared/errors.ts'
import type { DataReference } from '../../../shared/engine-protocol.ts'
import type { Data } from '../../../shared/experiment.ts'
import { buildBuiltin, builtinNames } from '../../data/builtin.ts'
import { publishedDataset } from '../../../shared/published-datasets.ts'
import { bytes } from '../../../shared/wording.ts'
import type { DatasetRecord } from '../../store/types.ts'
import { didYouMean } from '../experiment/suggest.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'

export class DatasetService extends LabService<LabContext> {
  /** Built-in data sets on their way, by name. */
  readonly #importing = new Map<string, Promise<DatasetRecord>>()

  list(): DatasetRecord[] {
    return this.context.store.datasets.list()
  }

  /** By name, hash or the beginning of a hash. @throws LabError `not-found` with the nearest name */
  get(idOrName: string): DatasetRecord {
    const found = this.context.store.datasets.find(idOrName)
    if (found !== null) return found
    const trashed = this.context.store.datasets.inTrash(idOrName)
    if (trashed !== null) throw trashed
    const published = publishedDataset(idOrName)
    if (published !== undefined)
      throw new LabError('not-found', `${published.title} is not here yet.`, `Have it fetched once, ${bytes(published.bytes)}.`, {
        action: 'add-data',
        path: idOrName,
      })
    const names = [...new Set([...this.list().map((dataset) => dataset.name), ...builtinNames])]
    throw new LabError(
      'not-found',
      `There is no data set ${quoted(idOrName)}.${didYouMean(idOrName, names)}`,
      `The data sets are: ${names.join(', ')}. Import it if it is another.`,
      { action: 'add-data' },
    )
  }

  /** As `get`, but a built-in data set is imported if it is not there yet. */
  async resolve(idOrName: string): Promise<DatasetRecord> {
    const found = this.context.store.datasets.find(idOrName)
    if (found !== null || !builtinNames.includes(idOrName)) return found ?? this.get(idOrName)
    // A form that is filled in asks many times meanwhile.
    const importing = this.#importing.get(idOrName) ?? this.#import(idOrName).finally(() => this.#importing.delete(idOrName))
    this.#importing.set(idOrName, importing)
    return importing
  }

  async #import(idOrName: string): Promise<DatasetRecord> {
    this.context.note(`Importing the built-in data set ${idOrName}, once.`)
    const { datasets } = this.context.store
    const staging = datasets.makeStaging()
    try {
      const data = join(staging, 'data')
      return await datasets.adopt(await buildBuiltin(idOrName, data, join(staging, 'work')), data, idOrName)
    } finally {
      await datasets.dropStaging(staging)
    }
  }

  /** Where the engine finds the data of a document. A built-in data set that was damaged is put back: nobody else has its files. */
  async reference(data: Data): Promise<DataReference> {
    const { datasets } = this.context.store
    try {
      return await datasets.reference(data)
    } catch (error) {
      const name = datasets.find(data.id)?.name
      if (!(error instanceof LabError) || error.code !== 'corrupt' || name === undefined || !builtinNames.includes(name)) throw error
      await this.#import(name)
      return datasets.reference(data)
    }
  }
}
