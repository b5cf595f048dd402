/**
 * What the database knows of a run or a data set, once more in a file beside what it is of: `record.json`. From these the
 * database is rebuilt should it be lost. Curves, the log and caches are not in it: those are in the backups, or made again.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { fromChecksummedJson, toChecksummedJson } from '../files/checksummed-json.ts'
import { makeFolder, partEnding } from '../files/files.ts'

export type Row = Record<string, string | number | null>

export interface StoreRecord {
  /** Of the tables, so that a newer version knows how to bring the rows along. */
  version: number
  /** Rows by table, as they are in it. */
  tables: Record<string, Row[]>
}

const name = 'record.json'
const folders = { run: 'runs', dataset: 'datasets' } as const
type Kind = keyof typeof folders

/** Small tables whose rows belong to a run. */
export const recordedTables = ['checkpoint', 'result', 'network', 'report', 'artefact'] as const
/** What was found while training is as many rows as a curve has points. */
const recorded = (table: string): string => (table === 'result' ? `run = ? AND checkpoint IS NOT NULL` : 'run = ?')
/** Not the progress, many times a minute: checkpoints tell of that too. */
const facts = 'id, name, state, document, tags, note, machine, versions, farm_processes, error, started_at, ended_at, deleted_at'

/** Not on its way to be erased. */
const stays = '(NEW.deleted_at IS NULL OR NEW.deleted_at >= 0)'

export interface Records {
  /** Writes those of what was changed since. What cannot be written is tried again the next time. */
  write(): void
  /** Writes all. */
  writeAll(): void
}

/** @param runEnded hears, after its commit, that a run has ended */
export function keepRecords(dataDir: string, raw: Sqlite.Database, version: number, runEnded: () => void): Records {
  const touch = (kind: Kind | 'ended', key: string): string => `BEGIN INSERT OR IGNORE INTO touched VALUES ('${kind}', ${key}); END`
  raw.exec(`PRAGMA temp_store = MEMORY;
    CREATE TEMP TABLE touched (kind TEXT, key, PRIMARY KEY (kind, key));
    CREATE TEMP TRIGGER run_made AFTER INSERT ON main.run ${touch('run', 'NEW.key')};
    CREATE TEMP TRIGGER run_changed AFTER UPDATE OF ${facts} ON main.run WHEN ${stays} ${touch('run', 'NEW.key')};
    CREATE TEMP TRIGGER run_ended AFTER UPDATE OF ended_at ON main.run WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
      ${touch('ended', 'NEW.key')};
    CREATE TEMP TRIGGER dataset_made AFTER INSERT ON main.dataset ${touch('dataset', 'NEW.hash')};
    CREATE TEMP TRIGGER dataset_changed AFTER UPDATE ON main.dataset WHEN ${stays} ${touch('dataset', 'NEW.hash')};`)
  for (const table of recordedTables) {
    for (const [change, row] of [
      ['INSERT', 'NEW'],
      ['UPDATE', 'NEW'],
      ['DELETE', 'OLD'],
    ])
      raw.exec(`CREATE TEMP TRIGGER ${table}_${change} AFTER ${change} ON main.${table} ${touch('run', `${row}.run`)}`)
  }
  const touched = raw.prepare<[], { kind: Kind | 'ended'; key: string | number }>('SELECT kind, key FROM temp.touched')
  const done = raw.prepare('DELETE FROM temp.touched WHERE kind = ? AND key = ?')
  const run = raw.prepare<[unknown], Row>('SELECT * FROM main.run WHERE key = ?')
  const dataset = raw.prepare<[unknown], Row>('SELECT * FROM main.dataset WHERE hash = ?')
  const parts = recordedTables.map((table) =>
    raw.prepare<[unknown], Row>(`SELECT * FROM main.${table} WHERE ${recorded(table)} ORDER BY key`),
  )

  function writeOne(kind: Kind, key: string | number): void {
    const row = (kind === 'run' ? run : dataset).get(key)
    if (row === undefined) return
    const folder = join(dataDir, folders[kind], String(kind === 'run' ? row['id'] : row['hash']))
    if (kind === 'dataset' && !existsSync(folder)) return
    makeFolder(dataDir, folder)
    const tables: StoreRecord['tables'] = { [kind]: [row] }
    if (kind === 'run') for (const [i, table] of recordedTables.entries()) tables[table] = parts[i].all(key)
    const path = join(folder, name)
    writeFileSync(`${path}${partEnding}`, `${toChecksummedJson({ version, tables } satisfies StoreRecord)}\n`, { mode: 0o600 })
    renameSync(`${path}${partEnding}`, path)
  }

  const records: Records = {
    write() {
      for (const { kind, key } of touched.all()) {
        try {
          if (kind === 'ended') runEnded()
          else writeOne(kind, key)
        } catch {
          return
        }
        done.run(kind, key)
      }
    },
    writeAll() {
      raw.exec("INSERT OR IGNORE INTO temp.touched SELECT 'run', key FROM main.run UNION ALL SELECT 'dataset', hash FROM main.dataset")
      records.write()
    },
  }
  return records
}

/** The record in a folder; null: there is none that is whole. */
export function readRecord(folder: string): StoreRecord | null {
  try {
    return fromChecksummedJson<StoreRecord>(readFileSync(join(folder, name), 'utf8').trimEnd(), 'The record')
  } catch {
    return null
  }
}
