/** Rows made from what lies in a data folder: records, manifests of data sets, and checkpoints. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { toErrorValue } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { migrations } from '../database/migrations/index.ts'
import { applyMigration } from '../database/migrations/migration.ts'
import { decodeCheckpoint } from '../files/checkpoint-file.ts'
import { toChecksummedJson } from '../files/checksummed-json.ts'
import { sha256 } from '../files/files.ts'
import { checkpointFiles, foldersOf } from './inspect.ts'
import { readRecord } from './records.ts'
import type { Row } from './records.ts'

function insert(raw: Sqlite.Database, table: string, row: Row): void {
  const names = Object.keys(row)
  const places = names.map((name) => `@${name}`).join(', ')
  raw.prepare(`INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${places})`).run(row)
}

/**
 * Makes a database of this version from the rows in all records. Keys are as they were in databases that may have been
 * different ones, which is why they are given anew.
 */
export function databaseOfRecords(dataDir: string, path: string): void {
  const raw = new Sqlite(path)
  raw.pragma('foreign_keys = OFF')
  raw.pragma('synchronous = OFF') // thrown away when rows were taken from it
  const records = (['datasets', 'runs'] as const).flatMap((kind) =>
    foldersOf(dataDir, kind).flatMap((id) => readRecord(join(dataDir, kind, id)) ?? []),
  )
  let version = 0
  const bringTo = (wanted: number): void => {
    for (; version < wanted; version++) applyMigration(migrations[version], raw, () => undefined)
  }
  // Older rows first: they come along when the tables change.
  for (const record of records.sort((a, b) => a.version - b.version)) {
    if (record.version > migrations.length) continue
    bringTo(record.version)
    raw.transaction(() => {
      const { run: [run] = [], dataset: [dataset] = [], ...parts } = record.tables
      if (dataset !== undefined) insert(raw, 'dataset', dataset)
      if (run === undefined) return
      const { key: _key, ...facts } = run
      insert(raw, 'run', facts)
      const key = raw.prepare<[unknown], number>('SELECT key FROM run WHERE id = ?').pluck().get(run['id'])!
      for (const [table, rows] of Object.entries(parts)) {
        for (const { key: _own, ...row } of rows) {
          if (typeof row['path'] !== 'string' || table === 'report' || existsSync(join(dataDir, row['path'])))
            insert(raw, table, { ...row, run: key })
        }
      }
    })()
  }
  bringTo(migrations.length)
  raw.close()
}

/** Data sets without a record are known by their manifests. @returns what could not be made, in sentences */
export function addDatasets(raw: Sqlite.Database, dataDir: string): string[] {
  const has = raw.prepare('SELECT 1 FROM dataset WHERE hash = ?')
  return foldersOf(dataDir, 'datasets').flatMap((hash) => {
    if (has.get(hash) !== undefined) return []
    const folder = join(dataDir, 'datasets', hash)
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, string | number>
      const { name, count, height, width, channels, classes, classNames, suggestedSplit, source } = manifest
      const bytes = ['images.u8', 'labels.u8'].reduce((sum, part) => sum + statSync(join(folder, part)).size, 0)
      if (bytes !== Number(count) * (Number(height) * Number(width) * Number(channels) + 1)) throw new Error('its files are cut off')
      const facts = toChecksummedJson({ classNames, suggestedSplit, source })
      const made = statSync(folder).mtimeMs
      insert(raw, 'dataset', { hash, name, count, height, width, channels, classes, bytes, facts, created_at: made })
      return []
    } catch (error) {
      return [`The data set ${hash.slice(0, 12)} could not be made again: ${error instanceof Error ? error.message : String(error)}`]
    }
  })
}

/** Checkpoints that no row names, and the runs that only they tell of. @returns what could not be made, in sentences */
export function addCheckpoints(raw: Sqlite.Database, dataDir: string): string[] {
  const known = new Set(raw.prepare<[], string>('SELECT path FROM checkpoint').pluck().all())
  const keyOf = raw.prepare<[string], number>('SELECT key FROM run WHERE id = ?').pluck()
  const hasDataset = raw.prepare('SELECT 1 FROM dataset WHERE hash = ?')
  const lost: string[] = []
  // The newest first: it tells how far the run came.
  for (const path of checkpointFiles(dataDir).reverse()) {
    if (known.has(path)) continue
    const [, run] = path.split('/')
    try {
      const place = join(dataDir, path)
      const bytes = readFileSync(place)
      const { state, document } = decodeCheckpoint(bytes, `The checkpoint ${path}`)
      if (hasDataset.get(document.data.id) === undefined) throw new Error(`its data set ${document.data.id.slice(0, 12)} is not there`)
      const made = statSync(place).mtimeMs
      if (keyOf.get(run) === undefined)
        insert(raw, 'run', runOf(run, document, state.step, statSync(join(dataDir, 'runs', run)).birthtimeMs, made))
      const key = keyOf.get(run)!
      const reason = state.step >= document.training.steps ? 'finished' : 'periodic'
      insert(raw, 'checkpoint', { run: key, step: state.step, hash: sha256(bytes), reason, bytes: bytes.length, path, created_at: made })
      raw.prepare('UPDATE run SET step = max(step, ?) WHERE key = ?').run(state.step, key)
    } catch (error) {
      lost.push(`${path} could not be used: ${error instanceof Error ? toErrorValue(error).message.split('\n')[0] : String(error)}`)
    }
  }
  return lost
}

/** A run as a checkpoint tells of it: without a name of its own, its note, its tags and its curves. */
function runOf(id: string, document: Experiment, step: number, begun: number, ended: number): Row {
  const { steps } = document.training
  const isDone = step >= steps
  return {
    ...{ id, name: id, state: isDone ? 'finished' : 'interrupted', step, steps, preset: document.preset, dataset: document.data.id },
    ...{ document: toChecksummedJson(document), tags: toChecksummedJson([]) },
    ...{ created_at: begun, started_at: begun, updated_at: ended, ended_at: isDone ? ended : null },
  }
}

/** Names of what is in a folder and has no row: it is set aside when the lab is opened. */
export function unknownFolders(raw: Sqlite.Database, dataDir: string): string[] {
  const has = { runs: raw.prepare('SELECT 1 FROM run WHERE id = ?'), datasets: raw.prepare('SELECT 1 FROM dataset WHERE hash = ?') }
  return (['runs', 'datasets'] as const).flatMap((kind) =>
    foldersOf(dataDir, kind).flatMap((id) => (has[kind].get(id) === undefined ? [`${kind}/${id}`] : [])),
  )
}
