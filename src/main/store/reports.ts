/** Reports: files that lie where the person wanted them; the store remembers where and what they were. */
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { assertWritable, runKeys } from './context.ts'
import type { StoreContext } from './context.ts'
import { fileFailure } from './failures.ts'
import { sha256, writeWhole } from './files.ts'
import type { ReportRecord, ReportStore } from './types.ts'

interface Row {
  key: number
  run: string
  format: string
  path: string
  hash: string
  bytes: number
  created_at: number
}

export function reportStore(context: StoreContext): ReportStore {
  const { db, now } = context
  const keyOf = runKeys(context)
  const insert = db.command(
    'remember a report',
    'INSERT INTO report (run, format, path, hash, bytes, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const ofRun = db.query<Row>(
    'list reports',
    'SELECT report.key, run.id AS run, format, path, hash, bytes, report.created_at FROM report JOIN run ON run.key = report.run WHERE run.id = ? ORDER BY report.key',
  )
  return {
    async write(run, format, path, content) {
      assertWritable(context)
      const runKey = keyOf(run)
      const place = resolve(path)
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      try {
        mkdirSync(dirname(place), { recursive: true })
      } catch (error) {
        throw fileFailure(error, "make the report's folder", dirname(place))
      }
      await writeWhole(place, bytes, 'write the report')
      const [hash, createdAt] = [sha256(bytes), now()]
      const { key } = insert.run(runKey, format, place, hash, bytes.length, createdAt)
      return { id: key, run, format, path: place, hash, bytes: bytes.length, createdAt }
    },
    list(run) {
      keyOf(run)
      return ofRun.all(run).map(({ key, created_at: createdAt, ...rest }): ReportRecord => ({ ...rest, id: key, createdAt }))
    },
  }
}
