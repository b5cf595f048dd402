/** What happened to a run, told from what was stored about it. */
import type { RunDetails, RunSummary } from '../../../shared/contract/runs.ts'
import { count, percent } from '../../state/format.ts'

export interface Happening {
  at: number
  text: string
  bad: boolean
}

/** The newest first. */
export function historyOf(run: RunSummary, details: RunDetails): Happening[] {
  const happenings: Happening[] = []
  const tell = (at: number | null, text: string, bad = false) => {
    if (at !== null) happenings.push({ at, text, bad })
  }
  tell(run.createdAt, run.parent === null ? 'Created' : `Forked from ${run.parent.run} at step ${count(run.parent.step)}`)
  tell(run.startedAt, 'Training began')
  for (const { step, split, result, createdAt } of details.evaluations) {
    tell(
      createdAt,
      `Step ${count(step)}: ${count(result.n)} networks on ${split} images, ${percent(result.mean)} right, ${percent(result.min)} to ${percent(result.max)}`,
    )
  }
  for (const { step, reason, damaged, createdAt } of details.checkpoints) {
    tell(createdAt, `Step ${count(step)}: checkpoint (${reason})${damaged ? ', now damaged' : ''}`, damaged)
  }
  for (const { createdAt, result } of details.ensembles) tell(createdAt, `Ensembles of ${count(result.n)} networks`)
  for (const { createdAt, result } of details.students)
    tell(createdAt, `Student of ${count(result.n)} networks: ${percent(result.student)}`)
  for (const { createdAt, result } of details.maps) tell(createdAt, `Map of ${count(result.n)} networks`)
  for (const { createdAt, format } of details.reports) tell(createdAt, `Report (${format})`)
  if (run.error !== null) tell(run.updatedAt, `${run.error.message} ${run.error.remedy}`, true)
  if (run.endedAt !== null) tell(run.endedAt, `Ended: ${run.state}`)
  return happenings.sort((a, b) => b.at - a.at)
}
