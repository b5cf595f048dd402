/** The end of a lab that served windows: what trains is paused after its step, with a checkpoint. */
import type { Lab } from '../lab/lab.ts'

export interface Ending {
  /** Resolves when everything has ended and the data folder is let go of. */
  readonly ended: Promise<void>
  /** Does not wait for steps under way: what trains goes on later from its last checkpoint. */
  hurry(): void
}

/** Ends a lab in order; its windows and servers must be closed, or they begin new work. */
export function closeLab(lab: Lab): Ending {
  const asked = new Set<string>()
  const letGo = Promise.withResolvers<undefined>()
  /** Each job once: a second wish would end it without a checkpoint. */
  const look = (): void => {
    const jobs = lab.jobs.list()
    if (jobs.length === 0) {
      letGo.resolve(undefined)
      return
    }
    for (const { id } of jobs) {
      if (asked.has(id)) continue
      asked.add(id)
      lab.jobs.pause(id)
    }
  }
  const end = async (): Promise<void> => {
    // The queue forgets a job a little after it has told of its end, and a task may begin another one.
    const stop = lab.jobs.subscribe(() => setImmediate(look))
    look()
    await letGo.promise
    stop()
    await lab.close()
  }
  return {
    ended: end(),
    hurry: () => {
      for (const { id } of lab.jobs.list()) lab.jobs.cancel(id)
    },
  }
}
