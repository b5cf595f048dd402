/**
 * Looks at a data folder before anything is opened for writing: whether its database is whole, is the one that was
 * last written, and knows what lies in the folder. An empty database would else pass for an empty lab.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { LabError } from '../../../shared/errors.ts'
import { plural } from '../../../shared/wording.ts'
import { checkSchema, checkStructure, leftOpen, openDatabase } from '../database/database.ts'
import type { Database } from '../database/database.ts'
import { refuseNewer, schemaVersion } from '../database/migrate.ts'
import { migrations } from '../database/migrations/index.ts'
import { stagingPrefix } from '../datasets/datasets.ts'
import { codeOf, damagedDatabase, openingFailure } from '../failures.ts'
import { partEnding } from '../files/files.ts'
import { isBeingTaken } from '../files/taken-folder.ts'
import { checksumOf, readCommitMark } from './commit-mark.ts'
import type { CommitMark } from './commit-mark.ts'

/** The first version with a count of commits. */
const counted = 8

/** Folders of a kind that hold something, and are not being taken over yet. */
export function foldersOf(dataDir: string, kind: 'runs' | 'datasets'): string[] {
  const root = join(dataDir, kind)
  if (!existsSync(root)) return []
  return readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(stagingPrefix) && !name.startsWith('.') && !name.endsWith(partEnding))
    .filter((entry) => entry.isDirectory() && !isBeingTaken(join(root, entry.name)))
    .map(({ name }) => name)
}

/**
 * @param path of the database
 * @throws LabError `corrupt` with the action `repair`; `newer-store`, `bad-input` as they are
 */
export function inspect(dataDir: string, path: string): void {
  try {
    look(dataDir, path)
  } catch (error) {
    throw openingFailure(error, 'look at the database', path)
  }
}

function look(dataDir: string, path: string): void {
  const mark = readCommitMark(dataDir)
  if (!existsSync(path) || statSync(path).size === 0) {
    assertNothingThere(dataDir, path, mark, existsSync(path) ? 'is empty' : 'is not there')
    return
  }
  const logBytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  // Closed in order, and with its log gone: whatever bit has changed since shows.
  const isAtRest = mark !== null && mark.closed !== null && logBytes === 0
  const changed = isAtRest && checksumOf(path) !== mark.closed
  const database = openDatabase(path, { readOnly: true, slowMs: Infinity, onSlowQuery: () => undefined })
  try {
    const version = schemaVersion(database)
    refuseNewer(database, version, migrations.length)
    if (changed) throw damagedDatabase(path, 'its bytes are not those with which it was closed')
    if (version === 0) {
      assertNothingThere(dataDir, path, mark, 'is empty')
      return
    }
    if (!isAtRest) checkStructure(database)
    if (version === migrations.length) checkSchema(database, migrations)
    if (mark !== null && version >= counted) assertAllCommits(database, mark, logBytes > 0)
    assertFilesKnown(database, dataDir, mark !== null)
  } finally {
    database.close()
  }
}

function assertNothingThere(dataDir: string, path: string, mark: CommitMark | null, what: string): void {
  const [runs, datasets] = [foldersOf(dataDir, 'runs').length, foldersOf(dataDir, 'datasets').length]
  if (runs + datasets === 0 && (mark?.commits ?? 0) === 0) return
  const there = [...(runs > 0 ? [plural(runs, 'run')] : []), ...(datasets > 0 ? [plural(datasets, 'data set')] : [])].join(' and ')
  throw damagedDatabase(path, there === '' ? what : `it ${what}, yet the folder holds ${there}`)
}

function assertAllCommits({ raw, path }: Database, mark: CommitMark, hasLog: boolean): void {
  const commits = Number(raw.prepare('SELECT number FROM commit_count').pluck().get())
  if (commits < mark.commits) {
    const missing = mark.commits - commits
    throw damagedDatabase(
      path,
      `the last ${missing === 1 ? 'change is' : `${missing} changes are`} missing; was its log cut off, or an older copy put in its place?`,
    )
  }
  // Not asked where there is none: a reader leaves an index behind, in which the question would write.
  const log = hasLog ? framesOf(raw, path) : 0
  if (mark.copying > Math.max(log, 0)) throw damagedDatabase(path, 'its log was needed to finish a write, and is not whole')
}

/** How many pages the log holds. @throws LabError `disk` where it cannot be told without writing */
function framesOf(raw: Sqlite.Database, path: string): number {
  try {
    return (raw.pragma('wal_checkpoint(NOOP)') as { log: number }[])[0].log
  } catch (error) {
    throw codeOf(error).startsWith('SQLITE_READONLY') ? leftOpen(path) : error
  }
}

/**
 * Runs have a row before they have a folder, and lose the folder first. A data set, a checkpoint or a result that has no
 * row was left by a kill; but only where the mark says that the database is the newest.
 */
function assertFilesKnown(database: Database, dataDir: string, isNewest: boolean): void {
  const { raw, path } = database
  const all = (sql: string): Set<string> => new Set(raw.prepare<[], string>(sql).pluck().all())
  const runs = all('SELECT id FROM run')
  const unknown = foldersOf(dataDir, 'runs').filter((id) => !runs.has(id))
  if (!isNewest) {
    const datasets = all('SELECT hash FROM dataset')
    unknown.push(...foldersOf(dataDir, 'datasets').filter((hash) => !datasets.has(hash)))
    const checkpoints = schemaVersion(database) < counted ? null : all('SELECT path FROM checkpoint')
    if (checkpoints !== null) unknown.push(...checkpointFiles(dataDir).filter((file) => !checkpoints.has(file)))
  }
  if (unknown.length === 0) return
  const named = unknown.slice(0, 5).join(', ')
  throw new LabError(
    'corrupt',
    `The database ${path} does not know what lies in its folder: ${named}${unknown.length > 5 ? ` and ${unknown.length - 5} more` : ''}.`,
    'Nothing was changed. Repair it: what is there is brought back from its files.',
    { action: 'repair', settings: { dataDir } },
  )
}

/** As rows name them. */
export function checkpointFiles(dataDir: string): string[] {
  return foldersOf(dataDir, 'runs').flatMap((run) => {
    const folder = join(dataDir, 'runs', run, 'checkpoints')
    if (!existsSync(folder)) return []
    return readdirSync(folder).flatMap((file) => (file.endsWith(partEnding) ? [] : [`runs/${run}/checkpoints/${file}`]))
  })
}
