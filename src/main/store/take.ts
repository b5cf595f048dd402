/** Takes whole runs and data sets over from another data folder: their files first, then their rows, each run in one transaction. */
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { link, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import { assertIds, type StoreContext } from './context.ts'
import { beginFile, makeFolder, pour, removeUnnamed } from './files/files.ts'
import { beginTaking, endTaking } from './files/taken-folder.ts'
import { mergeDatabase, type Merged } from './health/merge-database.ts'

export interface Taken {
  runs: string[]
  datasets: string[]
}

export function taker(context: StoreContext) {
  const { dataDir, db } = context
  const hasRun = db.query('find a run', 'SELECT 1 FROM run WHERE id = ?')
  const hasDataset = db.query('find a data set', 'SELECT 1 FROM dataset WHERE hash = ?')
  const inTrash = db.query<{ hash: string }>(
    'see whether the data set of a run was removed',
    'SELECT hash FROM dataset WHERE deleted_at >= 0 AND hash = (SELECT dataset FROM run WHERE id = ?)',
  )
  const restore = db.command('restore the data set of a run that was taken', 'UPDATE dataset SET deleted_at = NULL WHERE hash = ?')
  const note = db.command('note when a run was taken', 'UPDATE run SET updated_at = ?, note = note WHERE id = ?')

  /** What a folder holds, into one that is there. */
  async function copy(from: string, to: string, isLinked: boolean): Promise<void> {
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      const [source, target] = [join(from, entry.name), join(to, entry.name)]
      if (entry.isDirectory()) {
        makeFolder(dataDir, target)
        await copy(source, target, isLinked)
      } else if (!isLinked || !(await linked(source, target)))
        await pour(await beginFile(target, 'take a file over'), createReadStream(source, { highWaterMark: 1 << 20 }))
    }
  }

  /**
   * What is there already stays as it is, so that it can be asked as often as one likes; but the data set of a run that came leaves the
   * trash. Who asks has seen that nobody writes into these.
   * @param from another data folder, of this version: one that was opened
   * @param called what an error calls it
   * @throws LabError `disk`, `corrupt` where a run could not be read, also as `assertIds`
   */
  return async (from: string, wanted: { runs?: readonly string[]; datasets?: readonly string[] }, called = from): Promise<Taken> => {
    assertIds([...(wanted.runs ?? []), ...(wanted.datasets ?? [])])
    const runs = (wanted.runs ?? []).filter((id) => hasRun.get(id) === undefined)
    const datasets = (wanted.datasets ?? []).filter((hash) => hasDataset.get(hash) === undefined)
    const folders = [...datasets.map((hash) => ['datasets', hash]), ...runs.map((id) => ['runs', id])]
    let merged: Merged
    try {
      for (const parts of folders) {
        const [source, to] = [join(from, ...parts), join(dataDir, ...parts)]
        // Without a row it is what a copy left that was broken off.
        await rm(to, { recursive: true, force: true })
        if (!existsSync(source)) continue
        makeFolder(dataDir, to)
        await beginTaking(to)
        await copy(source, to, parts[0] === 'datasets')
      }
      const isThere = (kind: string, id: string) => folders.some(([of, name]) => of === kind && name === id)
      merged = mergeDatabase(db.raw, join(from, 'weightscape.db'), { isThere, partly: false, preferences: false })
    } finally {
      for (const [kind, id] of folders) {
        const isTaken = (kind === 'runs' ? hasRun : hasDataset).get(id) !== undefined
        await (isTaken ? endTaking : removeUnnamed)(join(dataDir, kind, id))
      }
    }
    const back: string[] = []
    for (const id of merged.runs) {
      note.run(context.now(), id)
      for (const { hash } of inTrash.all(id)) {
        restore.run(hash)
        back.push(hash)
        context.changed({ kind: 'dataset', id: hash })
      }
      context.changed({ kind: 'run', id })
    }
    if (merged.runs.length < runs.length || merged.datasets.length < datasets.length)
      throw new LabError(
        'corrupt',
        `Not all could be taken over from ${called}: ${merged.lost.join('; ')}.`,
        'Look into it: nothing in it was changed.',
      )
    return { runs: merged.runs, datasets: [...merged.datasets, ...back] }
  }
}

/** Data sets never change: the same file serves both folders, where they lie on one disk. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await rm(to, { force: true })
    await link(from, to)
    return true
  } catch {
    return false
  }
}
