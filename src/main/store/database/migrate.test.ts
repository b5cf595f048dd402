import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { openDatabase } from './database.ts'
import { applicationId, migrate, schemaVersion } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { databaseName } from '../files/folders.ts'
import { openStore } from '../open-store.ts'
import { addDataset, sampleDataset } from '../testing/samples.ts'
import { inFolder } from '../testing/samples.ts'

const quiet = { readOnly: false, slowMs: Infinity, onSlowQuery: () => undefined }

/** A store as the first version made it, with one data set in it. */
function makeOlder(folder: string): void {
  const db = openDatabase(join(folder, databaseName), quiet)
  migrate(db, migrations.slice(0, 1), 0)
  db.raw
    .prepare('INSERT INTO dataset VALUES (?, ?, 24, 4, 4, 1, 3, 408, ?, 5)')
    .run('aa'.repeat(32), 'old', 'b84c6bd6a0e4b4d2 not looked at')
  db.close()
}

test('an empty folder gets every migration, and no backup', () =>
  inFolder((folder) => {
    const store = openStore(folder)
    expect(store.opening.migrated).toEqual({ from: 0, to: migrations.length, backup: null, left: [] })
    store.close()
    const again = openStore(folder)
    expect(again.opening.migrated).toBeNull()
    again.close()
  }))

test('an older store is backed up, then migrated, and keeps its rows', () =>
  inFolder((folder) => {
    makeOlder(folder)
    const store = openStore(folder, { clock: () => Date.UTC(2026, 0, 2) })
    const { from, to, backup } = store.opening.migrated!
    expect([from, to]).toEqual([1, migrations.length])
    expect(backup).toBe(join(folder, 'backups', 'version-1-2026-01-02T00-00-00-000Z.db'))
    store.close()
    const raw = new Sqlite(backup!, { readonly: true })
    expect(raw.prepare('SELECT name FROM dataset').pluck().all()).toEqual(['old'])
    expect(raw.pragma('user_version', { simple: true })).toBe(1)
    raw.close()
    const now = new Sqlite(join(folder, databaseName), { readonly: true })
    expect(now.prepare('SELECT name FROM dataset').pluck().all()).toEqual(['old'])
    expect(now.prepare('SELECT count(*) FROM result').pluck().get()).toBe(0)
    now.close()
  }))

test('reading an older store migrates it first', () =>
  inFolder((folder) => {
    makeOlder(folder)
    const store = openStore(folder, { readOnly: true })
    expect(store.runs.list()).toEqual([])
    store.close()
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(1)
  }))

test('a migration that fails leaves the version before it, whole', () =>
  inFolder((folder) => {
    makeOlder(folder)
    const db = openDatabase(join(folder, databaseName), quiet)
    const broken = [migrations[0], 'CREATE TABLE half (x TEXT) STRICT; INSERT INTO nowhere VALUES (1);']
    expect(() => migrate(db, broken, 0)).toThrow()
    expect(schemaVersion(db)).toBe(1)
    expect(db.raw.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0)
    expect(migrate(db, migrations, 1)).toMatchObject({ from: 1, to: migrations.length })
    db.close()
  }))

test('a newer store is refused, for writing and for reading, and left alone', () =>
  inFolder((folder) => {
    openStore(folder).close()
    const raw = new Sqlite(join(folder, databaseName))
    raw.pragma(`user_version = ${migrations.length + 1}`)
    raw.close()
    for (const readOnly of [false, true]) {
      expect(() => openStore(folder, { readOnly })).toThrow(expect.objectContaining({ code: 'newer-store' }) as Error)
    }
    expect(existsSync(join(folder, 'backups'))).toBe(false)
  }))

test("another program's database is not touched", () =>
  inFolder((folder) => {
    const raw = new Sqlite(join(folder, databaseName))
    raw.exec('CREATE TABLE recipes (name TEXT)')
    raw.close()
    expect(() => openStore(folder)).toThrow(/another program/)
    const after = new Sqlite(join(folder, databaseName), { readonly: true })
    expect(after.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['recipes'])
    expect(after.pragma('application_id', { simple: true })).not.toBe(applicationId)
    after.close()
  }))

