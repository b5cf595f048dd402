/** The log of each run. */

import type { RunEvent } from '../../../shared/contract/events.ts'

export type { RunEvent }

export interface NewRunEvent {
  kind: RunEvent['kind']
  text: string
  /** Default: `info`. */
  level?: RunEvent['level']
  step?: number
}

export interface EventStore {
  /** @throws LabError `not-found` */
  add(run: string, event: NewRunEvent): RunEvent
  /** The newest `limit` (default 1000) of those after and before an id, in order of writing. @throws LabError `not-found` */
  list(run: string, range?: { after?: number; before?: number; limit?: number }): RunEvent[]
}
