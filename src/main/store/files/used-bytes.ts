/** How much of the disk the store takes, by kind. */
import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { StoreContext } from '../context.ts'
import { fileFailure } from '../failures.ts'

/** @returns tells the bytes of files by what they are, as the rows know them */
export function usedBytes({ db }: StoreContext) {
  const sums = ['dataset', 'checkpoint', 'probabilities', 'artefact', 'report', 'result'].map((table) =>
    db.query<{ bytes: number | null }>(`measure ${table}`, `SELECT sum(bytes) AS bytes FROM ${table}`),
  )
  return () => {
    const [datasets, checkpoints, caches, artefacts, reports, results] = sums.map((sum) => sum.get()?.bytes ?? 0)
    return { datasets, checkpoints, caches, other: artefacts + reports + results + databaseBytes(db.path) }
  }
}

/** The database with its log. */
function databaseBytes(path: string): number {
  const folder = dirname(path)
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith(basename(path)))
      .reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0)
  } catch (error) {
    throw fileFailure(error, 'measure the database', folder)
  }
}
