/** A damaged data folder, put together anew. */
import type { RepairReport } from '../../../shared/contract/system.ts'
import { plural } from '../../../shared/wording.ts'
import { repairStore } from '../../store/health/repair.ts'

export { repairStore as repairDataFolder }

/** What was made of it, a sentence each: what there is now, what it was made from, what is lost, what is kept. */
export function repairSentences({ runs, datasets, checkpoints, results, kept, done, lost }: RepairReport): string[] {
  return [
    `The database is whole: ${plural(runs, 'run')}, ${plural(datasets, 'data set')}, ${plural(checkpoints, 'checkpoint')}, ${plural(results, 'result')}.`,
    ...done,
    ...lost,
    ...(kept === null ? [] : [`The damaged database is kept in ${kept}.`]),
  ]
}
