/** Which checkpoints may go: what somebody asked to keep, or anything was made from, may not. */
import type { StoreContext } from '../context.ts'

/** Sound checkpoints that always stay, newest first. */
const newest = 2

/** Gives the checkpoints of a run that may be removed. */
export function prunable(context: StoreContext): (run: string) => { key: number; hash: string; path: string }[] {
  const makers = ['result', 'probabilities', 'network']
  const unused = makers.map((table) => `NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table}.checkpoint = checkpoint.hash)`).join(' AND ')
  const query = context.db.query<{ key: number; hash: string; path: string }>(
    'find prunable checkpoints',
    `SELECT checkpoint.key, checkpoint.hash, checkpoint.path FROM checkpoint JOIN run ON run.key = checkpoint.run
     WHERE run.id = ? AND kept = 0
     AND checkpoint.key NOT IN (
       SELECT key FROM (
         SELECT max(c.key) AS key, c.step FROM checkpoint c JOIN run r ON r.key = c.run
         WHERE r.id = ? AND damaged = 0 GROUP BY c.step ORDER BY c.step DESC LIMIT ${newest}
       )
     )
     AND NOT EXISTS (SELECT 1 FROM run AS fork WHERE fork.parent_run = run.id AND fork.parent_step = checkpoint.step)
     AND ${unused}`,
  )
  return (run) => query.all(run, run)
}

/** Checkpoints that something is being made from: they stay until it is over, though no row tells of it yet. */
export class HeldCheckpoints {
  readonly #counts = new Map<string, number>()

  /** @param hash of one; left out: all of the run @returns what lets go, once */
  hold(run: string, hash = ''): () => void {
    const key = `${run} ${hash}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    let held = true
    return () => {
      if (!held) return
      held = false
      const left = (this.#counts.get(key) ?? 1) - 1
      if (left === 0) this.#counts.delete(key)
      else this.#counts.set(key, left)
    }
  }

  has(run: string, hash: string): boolean {
    return this.#counts.has(`${run} `) || this.#counts.has(`${run} ${hash}`)
  }
}
