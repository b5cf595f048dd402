/** What was removed. */

/** A removed run or data set. */
export interface TrashItem {
  kind: 'run' | 'dataset'
  /** Of a run; hash of a data set. */
  id: string
  name: string
  deletedAt: number
  /** From then on the next opening of the store erases it. */
  goneAt: number
  /** Bytes of its files. */
  bytes: number
}

export interface TrashStore {
  /** The newest first. */
  list(): Promise<TrashItem[]>
  /**
   * Erases removed runs (ids) and data sets (hashes) for good, all or none.
   * @returns bytes freed
   * @throws LabError `not-found`, `conflict` when something that stays in the trash could not come back without it
   */
  erase(what: { runs?: readonly string[]; datasets?: readonly string[] }): Promise<number>
}
