/** Files and folders that no row named when the lab was opened: kept in `orphans` until a person erases them. */
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import type { TrashItem } from '../types.ts'
import { bytesOf, eraseTaken, takeAway } from './erased-folder.ts'
import { makeFolder, partEnding } from './files.ts'

const folderOf = (dataDir: string): string => join(dataDir, 'orphans')
/** `runs-calm-otter-1764300000000` */
const pattern = /^([a-z]+)-(.+)-(\d+)$/
const kinds: Readonly<Record<string, string>> = { runs: 'run', datasets: 'data set', checkpoints: 'checkpoint', probabilities: 'cache' }

/** Moves what has no row out of the way. @param now milliseconds since the epoch */
export function setAside(dataDir: string, path: string, now: number): void {
  makeFolder(dataDir, folderOf(dataDir))
  renameSync(path, join(folderOf(dataDir), `${basename(dirname(path))}-${basename(path)}-${Math.trunc(now)}`))
}

function names(dataDir: string): string[] {
  const folder = folderOf(dataDir)
  return existsSync(folder) ? readdirSync(folder).filter((name) => !name.endsWith(partEnding)) : []
}

export async function listOrphans(dataDir: string): Promise<TrashItem[]> {
  const items: TrashItem[] = []
  for (const name of names(dataDir)) {
    const path = join(folderOf(dataDir), name)
    const [, kind = 'file', of = name, time] = pattern.exec(name) ?? []
    const deletedAt = time === undefined ? statSync(path).ctimeMs : Number(time)
    items.push({
      kind: 'orphan',
      id: name,
      name: `${kinds[kind] ?? 'file'} ${of.slice(0, 40)}`,
      deletedAt,
      goneAt: null,
      bytes: await bytesOf(path),
    })
  }
  return items.sort((a, b) => b.deletedAt - a.deletedAt)
}

/** @returns bytes freed @throws LabError `not-found` */
export async function eraseOrphan(dataDir: string, name: string): Promise<number> {
  if (!names(dataDir).includes(name))
    throw new LabError('not-found', `There is no ${name} among the orphans.`, 'It may have been erased already.')
  return eraseTaken(takeAway(join(folderOf(dataDir), name)))
}

/** Puts runs and data sets back where they were, if nothing is there now, to have rows made for them. */
export function bringBack(dataDir: string): void {
  for (const name of names(dataDir)) {
    const [, kind, id] = pattern.exec(name) ?? []
    if ((kind !== 'runs' && kind !== 'datasets') || id === undefined || existsSync(join(dataDir, kind, id))) continue
    makeFolder(dataDir, join(dataDir, kind))
    renameSync(join(folderOf(dataDir), name), join(dataDir, kind, id))
  }
}
