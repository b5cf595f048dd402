/** Files for a person: reports where they were wanted, and artefacts to take away. */

export interface ReportRecord {
  id: number
  run: string
  format: string
  /** Absolute: reports lie where the person wanted them. */
  path: string
  hash: string
  bytes: number
  createdAt: number
}

export interface ReportStore {
  /** Writes the file (beside, synced, renamed) and remembers it. */
  write(run: string, format: string, path: string, content: Uint8Array | string): Promise<ReportRecord>
  list(run: string): ReportRecord[]
}

/** A file made for a person to take away; it lies in its run's folder. */
export interface ArtefactRecord {
  /** Random: it names the file to whoever downloads it. */
  id: string
  run: string
  name: string
  /** Media type. */
  type: string
  /** SHA-256, hex. */
  hash: string
  bytes: number
  /** Absolute. */
  path: string
  /** How it was checked after writing, in words. */
  checked: string | null
  createdAt: number
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
