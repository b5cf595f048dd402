/** Reports: files that lie where the person wanted them; the store remembers where and what they were. */
import { dirname, resolve } from 'node:path'
import { assertWritable, runKeys } from '../context.ts'
import type { StoreContext } from '../context.ts'
import { sha256 } from '../files/files.ts'
import { makeOutputFolder, writeOutput } from '../files/output.ts'
import type { ReportRecord } from '../types.ts'

export function reportStore(context: StoreContext) {
  const { db, now } = context
  const insert = db.command('keep a report', 'INSERT INTO report (run, format, path, hash, bytes, created_at) VALUES (?, ?, ?, ?, ?, ?)')
  const select = `SELECT report.key AS id, run.id AS run, format, path, hash, bytes, report.created_at AS createdAt
    FROM report JOIN run ON run.key = report.run`
  const byKey = db.query<ReportRecord>('read a report', `${select} WHERE report.key = ?`)
  const ofRun = db.query<ReportRecord>('list reports', `${select} WHERE run.id = ? ORDER BY report.key`)
  const keyOf = runKeys(context)
  return {
    /** Writes the file (beside, synced, renamed) and remembers it. */
    async write(run: string, format: string, path: string, content: Uint8Array | string): Promise<ReportRecord> {
      assertWritable(context)
      const owner = keyOf(run) // before anything is written
      const place = resolve(path)
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      makeOutputFolder(dirname(place))
      await writeOutput(place, bytes, 'write the report')
      return byKey.get(insert.run(owner, format, place, sha256(bytes), bytes.length, now()).key)!
    },
    list(run: string) {
      keyOf(run)
      return ofRun.all(run)
    },
  }
}
