/** The SQLite connection: settings on which durability rests, statements that carry names, errors in sentences. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { LabError } from '../../../shared/errors.ts'
import { codeOf, damagedDatabase, fileFailure, openedForReading, sqlFailure } from '../failures.ts'
import { applyMigration, type Migration } from './migrations/migration.ts'

export type SqlValue = string | number | bigint | Uint8Array | null

/** A prepared statement; `Row` is what the author of the SQL knows it yields. */
export interface Query<Row> {
  get(...values: SqlValue[]): Row | undefined
  all(...values: SqlValue[]): Row[]
  /** Rows one by one, for long series; do not write while it runs. */
  each(values: SqlValue[], visit: (row: Row) => void): void
}

export interface Command {
  /** Rows changed and the key of the last one inserted. */
  run(...values: SqlValue[]): { changes: number; key: number }
}

export interface Database {
  readonly path: string
  readonly readOnly: boolean
  query<Row>(name: string, sql: string): Query<Row>
  command(name: string, sql: string): Command
  /** All of it or nothing, on the disk when it returns. May be nested. */
  transaction<T>(name: string, work: () => T): T
  /** The connection itself, for migrations and checks. */
  readonly raw: Sqlite.Database
  /** From now on every commit is followed. */
  follow(follower: CommitFollower): void
  close(): void
}

/** Takes part in each transaction. */
export interface CommitFollower {
  /** Within it, last. */
  committing(): void
  /** It is on the disk. */
  committed(): void
  /** Before the connection is closed. */
  closing(): void
  /** It is closed. */
  closed(): void
}

export interface DatabaseOptions {
  readOnly: boolean
  slowMs: number
  onSlowQuery: (name: string, milliseconds: number) => void
}

/**
 * Opens the database file.
 * @throws LabError `disk` or `corrupt`
 */
export function openDatabase(path: string, options: DatabaseOptions): Database {
  const raw = connect(path, options.readOnly)
  const inode = statSync(path).ino
  let follower: CommitFollower | undefined

  function timed<T>(name: string, work: () => T): T {
    const begun = performance.now()
    try {
      return work()
    } catch (error) {
      throw sqlFailure(error, name, path)
    } finally {
      const took = performance.now() - begun
      if (took > options.slowMs) options.onSlowQuery(name, took)
    }
  }

  // Linux goes on writing into a file whose folder was removed, and would acknowledge what nobody can find again.
  function assertThere(): void {
    let found: number
    try {
      found = statSync(path).ino
    } catch (error) {
      throw fileFailure(error, 'write to the database', path)
    }
    if (found !== inode)
      throw new LabError(
        'disk',
        `${path} is no longer the file that was opened.`,
        'Put the data folder back as it was, or start again to use the one that is there now.',
      )
  }

  const database: Database = {
    path,
    readOnly: options.readOnly,
    raw,
    query<Row>(name: string, sql: string): Query<Row> {
      const prepared = timed(name, () => raw.prepare<SqlValue[], Row>(sql))
      return {
        get: (...values) => timed(name, () => prepared.get(...values)),
        all: (...values) => timed(name, () => prepared.all(...values)),
        each: (values, visit) =>
          timed(name, () => {
            for (const row of prepared.iterate(...values)) visit(row)
          }),
      }
    },
    command(name, sql) {
      const prepared = timed(name, () => raw.prepare<SqlValue[]>(sql))
      return {
        run: (...values) => {
          const doing = (): Sqlite.RunResult => prepared.run(...values)
          const done = raw.inTransaction ? timed(name, doing) : database.transaction(name, doing)
          return { changes: done.changes, key: Number(done.lastInsertRowid) }
        },
      }
    },
    transaction(name, work) {
      if (options.readOnly) throw openedForReading(path)
      if (raw.inTransaction) return timed(name, () => raw.transaction(work)())
      assertThere()
      const done = timed(name, () =>
        raw
          .transaction(() => {
            const value = work()
            follower?.committing()
            return value
          })
          .immediate(),
      )
      follower?.committed()
      return done
    },
    follow: (by) => void (follower = by),
    close() {
      if (!raw.open) return
      follower?.closing()
      raw.close()
      follower?.closed()
    },
  }
  return database
}

