/** The store's runs. */
import type { Run, RunState, RunSummary } from '../../../shared/contract/runs.ts'
import type { ErrorValue } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'

export type { Run, RunState, RunSummary }

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
