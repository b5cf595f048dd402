/** The store's runs. */
import type { ErrorValue } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'

export type RunState = 'queued' | 'training' | 'paused' | 'finished' | 'stopped' | 'failed' | 'interrupted'

/** What a list shows of a run. */
export interface RunSummary {
  /** Short and readable, for instance `calm-otter`. */
  id: string
  name: string
  state: RunState
  /** Last step that was reached (metrics or checkpoint). */
  step: number
  /** Steps in all, of its document. */
  steps: number
  preset: string
  dataset: string
  /** The checkpoint a fork began from. */
  parent: { run: string; step: number } | null
  tags: string[]
  note: string
  createdAt: number
  startedAt: number | null
  updatedAt: number
  endedAt: number | null
  /** Seconds of training so far, over all its training jobs. */
  seconds: number
  /** Mean over networks sampled while it trained, when it was last tested so; null: not yet. */
  accuracy: number | null
  error: ErrorValue | null
}

export interface Run extends RunSummary {
  document: Experiment
  /** SHA-256 of the document's canonical JSON. */
  documentHash: string
  /** What it ran on (processor, cores, memory, GPU, ...); null until it has started. */
  machine: Record<string, string | number> | null
  /** Versions of what decides its bits. */
  versions: Record<string, string> | null
  /** Processes of the target farm: same count, same bits. */
  farmProcesses: number | null
}

export interface NewRun {
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

export interface RunStore {
  /** A new run, `queued`. @throws LabError `not-found` when its data set (or its parent's checkpoint) is not in the store */
  create(run: NewRun): Run
  /** Newest first. */
  list(filter?: { state?: RunState; dataset?: string; tag?: string }): RunSummary[]
  /** Newest first, at most so many; with `before`, of those that come after that run, itself removed or not. @throws LabError `not-found` */
  page(limit: number, before?: string): RunSummary[]
  /** By id, unique beginning of an id, or name. @throws LabError `not-found`, `invalid-argument` when several match */
  get(id: string): Run
  find(id: string): Run | null
  /** By whole id; null: there is none, or it was removed. */
  summary(id: string): RunSummary | null
  /**
   * Moves a run to a state. Entering `training` sets `startedAt` the first time and clears `error`
   * and `endedAt`; `finished`, `stopped` and `failed` set `endedAt`. The log gets a line of it.
   * @throws LabError `conflict` when the run's state does not allow it
   */
  move(id: string, to: RunState, facts?: MoveFacts): Run
  /**
   * As `move`, where the disk does not take it: shown from now on, and gone when this store is closed,
   * unless the run is moved again before.
   */
  assume(id: string, to: RunState, facts?: MoveFacts): void
  /** What it runs on; kept with the run, for its report. */
  setMachine(id: string, facts: { machine: Record<string, string | number>; versions: Record<string, string>; farmProcesses: number }): void
  /** Step and seconds reached so far, while it trains. */
  progress(id: string, step: number, seconds?: number): void
  edit(id: string, fields: { name?: string; note?: string; tags?: string[] }): Run
  /**
   * Puts runs and everything made from them into the trash, all or none.
   * @throws LabError `not-found`, `conflict` while one trains, or while a fork still needs its checkpoint
   */
  remove(ids: readonly string[]): void
  /** Undoes `remove`, with their data sets where these were removed since. @throws LabError `not-found`, `conflict` when a fork's parent is removed */
  restore(ids: readonly string[]): void
  /** Folder for files of this run (exports, logs); made if absent. */
  folder(id: string): string
}
