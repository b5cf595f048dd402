/** What records know better than the rows that were saved: they are written after each change, and carry a checksum. */
import type Sqlite from 'better-sqlite3'
import { fromChecksummedJson } from '../files/checksummed-json.ts'
import { recordedTables } from './records.ts'

/** What tells rows of a run apart, with the time they were made. */
const identity: Readonly<Record<(typeof recordedTables)[number], string>> = {
  checkpoint: 'hash',
  result: 'kind',
  network: 'place',
  report: 'path',
  artefact: 'id',
}
const sealed = ['document', 'tags', 'machine', 'versions', 'error'] as const

/** @param path of the database that was made from records */
export function takeNewer(raw: Sqlite.Database, path: string): void {
  raw.prepare('ATTACH ? AS source').run(path)
  try {
    const columns = (table: string): string[] =>
      raw.prepare<[string], string>("SELECT name FROM pragma_table_info(?) WHERE name NOT IN ('key', 'run', 'id')").pluck().all(table)
    const facts = columns('run')
    const renew = raw.prepare(
      `UPDATE main.run SET (${facts.join(', ')}) = (SELECT ${facts.join(', ')} FROM source.run WHERE key = ?) WHERE key = ?`,
    )
    const reached = raw.prepare('UPDATE main.run SET step = max(step, ?) WHERE key = ?')
    const rows = raw.prepare<[], Record<string, string | null> & { key: number; from_key: number; step: number; newer: number }>(
      `SELECT run.*, known.key AS from_key, known.updated_at >= run.updated_at AS newer
       FROM main.run JOIN source.run AS known ON known.id = run.id
       WHERE known.dataset IN (SELECT hash FROM main.dataset)`,
    )
    for (const run of rows.all()) {
      if (run.newer === 1 || !sealed.every((column) => isWhole(run[column]))) {
        renew.run(run.from_key, run.key)
        reached.run(run.step, run.key)
      }
      for (const table of recordedTables) {
        const names = columns(table).concat(table === 'artefact' ? ['id'] : [])
        const own = identity[table]
        raw
          .prepare(
            `INSERT OR IGNORE INTO main.${table} (run, ${names.join(', ')}) SELECT ?, ${names.join(', ')} FROM source.${table} AS new WHERE run = ?
             AND NOT EXISTS (SELECT 1 FROM main.${table} AS old WHERE old.run = ? AND old.created_at = new.created_at AND old.${own} = new.${own}) ORDER BY new.key`,
          )
          .run(run.key, run.from_key, run.key)
      }
    }
    const datasets = raw.prepare<[], { hash: string; facts: string }>('SELECT hash, facts FROM main.dataset')
    const mend = raw.prepare(
      'UPDATE main.dataset SET facts = coalesce((SELECT facts FROM source.dataset AS s WHERE s.hash = dataset.hash), facts) WHERE hash = ?',
    )
    for (const { hash, facts: text } of datasets.all()) if (!isWhole(text)) mend.run(hash)
  } finally {
    raw.exec('DETACH source')
  }
}

function isWhole(text: string | null): boolean {
  if (text === null) return true
  try {
    fromChecksummedJson(text, 'A row')
    return true
  } catch {
    return false
  }
}
