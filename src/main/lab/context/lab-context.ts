/** What every lab service works with. */
import type { EngineHost } from '../../../shared/engine-host.ts'
import type { Store } from '../../store/open-store.ts'
import type { JobQueue } from './job-queue.ts'
import type { LiveRuns } from './live-runs.ts'
import type { WorkerThread } from '../worker-thread/worker-thread.ts'

export interface LabContext {
  store: Store
  jobs: JobQueue
  /** What runs that train say on the way. */
  live: LiveRuns
  /** Does what would hold up everything else. */
  thread: WorkerThread
  /** Milliseconds since the epoch: when something happened. */
  now(): number
  /** Milliseconds of a clock that nobody sets back or forth: how long something took. */
  elapsed(): number
  /** Engine processes a job's networks are spread over. */
  farmProcesses: number
  /** What TensorFlow runs on. @throws LabError `set-up`, `engine-lost` */
  device: EngineHost['device']
  /** A process that holds one checkpoint's networks. */
  explore: EngineHost['explore']
  /** Something worth a line that is no error: a checkpoint that had to be skipped, say. */
  note(message: string): void
}
