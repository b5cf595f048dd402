/** Checkpoints of runs. */
import type { Checkpoint } from '../../../shared/contract/runs.ts'
import type { CheckpointState } from '../../../shared/engine-protocol.ts'
import type { ErrorValue } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'

export type CheckpointReason = Checkpoint['reason']

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

export interface CheckpointStore {
  /**
   * Writes a checkpoint and, in the same transaction as its row, the run's step; then prunes: the two
   * newest sound ones stay, and all that are pinned, forked from, or that results were made from.
   * @throws LabError `diverged` when a number in it is not finite
   */
  save(run: string, state: CheckpointState, reason: CheckpointReason, options?: { pin?: boolean }): Promise<CheckpointRecord>
  /** Newest first. */
  list(run: string): CheckpointRecord[]
  /**
   * The newest sound checkpoint; null where the run has none.
   * @throws LabError `corrupt` when it has some and none is sound
   */
  latest(run: string): Promise<LatestCheckpoint | null>
  /** @throws LabError `not-found` (naming the steps there are), `corrupt` */
  at(run: string, step: number): Promise<LoadedCheckpoint>
  /** By full hash. @throws LabError `not-found`, `corrupt` */
  byHash(hash: string): Promise<LoadedCheckpoint>
  pin(run: string, step: number, pinned: boolean): CheckpointRecord
  /**
   * Keeps one from being pruned while something is made from it.
   * @param hash left out: all of the run, while one is chosen
   * @returns what lets go
   */
  hold(run: string, hash?: string): () => void
}
