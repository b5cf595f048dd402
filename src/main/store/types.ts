/** What the store is opened with, and the records that it keeps. */
import type { ResultRecord } from '../../analyses/analysis.ts'
import type { Dataset } from '../../shared/contract/datasets.ts'
import type { RunEvent } from '../../shared/contract/events.ts'
import type { Artefact, NetworkBookmark } from '../../shared/contract/networks.ts'
import type { Checkpoint, Report, Run, RunState, RunSummary } from '../../shared/contract/runs.ts'
import type { TrashItem } from '../../shared/contract/trash.ts'
import type { CheckpointState } from '../../shared/engine-protocol.ts'
import type { ErrorValue } from '../../shared/errors.ts'
import type { Experiment } from '../../shared/experiment.ts'
import type { Split } from '../../shared/split.ts'

export type { NetworkBookmark, Run, RunEvent, RunState, RunSummary, TrashItem }

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

/** What is kept of a data set, and what every door shows of it. */
export type DatasetRecord = Dataset

export interface NewRun {
  /** One that is not taken; left out: made up. */
  id?: string
  /** `data.id` must be the hash of a data set in the store. */
  document: Experiment
  name?: string
  parent?: { run: string; step: number }
  tags?: string[]
  note?: string
}

/** What a run has reached when it moves; what is left out stays as it was. */
export interface MoveFacts {
  step?: number
  seconds?: number
  error?: ErrorValue
  /** It is only put back as it was before it was queued: no line in the log. */
  asBefore?: boolean
}

export interface NewRunEvent {
  kind: RunEvent['kind']
  text: string
  /** Default: `info`. */
  level?: RunEvent['level']
  step?: number
}

export interface MetricSample {
  step: number
  /** NaN and infinities come back as they went in. */
  value: number
  at: number
}

/** Points as they are drawn. */
export interface Curve {
  steps: Float64Array
  /** NaN and infinities as they went in. */
  values: Float64Array
}

export type CheckpointRecord = Checkpoint & {
  run: string
  /** Absolute. A safetensors file. */
  path: string
}

export interface LoadedCheckpoint {
  record: CheckpointRecord
  state: CheckpointState
  /** The document it was trained by, as written in the file itself. */
  document: Experiment
}

export interface LatestCheckpoint extends LoadedCheckpoint {
  /** Newer ones that could not be read, newest first, and why. */
  skipped: { record: CheckpointRecord; error: ErrorValue }[]
}

/** What an analysis found; of a kind, perhaps, that only a newer version knows. */
export interface StoredResult extends ResultRecord {
  /** Arrays in bulk beside it: a safetensors file, by absolute path, and its SHA-256; null: none. */
  file: { path: string; hash: string } | null
}

/** What decides a probability cache's bits. */
export interface ProbabilityKey {
  run: string
  /** Hash of the checkpoint. */
  checkpoint: string
  seed: number
  /** The first so many networks of the seed. */
  count: number
  dataset: string
  split: Split
  /** The first images of the split. */
  images: number
}

export interface ProbabilityCache extends ProbabilityKey {
  id: number
  classes: number
  /** Absolute. Raw float32 little-endian [count, images, classes]: the first networks can be used alone. */
  path: string
  bytes: number
  createdAt: number
}

export type ReportRecord = Report & { run: string; hash: string }

/** A file made for a person to take away; it lies in its run's folder. */
export type ArtefactRecord = Artefact & {
  /** SHA-256, hex. */
  hash: string
  /** Absolute. */
  path: string
}