function connect(path: string, readOnly: boolean): Sqlite.Database {
  let raw: Sqlite.Database | undefined
  try {
    raw = new Sqlite(path, { readonly: readOnly, fileMustExist: readOnly, timeout: 5000 })
    if (!readOnly) {
      raw.pragma('journal_mode = WAL')
      raw.pragma('synchronous = FULL') // the build's default in WAL is NORMAL, which may lose the last commits
      raw.pragma('fullfsync = ON') // macOS: through the drive's own cache
    }
    raw.pragma('foreign_keys = ON')
    raw.pragma('trusted_schema = OFF')
    raw.pragma('cell_size_check = ON')
    raw.pragma('schema_version') // the first read: finds out what is not a database at all
    return raw
  } catch (error) {
    raw?.close()
    if (readOnly && /^SQLITE_(CANTOPEN|READONLY)/.test(codeOf(error)) && existsSync(path)) return connectInMemory(path)
    throw sqlFailure(error, 'open the database', path)
  }
}

/** Where the header says which journal is used to write and to read: 2 is WAL, 1 the older one. */
const journalBytes = [18, 19]

/** A database whose log is still to be taken over, where that cannot be. */
export function leftOpen(path: string): LabError {
  return new LabError(
    'disk',
    `${path} was not closed properly and lies where nothing can be written.`,
    'Copy the data folder to a place that can be written, and open it there.',
    { settings: { dataDir: null } },
  )
}

/**
 * A database on a medium that cannot be written (an archive, a read-only mount), where WAL finds no
 * place for its index: read from memory. (SQLite's `immutable=1` would do, but this build takes no URIs.)
 */
function connectInMemory(path: string): Sqlite.Database {
  const log = `${path}-wal`
  if (existsSync(log) && statSync(log).size > 0) throw leftOpen(path)
  try {
    const bytes = readFileSync(path)
    for (const place of journalBytes) if (bytes[place] === 2) bytes[place] = 1
    const raw = new Sqlite(bytes, { readonly: true })
    raw.pragma('schema_version')
    return raw
  } catch (error) {
    const failure = sqlFailure(error, 'open the database', path)
    throw failure === error ? fileFailure(error, 'open the database', path) : failure
  }
}

/** Up to this size (bytes; about a second to check) the whole database is checked when it is opened. */
const wholeCheckLimit = 64 * 2 ** 20

/**
 * Checks that pages and indexes hold together (not what stands in the cells: documents and results carry
 * their own checksums). In a large database the table of metrics, nearly all of it, is left out.
 * @throws LabError `corrupt`
 */
export function checkStructure(database: Database): void {
  const { raw, path } = database
  try {
    const whole = statSync(path).size <= wholeCheckLimit
    const tables = raw.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'metric'").pluck().all()
    for (const check of whole ? ['integrity_check(1)'] : tables.map((table) => `integrity_check("${table.replaceAll('"', '""')}")`)) {
      const found = raw.pragma(check, { simple: true })
      if (found !== 'ok') throw damagedDatabase(path, String(found))
    }
  } catch (error) {
    throw sqlFailure(error, 'check the database', path)
  }
}

/**
 * Checks that the tables are those that the migrations make: a flipped bit in the text of the schema is a
 * sound page, and would show as wrong SQL somewhere later.
 * @throws LabError `corrupt`
 */
export function checkSchema(database: Database, migrations: readonly Migration[]): void {
  const read = (raw: Sqlite.Database): string =>
    JSON.stringify(raw.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').raw().all())
  const model = new Sqlite(':memory:')
  try {
    for (const migration of migrations) applyMigration(migration, model, () => undefined)
    if (read(database.raw) !== read(model)) throw damagedDatabase(database.path, 'its tables are not those of its version')
  } catch (error) {
    throw sqlFailure(error, 'check the schema', database.path)
  } finally {
    model.close()
  }
}
