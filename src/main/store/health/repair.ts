/**
 * Puts a database together anew: from the damaged one as far as it can be read, from its backups, and from the files
 * in the folder and among its orphans. The damaged one is kept in `damaged`, and in its place until the new one is whole.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { LabError, toErrorValue } from '../../../shared/errors.ts'
import type { RepairReport } from '../../../shared/contract/system.ts'
import { plural } from '../../../shared/wording.ts'
import { openDatabase } from '../database/database.ts'
import type { Database } from '../database/database.ts'
import { acquireLock, ownCommand } from '../database/lock.ts'
import { migrate, refuseNewer, schemaVersion } from '../database/migrate.ts'
import { migrations } from '../database/migrations/index.ts'
import { applyMigration } from '../database/migrations/migration.ts'
import { fileFailure } from '../failures.ts'
import { syncFolder } from '../files/files.ts'
import { databaseName, makeFolders } from '../files/folders.ts'
import { bringBack, setAside } from '../files/orphans.ts'
import { listBackups } from './backups.ts'
import { checksumOf, openCommitMark, readCommitMark } from './commit-mark.ts'
import type { CommitMark } from './commit-mark.ts'
import { firstPage, mendFile, mendLog } from './flipped-bit.ts'
import { mergeDatabase } from './merge-database.ts'
import { addCheckpoints, addDatasets, databaseOfRecords, unknownFolders } from './rows-from-files.ts'
import { takeNewer } from './take-newer.ts'

/** A database that rows are taken from: a copy, brought to this version. */
interface Source {
  /** In sentences. */
  name: string
  path: string
  commits: number
  /** SQLite finds nothing wrong with it. */
  sound: boolean
  /** From before what is there now: a person may have erased runs that it knows. */
  kept: boolean
}

const quiet = { readOnly: false, slowMs: Infinity, onSlowQuery: (): void => undefined }

export interface RepairOptions {
  /** Milliseconds since the epoch; default Date.now. */
  clock?: () => number
  command?: string
}

/**
 * @throws LabError `conflict` when another process has the folder, `newer-store`, `disk`
 */
export function repairStore(folder: string, { clock = Date.now, command = ownCommand() }: RepairOptions = {}): RepairReport {
  const dataDir = resolve(folder)
  if (!existsSync(dataDir))
    throw new LabError('not-found', `There is no data folder ${dataDir}.`, 'Choose another.', { settings: { dataDir: null } })
  const lock = acquireLock(dataDir, { command, waitMs: 500, now: clock() })
  const stage = join(dataDir, `.repair-${process.pid}.part`)
  try {
    makeFolders(stage, 0o700)
    return repair(dataDir, stage, clock())
  } catch (error) {
    throw fileFailure(error, 'repair the database', join(dataDir, databaseName))
  } finally {
    rmSync(stage, { recursive: true, force: true })
    lock.release()
  }
}

