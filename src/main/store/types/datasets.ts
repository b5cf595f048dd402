/** The store's data sets. */
import type { Dataset } from '../../../shared/contract/datasets.ts'
import type { ImportedDataset } from '../../../shared/dataset.ts'
import type { StagedDataset } from '../../../shared/dataset-import.ts'
import type { DataReference } from '../../../shared/engine-protocol.ts'

/** What is kept of a data set, and what every door shows of it. */
export type DatasetRecord = Dataset

export interface DatasetStore {
  /** Keeps a data set, whole or not at all. One already there (same hash) is returned as it is. */
  add(dataset: ImportedDataset, name: string): Promise<DatasetRecord>
  /** Makes a folder beside the data sets for one that is being put together; swept at the next opening if it is still there. */
  makeStaging(): string
  /**
   * Keeps the data set whose `images.u8` and `labels.u8` lie in a folder (a staging folder or one in it),
   * whole or not at all: the folder becomes the data set's own. As `add` otherwise.
   */
  adopt(staged: StagedDataset, folder: string, name: string): Promise<DatasetRecord>
  /** Removes a staging folder with all that is in it. */
  dropStaging(folder: string): Promise<void>
  list(): DatasetRecord[]
  /** By hash, unique prefix of a hash (6 or more digits), or name (the newest of that name). @throws LabError `not-found` */
  get(idOrName: string): DatasetRecord
  /** As `get`; null where there is none. */
  find(idOrName: string): DatasetRecord | null
  /**
   * What an engine needs to read it. The files' hash is verified the first time in a process.
   * @param split default: the suggested one
   * @throws LabError `not-found`, `corrupt`, `invalid-argument` when the split asks for more images than there are
   */
  reference(idOrName: string, split?: DataReference['split']): Promise<DataReference>
  rename(hash: string, name: string): DatasetRecord
  /** Puts it into the trash. @throws LabError `conflict` when a run uses it */
  remove(hash: string): void
  /** Undoes `remove`. @throws LabError `not-found` */
  restore(hash: string): DatasetRecord
  /** One class index an image; not verified, for showing. @throws LabError `corrupt` */
  labels(hash: string): Promise<Uint8Array>
  /** Single images, not verified, for showing. uint8 [indices, height, width, channels] @throws LabError `corrupt` */
  pixels(hash: string, indices: readonly number[]): Promise<Uint8Array>
}
