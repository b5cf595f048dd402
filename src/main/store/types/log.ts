/** The log of each run. */

/** A line of a run's log. */
export interface RunEvent {
  /** In order of writing, over all runs. */
  id: number
  at: number
  kind: 'state' | 'checkpoint' | 'evaluation' | 'result' | 'fork' | 'warning'
  level: 'info' | 'warn' | 'bad'
  /** Of the run's training, where it belongs to one. */
  step: number | null
  text: string
}

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
