/** The states of a run: which may follow which, and what a move changes in its row. */
import { LabError } from '../../shared/errors.ts'
import type { StoreContext } from './context.ts'
import type { SummaryRow } from './run-rows.ts'
import { seal } from './seal.ts'
import type { MoveFacts, RunState } from './types.ts'

/** From which states a run may come into each. */
const comesFrom: Record<RunState, readonly RunState[]> = {
  queued: ['queued', 'paused', 'finished', 'stopped', 'failed', 'interrupted'],
  training: ['queued', 'paused', 'finished', 'stopped', 'failed', 'interrupted'],
  paused: ['training', 'queued', 'interrupted'],
  finished: ['training', 'queued', 'paused', 'interrupted'],
  stopped: ['training', 'queued', 'paused', 'interrupted'],
  failed: ['training', 'queued', 'paused', 'interrupted'],
  interrupted: ['training', 'queued'],
}

const ends: readonly RunState[] = ['finished', 'stopped', 'failed']

/** What a move changes in a run's row. */
export type Moved = Pick<SummaryRow, 'state' | 'step' | 'seconds' | 'error' | 'started_at' | 'ended_at' | 'updated_at'>

/** @param now milliseconds since the epoch @throws LabError `conflict` when the run's state does not allow it */
export function moved(run: SummaryRow, to: RunState, facts: MoveFacts, now: number): Moved {
  if (!comesFrom[to].includes(run.state)) {
    throw new LabError(
      'conflict',
      `Run ${run.id} is ${run.state} and cannot become ${to}.`,
      run.state === 'training' ? 'Pause or stop it first.' : `See how it stands with: weightscape show ${run.id}`,
    )
  }
  return {
    state: to,
    step: facts.step ?? run.step,
    seconds: facts.seconds ?? run.seconds,
    error: facts.error === undefined ? (to === 'training' || to === 'queued' ? null : run.error) : seal(facts.error),
    started_at: run.started_at ?? (to === 'training' ? now : null),
    ended_at: ends.includes(to) ? now : null,
    updated_at: now,
  }
}

/** Moves runs that claim to train, though no engine can be alive, to `interrupted`; returns their ids. */
export function interruptOrphans(context: StoreContext): string[] {
  const training = context.db.query<{ id: string }>('find interrupted runs', "SELECT id FROM run WHERE state = 'training' ORDER BY key")
  const mark = context.db.command('mark interrupted runs', "UPDATE run SET state = 'interrupted', updated_at = ? WHERE state = 'training'")
  const ids = training.all().map((row) => row.id)
  if (ids.length > 0) mark.run(context.now())
  return ids
}