function repair(dataDir: string, stage: string, now: number): RepairReport {
  bringBack(dataDir)
  const mark = readCommitMark(dataDir)
  const notes: string[] = []
  const sources = [...presentOnes(dataDir, stage, mark, notes), ...keptOnes(dataDir, stage)].flatMap((copy) => open(copy, notes) ?? [])
  sources.sort((a, b) => b.commits - a.commits)
  const base = sources.find(({ sound }) => sound)
  const path = join(stage, 'new.db')
  const wanted = mark?.commits ?? 0
  if (base !== undefined)
    notes.push(
      base.commits < wanted
        ? `${base.name} was taken; its last ${plural(wanted - base.commits, 'change')} had been lost.`
        : `${base.name} was taken.`,
    )
  if (base !== undefined) withRaw(base.path, (raw) => raw.prepare('VACUUM INTO ?').run(path))
  const database = openDatabase(path, quiet)
  database.raw.pragma('synchronous = OFF') // synced before it is put in its place
  migrate(database, migrations, now)
  const { raw } = database
  const isThere = (kind: string, id: string): boolean => existsSync(join(dataDir, kind, id))
  const lost = fill(
    raw,
    { dataDir, stage, isThere },
    sources.filter((source) => source !== base),
  )
  if (base?.kept === true) dropErased(raw, isThere)
  const unknown = unknownFolders(raw, dataDir)
  const commits = Math.max(wanted, ...sources.map((source) => source.commits)) + 1
  raw.prepare('UPDATE commit_count SET number = ?').run(commits)
  const count = (table: string): number => Number(raw.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
  const counts = { runs: count('run'), datasets: count('dataset'), checkpoints: count('checkpoint'), results: count('result') }
  raw.pragma('wal_checkpoint(TRUNCATE)')
  raw.pragma('journal_mode = DELETE') // one file, to be put in its place
  database.close()
  const kept = putInPlace(dataDir, path, now)
  const marker = openCommitMark(dataDir, commits)
  marker.write({ commits, copying: 0, closed: checksumOf(join(dataDir, databaseName)) })
  marker.close()
  for (const each of unknown) {
    setAside(dataDir, join(dataDir, each), now)
    lost.push(`${each} could not be brought back, and is kept among the orphans.`)
  }
  return { ...counts, kept, done: notes, lost }
}

interface Place {
  dataDir: string
  stage: string
  isThere: (kind: string, id: string) => boolean
}

/** Rows of the other sources, and what only files tell. @returns what could not be brought back, in sentences */
function fill(raw: Sqlite.Database, { dataDir, stage, isThere }: Place, others: readonly Source[]): string[] {
  for (const { path } of others) mergeDatabase(raw, path, { isThere, partly: false, preferences: true })
  const records = join(stage, 'records.db')
  databaseOfRecords(dataDir, records)
  mergeDatabase(raw, records, { isThere, partly: false, preferences: true })
  takeNewer(raw, records)
  // What no other source has whole is taken in parts.
  const lost = others
    .filter(({ sound }) => !sound)
    .flatMap(({ path }) => mergeDatabase(raw, path, { isThere, partly: true, preferences: true }).lost)
  return [...lost, ...addDatasets(raw, dataDir), ...addCheckpoints(raw, dataDir)]
}

type Copy = Pick<Source, 'name' | 'path' | 'kept'>

function dropErased(raw: Sqlite.Database, isThere: (kind: string, id: string) => boolean): void {
  const ids = (sql: string): string[] => raw.prepare<[], string>(sql).pluck().all()
  const drop = { run: raw.prepare('DELETE FROM run WHERE id = ?'), dataset: raw.prepare('DELETE FROM dataset WHERE hash = ?') }
  for (const id of ids('SELECT id FROM run')) if (!isThere('runs', id)) drop.run.run(id)
  for (const hash of ids('SELECT hash FROM dataset WHERE hash NOT IN (SELECT dataset FROM run)'))
    if (!isThere('datasets', hash)) drop.dataset.run(hash)
}

/** Copies of the database that is there: with its log and, where that is not whole, without it. */
function presentOnes(dataDir: string, stage: string, mark: CommitMark | null, notes: string[]): Copy[] {
  const path = join(dataDir, databaseName)
  const [there, log] = [path, `${path}-wal`].map((each) => (existsSync(each) ? readFileSync(each) : Buffer.alloc(0)))
  const bits = mendLog(log)
  if (bits > 0) notes.push(`${plural(bits, 'bit')} of the log had changed, and ${bits === 1 ? 'was' : 'were'} put back.`)
  // SQLite throws a log away that has no database: its first page makes it one.
  const bytes = there.length > 0 ? there : firstPage(log)
  if (bytes === null) return []
  const copies: Copy[] = []
  if (mark !== null && mark.closed !== null && log.length === 0) {
    const found = checksumOf(path)
    if (found !== mark.closed && mendFile(bytes, found, mark.closed)) notes.push('One bit of the database had changed, and was put back.')
  }
  const copy = (name: string, withLog: boolean): void => {
    const place = join(stage, `present-${copies.length}.db`)
    writeFileSync(place, bytes, { mode: 0o600 })
    if (withLog) writeFileSync(`${place}-wal`, log, { mode: 0o600 })
    copies.push({ name, path: place, kept: false })
  }
  copy(there.length > 0 ? 'The database that was there' : 'The log of the database', log.length > 0)
  if (there.length > 0 && log.length > 0) copy('The database that was there, without its log,', false)
  return copies
}

/** Copies of backups, and of databases that were damaged before. */
function keptOnes(dataDir: string, stage: string): Copy[] {
  const damaged = join(dataDir, 'damaged')
  const former = existsSync(damaged) ? readdirSync(damaged).map((name) => join(damaged, name, databaseName)) : []
  return [...listBackups(dataDir), ...former.filter((path) => existsSync(path))].map((from, i) => {
    const path = join(stage, `kept-${i}.db`)
    copyFileSync(from, path)
    if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${path}-wal`)
    return { name: `The copy ${from}`, path, kept: true }
  })
}

/** Brings a copy to this version. @returns null: nothing can be read in it */
function open({ name, path, kept }: Copy, notes: string[]): Source | null {
  let database: Database | undefined
  try {
    database = openDatabase(path, quiet)
    database.raw.pragma('synchronous = OFF') // a copy that is thrown away
    const version = schemaVersion(database)
    if (version === 0) return null
    refuseNewer(database, version, migrations.length)
    const { raw } = database
    for (const migration of migrations.slice(version)) raw.transaction(() => applyMigration(migration, raw, () => undefined))()
    const sound = raw.pragma('integrity_check(1)', { simple: true }) === 'ok' && (raw.pragma('foreign_key_check') as unknown[]).length === 0
    return { name, path, kept, sound, commits: Number(raw.prepare('SELECT number FROM commit_count').pluck().get()) }
  } catch (error) {
    const { code, message } = toErrorValue(error)
    if (code === 'newer-store') throw error
    notes.push(`${name} could not be read: ${message.split('\n')[0]}`)
    return null
  } finally {
    database?.close()
  }
}

function withRaw(path: string, work: (raw: Sqlite.Database) => void): void {
  const raw = new Sqlite(path)
  try {
    work(raw)
  } finally {
    raw.close()
  }
}

/**
 * Keeps what is there under `damaged`, then puts the new database in its place. The log goes first: SQLite would
 * take it for the new one's.
 * @returns the folder where it is kept; null: there was none
 */
function putInPlace(dataDir: string, path: string, now: number): string | null {
  const place = join(dataDir, databaseName)
  const folder = join(dataDir, 'damaged', new Date(now).toISOString().replaceAll(/[:.]/g, '-'))
  const keep = join(folder, databaseName)
  const had = [place, `${place}-wal`].map((each) => existsSync(each))
  if (had.includes(true)) makeFolders(folder, 0o700)
  if (had[0]) {
    try {
      linkSync(place, keep)
    } catch {
      copyFileSync(place, keep) // no links on this disk
    }
  }
  if (had[1]) renameSync(`${place}-wal`, `${keep}-wal`)
  rmSync(`${place}-shm`, { force: true })
  const file = openSync(path, 'r+')
  fsyncSync(file)
  closeSync(file)
  renameSync(path, place)
  syncFolder(dataDir)
  return had.includes(true) ? folder : null
}