test('every table is STRICT, and rows cannot point to nothing', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    await addDataset(store, sampleDataset(), 'sample')
    store.close()
    const db = openDatabase(join(folder, databaseName), quiet)
    const tables = db.raw
      .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND strict = 0")
      .pluck()
      .all()
    expect(tables).toEqual([])
    expect(() => db.command('point to nothing', "INSERT INTO series (run, name) VALUES (99, 'loss')").run()).toThrow(/FOREIGN KEY/)
    expect(db.raw.pragma('synchronous', { simple: true })).toBe(2)
    expect(db.raw.pragma('journal_mode', { simple: true })).toBe('wal')
    db.close()
  }))

test('a data folder whose place is a file gets a sentence', () =>
  inFolder((folder) => {
    const path = join(folder, 'taken')
    mkdirSync(path)
    const raw = new Sqlite(join(path, 'x'))
    raw.exec('CREATE TABLE t (a)')
    raw.close()
    expect(() => openStore(join(path, 'x', 'below'))).toThrow(LabError)
  }))

test('curves of an older store get their least and greatest', () =>
  inFolder((folder) => {
    const db = openDatabase(join(folder, databaseName), quiet)
    migrate(db, migrations.slice(0, 2), 0)
    db.raw.exec(`INSERT INTO dataset VALUES ('aa', 'old', 24, 4, 4, 1, 3, 408, '', 5);
      INSERT INTO run (id, name, state, document, preset, steps, dataset, tags, created_at, updated_at)
        VALUES ('old', 'old', 'paused', '', '', 9, 'aa', '', 1, 1);
      INSERT INTO series VALUES (1, 1, 'loss');
      WITH RECURSIVE step (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM step WHERE n < 5999)
        INSERT INTO metric SELECT 1, n, CASE WHEN n BETWEEN 128 AND 191 OR n = 200 OR n BETWEEN 1024 AND 1279 THEN NULL ELSE (n * 37) % 101 END, n FROM step;`)
    db.close()
    const store = openStore(folder)
    const values = [...store.metrics.curve('old', 'loss', { maxPoints: 6 }).values]
    const finite = values.filter((value) => !Number.isNaN(value))
    expect([Math.min(...finite), Math.max(...finite)]).toEqual([0, 100])
    expect(values.some((value) => Number.isNaN(value))).toBe(true)
    const extremes = (): unknown[] => {
      const raw = new Sqlite(join(folder, databaseName), { readonly: true })
      const rows = raw.prepare('SELECT * FROM metric_extremes ORDER BY level, part').all()
      raw.close()
      return rows
    }
    const migrated = extremes()
    // What the store keeps as points come is the same.
    const all = store.metrics.read('old', 'loss')
    store.metrics.truncate('old', -1)
    expect(extremes()).toEqual([])
    store.metrics.append(
      'old',
      all.map((point) => ({ ...point, name: 'loss' })),
    )
    expect(extremes()).toEqual(migrated)
    store.close()
  }))

test('a backup has its name only once it is whole', () =>
  inFolder((folder) => {
    makeOlder(folder)
    // What kills in the middle of earlier ones left behind, one of them at the same moment.
    mkdirSync(join(folder, 'backups'))
    for (const day of ['01', '02']) writeFileSync(join(folder, 'backups', `version-1-2026-01-${day}T00-00-00-000Z.db.part`), 'half')
    const store = openStore(folder, { clock: () => Date.UTC(2026, 0, 2) })
    const { backup } = store.opening.migrated!
    store.close()
    expect(readdirSync(join(folder, 'backups'))).toEqual([basename(backup!)])
    const raw = new Sqlite(backup!, { readonly: true })
    expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
    raw.close()
  }))
