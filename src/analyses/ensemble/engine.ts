/** Lets networks vote, from what each says of the images. */
import { ensembleResult } from '../../engine/ensemble/ensemble-result.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { membersOf } from '../../engine/job-runner/members-of.ts'
import type { EnsembleResult } from './definition.ts'

/** Random ensembles a size, at most: their percentiles are the curve's bands. */
const draws = 100

export const run: RunAnalysis<{ sizes: number[] }, EnsembleResult> = async (task) => {
  const { job, split, context } = task
  const { options, seed } = job
  return { result: await ensembleResult({ ...membersOf(task), split, sizes: options.sizes, draws, seed, context }) }
}
