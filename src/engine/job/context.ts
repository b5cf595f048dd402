/** What a job needs from its process: to send events, and to let messages arrive. Injected, so that the engine knows no process, file or clock. */
import type { JobEvent } from '../../shared/engine-protocol.ts'

export interface JobContext {
  emit(event: JobEvent): void
  /**
   * Lets waiting messages in; call at least every 250 ms of work.
   * @throws LabError `cancelled` when the person has cancelled
   */
  yieldToEventLoop(): Promise<void>
  /** True once a pause was asked for: end after the step under way, with a checkpoint. */
  readonly pausing: boolean
  /** Milliseconds since the epoch; may be a double in tests. */
  now(): number
}
