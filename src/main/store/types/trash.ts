/** What was removed. */

import type { TrashItem } from '../../../shared/contract/trash.ts'

export type { TrashItem }

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
