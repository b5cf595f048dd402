/** Opens a data folder: lock, migrations, check, mending, repositories. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import { artefactStore } from './results/artefacts.ts'
import { checkpointStore } from './runs/checkpoints.ts'
import { assertIds, type StoreContext } from './context.ts'
import { checkSchema, openDatabase } from './database/database.ts'
import type { Database, DatabaseOptions } from './database/database.ts'
import { datasetStore } from './datasets/datasets.ts'
import { eventStore } from './runs/events.ts'
import { fileFailure, openingFailure } from './failures.ts'
import { databaseName, keepPrivate, makeFolders, makePrivate } from './files/folders.ts'
import { rollBackups } from './health/backups.ts'
import { followCommits } from './health/follow-commits.ts'
import { inspect } from './health/inspect.ts'
import { keepRecords } from './health/records.ts'
import { isHeld, ownCommand, acquireLock } from './database/lock.ts'
import type { Lock } from './database/lock.ts'
import { metricStore } from './runs/metrics.ts'
import { migrate, refuseNewer, schemaVersion } from './database/migrate.ts'
import { migrations } from './database/migrations/index.ts'
import { networkStore } from './results/networks.ts'
import { preferenceStore } from './preferences.ts'
import { probabilityStore } from './results/probabilities.ts'
import { reportStore } from './results/reports.ts'
import { interruptOrphans } from './runs/run-states.ts'
import { runStore } from './runs/runs.ts'
import { resultStore } from './results/results.ts'
import { studyStore } from './studies.ts'
import { sweep } from './sweep.ts'
import { taker } from './take.ts'
import { purge, trashStore } from './files/trash.ts'
import type { OpeningNotes, StoreChange, StoreOptions } from './types.ts'
import { usedBytes } from './files/used-bytes.ts'

/**
 * What the lab may keep, and how it gets it back. Rows are read and written at once (SQLite, synchronous); whatever
 * touches files returns a promise. Everything that resolves or returns has been synced to the disk: killed right after,
 * it is still there.
 *
 * Every method may throw LabError `disk` (full, read-only, vanished) or `corrupt` (a checksum or the
 * database's structure does not match); other codes are named where they occur. A store opened
 * read-only throws `conflict` on every write.
 */
export type Store = ReturnType<typeof assemble>

/**
 * Opens (and makes, if absent) the store in a data folder.
 * @throws LabError `conflict` when another process writes in it (the message says which),
 *   `newer-store` when a newer version wrote it, `disk` when it cannot be written,
 *   `corrupt` when the database is damaged.
 */
export function openStore(dataDir: string, options: StoreOptions = {}): Store {
  const folder = resolve(dataDir)
  return options.readOnly === true ? openForReading(folder, options) : openForWriting(folder, options)
}

function openForWriting(dataDir: string, options: StoreOptions): Store {
  const now = options.clock ?? Date.now
  try {
    makeFolders(dataDir, 0o700)
    keepPrivate(dataDir)
  } catch (error) {
    const failure = fileFailure(error, 'use the data folder', dataDir)
    throw new LabError(failure.code, failure.message, failure.remedy, { cause: error, settings: { dataDir: null } })
  }
  const lock = acquireLock(dataDir, { command: options.command ?? ownCommand(), waitMs: options.lockWaitMs ?? 500, now: now() })
  let db: Database | undefined
  try {
    const path = join(dataDir, databaseName)
    inspect(dataDir, path)
    makePrivate(path)
    db = openDatabase(path, databaseOptions(options, false))
    const migrated = migrate(db, migrations, now())
    checkSchema(db, migrations)
    assertIds(idsIn(db))
    const backups = rollBackups(db, now, options.onNote ?? (() => undefined))
    const records = keepRecords(dataDir, db.raw, migrations.length, () => backups.runEnded())
    const follower = followCommits(dataDir, db.raw, () => records.write())
    db.follow({
      ...follower,
      closing() {
        backups.close()
        follower.closing()
      },
    })
    if (migrated !== null) records.writeAll()
    const { context, listeners } = contextOf({ dataDir, db, now, orphaned: false })
    const interrupted = interruptOrphans(context)
    const purged = purge(context)
    return assemble(context, listeners, { interrupted, purged, swept: sweep(context), migrated }, lock)
  } catch (error) {
    db?.close()
    lock.release()
    throw openingFailure(error, 'open the store', join(dataDir, databaseName))
  }
}

function openForReading(dataDir: string, options: StoreOptions): Store {
  const now = options.clock ?? Date.now
  const path = join(dataDir, databaseName)
  if (!existsSync(path)) openForWriting(dataDir, options).close()
  const held = isHeld(dataDir)
  // Who writes has looked already.
  if (!held) inspect(dataDir, path)
  let db = openDatabase(path, databaseOptions(options, true))
  try {
    const version = schemaVersion(db)
    refuseNewer(db, version, migrations.length)
    if (version < migrations.length) {
      db.close()
      openForWriting(dataDir, options).close() // migrates, or says who holds the folder
      db = openDatabase(path, databaseOptions(options, true))
    }
    checkSchema(db, migrations)
    assertIds(idsIn(db))
    const { context, listeners } = contextOf({ dataDir, db, now, orphaned: !held })
    return assemble(context, listeners, { interrupted: [], purged: [], swept: [], migrated: null }, null)
  } catch (error) {
    db.close()
    throw openingFailure(error, 'open the store', path)
  }
}

function idsIn(db: Database): string[] {
  const rows = db.query<{ id: string }>('list ids', 'SELECT id FROM run UNION ALL SELECT hash FROM dataset').all()
  return rows.map(({ id }) => id)
}

function databaseOptions(options: StoreOptions, readOnly: boolean): DatabaseOptions {
  return { readOnly, slowMs: options.slowMs ?? 100, onSlowQuery: options.onSlowQuery ?? (() => undefined) }
}

type Listeners = Set<(change: StoreChange) => void>

function contextOf(parts: Omit<StoreContext, 'changed'>): { context: StoreContext; listeners: Listeners } {
  const listeners: Listeners = new Set()
  const changed = (change: StoreChange): void => {
    for (const listener of listeners) listener(change)
  }
  return { context: { ...parts, changed }, listeners }
}

function assemble(context: StoreContext, listeners: Listeners, opening: OpeningNotes, lock: Lock | null) {
  return {
    /** Absolute path of the data folder. */
    dataDir: context.dataDir,
    readOnly: context.db.readOnly,
    /** What opening had to mend. */
    opening,
    datasets: datasetStore(context),
    runs: runStore(context),
    metrics: metricStore(context),
    checkpoints: checkpointStore(context),
    results: resultStore(context),
    probabilities: probabilityStore(context),
    networks: networkStore(context),
    reports: reportStore(context),
    artefacts: artefactStore(context),
    studies: studyStore(context),
    take: taker(context),
    preferences: preferenceStore(context),
    events: eventStore(context),
    trash: trashStore(context),
    /** Hears of rows that changed, at once, perhaps before their transaction ends: note it, and look later. */
    onChange(listener: (change: StoreChange) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    used: usedBytes(context),
    close() {
      context.db.close()
      lock?.release()
    },
  }
}
