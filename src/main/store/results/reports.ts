/** Reports: files that lie where the person wanted them; the store remembers where and what they were. */
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { assertWritable, runKeys } from '../context.ts'
import type { StoreContext } from '../context.ts'
import { fileFailure } from '../failures.ts'
import { sha256, writeWhole } from '../files/files.ts'
import { resultTable } from './result-table.ts'
import type { ReportRecord, ReportStore } from '../types.ts'

export function reportStore(context: StoreContext): ReportStore {
  const { add, list } = resultTable<ReportRecord>(context, {
    table: 'report',
    name: 'Report',
    plain: ['format', 'path', 'hash', 'bytes'],
  })
  const keyOf = runKeys(context)
  return {
    async write(run, format, path, content) {
      assertWritable(context)
      keyOf(run) // before anything is written
      const place = resolve(path)
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      try {
        mkdirSync(dirname(place), { recursive: true })
      } catch (error) {
        throw fileFailure(error, "make the report's folder", dirname(place))
      }
      await writeWhole(place, bytes, 'write the report')
      return add({ run, format, path: place, hash: sha256(bytes), bytes: bytes.length })
    },
    list,
  }
}
