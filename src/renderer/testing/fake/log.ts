/** A made-up log of a made-up run. */
import type { RunEvent } from '../../../shared/contract/events.ts'
import type { Run } from '../../../shared/contract/runs.ts'

/** What would have happened to it so far. */
export function logOf(run: Run): RunEvent[] {
  const began = run.startedAt ?? run.createdAt
  const perStep = (1000 * run.seconds) / Math.max(run.step, 1)
  const every = run.document.training.checkpointEvery
  const lines: Omit<RunEvent, 'id'>[] = [
    { at: run.createdAt, kind: 'state', level: 'info', step: null, text: 'Created' },
    { at: began, kind: 'state', level: 'info', step: 0, text: 'Training began' },
  ]
  for (let step = every; step <= run.step; step += every)
    lines.push({ at: began + step * perStep, kind: 'checkpoint', level: 'info', step, text: 'Checkpoint' })
  const { error, endedAt } = run
  if (error !== null)
    lines.push({ at: run.updatedAt, kind: 'state', level: 'bad', step: run.step, text: `${run.state}: ${error.message} ${error.remedy}` })
  else if (endedAt !== null) lines.push({ at: endedAt, kind: 'state', level: 'info', step: run.step, text: 'Finished' })
  return lines.map((line, index) => ({ id: index + 1, ...line }))
}
