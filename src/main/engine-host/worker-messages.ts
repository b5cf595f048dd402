/** What crosses between the engine host and a farm worker process. */
import type { ErrorValue } from '../../shared/errors.ts'
import type { FarmAddress } from './farm-socket.ts'
import type { FarmJob } from './open-farm.ts'

/** The one message to a worker. */
export interface WorkerStart {
  type: 'start'
  job: FarmJob
  /** Where the engine listens. */
  address: FarmAddress
}

export type WorkerMessage = { type: 'ready' } | { type: 'heartbeat'; residentBytes: number } | { type: 'failed'; error: ErrorValue }
