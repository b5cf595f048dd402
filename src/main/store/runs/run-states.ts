/** The states of a run: which may follow which, and what a move changes in its row. */
import { LabError } from '../../../shared/errors.ts'
import type { StoreContext } from '../context.ts'
import { eventWriter } from './events.ts'
import type { SummaryRow } from './run-rows.ts'
import { toChecksummedJson } from '../files/checksummed-json.ts'
import type { MoveFacts, NewRunEvent, RunState } from '../types.ts'

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

/** Whoever reads it need not be where it trains. */
export const waitOrPause = 'Wait for it to end, or pause it where it was started. See how it stands.'

const ends: readonly RunState[] = ['finished', 'stopped', 'failed']

/** What a move changes in a run's row. */
export type Moved = Pick<SummaryRow, 'state' | 'step' | 'seconds' | 'error' | 'startedAt' | 'endedAt' | 'updatedAt'>

/** @param now milliseconds since the epoch @throws LabError `conflict` when the run's state does not allow it */
export function moved(run: SummaryRow, to: RunState, facts: MoveFacts, now: number): Moved {
  if (!comesFrom[to].includes(run.state)) {
    throw new LabError(
      'conflict',
      `Run ${run.id} is ${run.state} and cannot become ${to}.`,
      run.state === 'training' ? waitOrPause : 'See how it stands.',
      { action: 'show-run', run: run.id },
    )
  }
  return {
    state: to,
    step: facts.step ?? run.step,
    seconds: facts.seconds ?? run.seconds,
    error: facts.error === undefined ? (to === 'training' || to === 'queued' ? null : run.error) : toChecksummedJson(facts.error),
    startedAt: run.startedAt ?? (to === 'training' ? now : null),
    endedAt: ends.includes(to) ? now : null,
    updatedAt: now,
  }
}

/** What the log says of a move; null: it is not worth a line. */
export function lineOf(run: SummaryRow, to: RunState, { error, asBefore = false }: MoveFacts): NewRunEvent | null {
  if (to === 'queued' || asBefore) return null
  if (to === 'training') return { kind: 'state', text: run.startedAt === null ? 'Training began' : 'Training went on' }
  const word = `${to[0].toUpperCase()}${to.slice(1)}`
  if (error === undefined) return { kind: 'state', text: word }
  return { kind: 'state', level: to === 'failed' ? 'bad' : 'warn', text: `${word}: ${error.message} ${error.remedy}` }
}

/** Moves runs that claim to train, though no engine can be alive, to `interrupted`; returns their ids. */
export function interruptOrphans(context: StoreContext): string[] {
  const training = context.db.query<{ id: string; key: number; step: number }>(
    'find interrupted runs',
    "SELECT id, key, step FROM run WHERE state = 'training' ORDER BY key",
  )
  const write = eventWriter(context)
  const mark = context.db.command('mark interrupted runs', "UPDATE run SET state = 'interrupted', updated_at = ? WHERE state = 'training'")
  const found = training.all()
  if (found.length === 0) return []
  context.db.transaction('mark interrupted runs', () => {
    mark.run(context.now())
    for (const { id, key, step } of found)
      write(key, id, { kind: 'state', level: 'warn', step, text: 'Interrupted: Weightscape had ended while it trained' })
  })
  return found.map(({ id }) => id)
}
