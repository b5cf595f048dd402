/**
 * The store's contract: what the lab may keep, and how it gets it back. Rows are read and written
 * at once (SQLite, synchronous); whatever touches files returns a promise. Everything that resolves
 * or returns has been synced to the disk: killed right after, it is still there.
 *
 * Every method may throw LabError `disk` (full, read-only, vanished) or `corrupt` (a checksum or the
 * database's structure does not match); other codes are named where they occur. A store opened
 * read-only throws `conflict` on every write.
 */
import type { CheckpointStore } from './types/checkpoints.ts'
import type { DatasetStore } from './types/datasets.ts'
import type { ReportStore, ArtefactStore } from './types/files.ts'
import type { EventStore } from './types/log.ts'
import type { MetricStore } from './types/metrics.ts'
import type { ProbabilityStore } from './types/probabilities.ts'
import type { NetworkStore, ResultStore } from './types/results.ts'
import type { RunStore } from './types/runs.ts'
import type { TrashStore } from './types/trash.ts'

export type * from './types/datasets.ts'
export type * from './types/runs.ts'
export type * from './types/metrics.ts'
export type * from './types/checkpoints.ts'
export type * from './types/results.ts'
export type * from './types/probabilities.ts'
export type * from './types/files.ts'
export type * from './types/log.ts'
export type * from './types/trash.ts'

export interface StoreOptions {
  /** Milliseconds since the epoch; default Date.now. */
  clock?: () => number
  /**
   * Read without the writer's lock, beside a process that holds it. A folder without a store, or
   * with an older one, is first made or migrated if nobody holds it.
   */
  readOnly?: boolean
  /** Told of statements slower than `slowMs` (default 100), by name. */
  onSlowQuery?: (name: string, milliseconds: number) => void
  slowMs?: number
  /** What the second process is told of this one; default: the process's own command line. */
  command?: string
  /** Hears what is worth a line and stops nobody: a backup that could not be made. */
  onNote?: (message: string) => void
  /** How long to wait for another writer to leave, milliseconds; default 500. */
  lockWaitMs?: number
}

/**
 * Opens (and makes, if absent) the store in a data folder.
 * @throws LabError `conflict` when another process writes in it (the message says which),
 *   `newer-store` when a newer version wrote it, `disk` when it cannot be written,
 *   `corrupt` when the database is damaged.
 */
export type OpenStore = (dataDir: string, options?: StoreOptions) => Store

export interface Store {
  /** Absolute path of the data folder. */
  readonly dataDir: string
  readonly readOnly: boolean
  /** What opening had to mend. */
  readonly opening: OpeningNotes
  readonly datasets: DatasetStore
  readonly runs: RunStore
  readonly metrics: MetricStore
  readonly checkpoints: CheckpointStore
  readonly results: ResultStore
  readonly probabilities: ProbabilityStore
  readonly networks: NetworkStore
  readonly reports: ReportStore
  readonly artefacts: ArtefactStore
  readonly preferences: PreferenceStore
  readonly events: EventStore
  readonly trash: TrashStore
  /** Hears of rows that changed, at once, perhaps before their transaction ends: note it, and look later. */
  onChange(listener: (change: StoreChange) => void): () => void
  /** Bytes of files by what they are, as the rows know them. */
  used(): { datasets: number; checkpoints: number; caches: number; other: number }
  /** Lets go of the lock; idempotent. */
  close(): void
}

export interface StoreChange {
  /** `event`: a line was added to a run's log. */
  kind: 'run' | 'dataset' | 'event'
  /** Of a run; hash of a data set. */
  id: string
}

export interface OpeningNotes {
  /** Runs (ids) and data sets (names) removed longer ago than the trash keeps them: now gone for good. */
  purged: string[]
  /** Runs found training with no engine alive: now `interrupted`. */
  interrupted: string[]
  /** Unfinished or unreferenced files removed, relative to the data folder. */
  swept: string[]
  /** Schema version found before migrating, the backup made of it, and rows that stayed as they were, each in a sentence; null: nothing was migrated. */
  migrated: { from: number; to: number; backup: string | null; left: string[] } | null
}

/** What a person prefers: JSON values by name. */
export interface PreferenceStore {
  all(): Record<string, unknown>
  /** A JSON value. */
  set(name: string, value: unknown): void
}
