/** What is made from checkpoints. */
import type { NamedArrays, ResultRecord } from '../../../analyses/analysis.ts'
import type { NetworkBookmark } from '../../../shared/contract/networks.ts'

/** What an analysis found; of a kind, perhaps, that only a newer version knows. */
export interface StoredResult extends ResultRecord {
  /** Arrays in bulk beside it: a safetensors file, by absolute path, and its SHA-256; null: none. */
  file: { path: string; hash: string } | null
}

export interface ResultStore {
  /**
   * One found while training takes the place of an earlier one of that kind, step and split: a resumed run repeats steps.
   * @param file as `write` gave it
   */
  add(result: Omit<StoredResult, 'id' | 'createdAt' | 'file'>, file?: { path: string; hash: string; bytes: number } | null): StoredResult
  /** Writes arrays that are to stand beside a result; its row is to follow. */
  write(
    result: Pick<StoredResult, 'run' | 'kind' | 'checkpoint' | 'seed' | 'count' | 'options'>,
    arrays: NamedArrays,
  ): Promise<{ path: string; hash: string; bytes: number }>
  /** In order of step, then time. `during`: only those (true) or none of those (false) found while training. */
  list(run: string, filter?: { kind?: string; during?: boolean }): StoredResult[]
  /** @throws LabError `not-found` where the run has no such result */
  get(run: string, id: number): StoredResult
  /** None where there is no file. @throws LabError `corrupt` */
  arrays(result: StoredResult): Promise<NamedArrays>
  /** Forgets those found while training after a step (before a run goes on from an earlier checkpoint). */
  truncate(run: string, afterStep: number): void
}

export type { NetworkBookmark }

export interface NetworkStore {
  /** A receipt already bookmarked gets the new label. */
  bookmark(network: Omit<NetworkBookmark, 'id' | 'createdAt'>): NetworkBookmark
  list(run: string): NetworkBookmark[]
  forget(id: number): void
}
