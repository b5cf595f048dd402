/** What every lab service works with. */
import type { Store } from '../store/types.ts'
import type { JobQueue } from './jobs.ts'

export interface LabParts {
  store: Store
  jobs: JobQueue
  /** Milliseconds since the epoch. */
  now(): number
  /** Engine processes a job's networks are spread over. */
  farmProcesses: number
  /** Something worth a line that is no error: a checkpoint that had to be skipped, say. */
  note(message: string): void
}
