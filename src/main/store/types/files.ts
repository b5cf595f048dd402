/** Files for a person: reports where they were wanted, and artefacts to take away. */

import type { Artefact } from '../../../shared/contract/networks.ts'
import type { Report } from '../../../shared/contract/runs.ts'

export type ReportRecord = Report & { run: string; hash: string }

export interface ReportStore {
  /** Writes the file (beside, synced, renamed) and remembers it. */
  write(run: string, format: string, path: string, content: Uint8Array | string): Promise<ReportRecord>
  list(run: string): ReportRecord[]
}

/** A file made for a person to take away; it lies in its run's folder. */
export type ArtefactRecord = Artefact & {
  /** SHA-256, hex. */
  hash: string
  /** Absolute. */
  path: string
}

export interface ArtefactStore {
  /** A path of its own for a file of this name, in a folder that is there; to be written, then kept. */
  place(run: string, name: string): string
  /** Remembers a file below the run's folder that is whole. @throws LabError `disk` when it cannot be read */
  keep(run: string, path: string, facts: { name: string; type: string; checked: string | null }): Promise<ArtefactRecord>
  /** Newest first. */
  list(run?: string): ArtefactRecord[]
  /** @throws LabError `not-found` */
  get(id: string): ArtefactRecord
  /** @throws LabError `not-found` */
  remove(id: string): Promise<void>
}
