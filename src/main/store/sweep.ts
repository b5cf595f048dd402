/**
 * Clears what kills left behind: unfinished files go; whole ones that no row names (a kill between rename and row)
 * are set aside in `orphans`, and stay there until a person erases them.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { toStored } from './context.ts'
import type { StoreContext } from './context.ts'
import { stagingPrefix } from './datasets/datasets.ts'
import { fileFailure } from './failures.ts'
import { partEnding } from './files/files.ts'
import { isBeingTaken } from './files/taken-folder.ts'
import { setAside } from './files/orphans.ts'

/** Folders of a run in which every file has a row; `students` and `maps` are from before results had one. */
const owned = new Set(['checkpoints', 'probabilities', 'results', 'students', 'maps', 'artefacts'])

/** @returns what was removed or set aside, relative to the data folder */
export function sweep(context: StoreContext): string[] {
  try {
    return [...sweepDatasets(context), ...sweepRuns(context), ...sweepRoot(context)]
  } catch (error) {
    throw fileFailure(error, 'clear unfinished files', context.dataDir)
  }
}

function sweepDatasets(context: StoreContext): string[] {
  const root = join(context.dataDir, 'datasets')
  const known = new Set(
    context.db
      .query<{ hash: string }>('list data sets', 'SELECT hash FROM dataset')
      .all()
      .map((row) => row.hash),
  )
  const swept: string[] = []
  for (const name of entries(root)) {
    const path = join(root, name)
    if (!known.has(name)) swept.push((name.startsWith(stagingPrefix) || isUnfinished(path) ? drop : aside)(context, path))
    else swept.push(...entries(path).flatMap((file) => (file.endsWith(partEnding) ? [drop(context, join(path, file))] : [])))
  }
  return swept
}

function sweepRuns(context: StoreContext): string[] {
  const root = join(context.dataDir, 'runs')
  const runs = new Set(
    context.db
      .query<{ id: string }>('list run ids', 'SELECT id FROM run')
      .all()
      .map((row) => row.id),
  )
  const named = new Set<string>()
  for (const table of ['checkpoint', 'probabilities', 'result', 'artefact']) {
    context.db
      .query<{ path: string }>(`list files of ${table}`, `SELECT path FROM ${table} WHERE path IS NOT NULL`)
      .each([], (row) => void named.add(row.path))
  }
  const swept: string[] = []
  for (const run of entries(root)) {
    if (!runs.has(run)) {
      swept.push((isUnfinished(join(root, run)) ? drop : aside)(context, join(root, run)))
      continue
    }
    for (const folder of entries(join(root, run))) {
      const path = join(root, run, folder)
      if (folder.endsWith(partEnding)) swept.push(drop(context, path))
      if (!owned.has(folder)) continue
      for (const file of entries(path)) {
        const stored = toStored(context, join(path, file))
        if (file.endsWith(partEnding)) swept.push(drop(context, join(path, file)))
        else if (!named.has(stored)) swept.push(aside(context, join(path, file)))
      }
    }
  }
  return swept
}

function sweepRoot(context: StoreContext): string[] {
  return ['', 'backups', 'studies']
    .map((folder) => join(context.dataDir, folder))
    .flatMap((folder) =>
      entries(folder)
        .filter((name) => name.endsWith(partEnding))
        .map((name) => drop(context, join(folder, name))),
    )
}

/** Of what has no row: whether it was still being made. */
const isUnfinished = (path: string): boolean => path.endsWith(partEnding) || isBeingTaken(path)

function entries(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return []
  return readdirSync(folder).sort()
}

function aside(context: StoreContext, path: string): string {
  setAside(context.dataDir, path, context.now())
  return toStored(context, path)
}

function drop(context: StoreContext, path: string): string {
  rmSync(path, { recursive: true, force: true })
  return toStored(context, path)
}
