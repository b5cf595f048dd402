/** Documents of runs name their method: every row is brought to version 2. */
import { toErrorValue } from '../../../../shared/errors.ts'
import { upgradeDocument } from '../../../../shared/upgrade-document.ts'
import { toChecksummedJson, fromChecksummedJson } from '../../files/checksummed-json.ts'
import type { Migration } from './migration.ts'

export const documentsOfVersion2: Migration = (raw, left) => {
  const rows = raw.prepare<[], { key: number; id: string; document: string }>('SELECT key, id, document FROM run').all()
  const write = raw.prepare<[string, number]>('UPDATE run SET document = ? WHERE key = ?')
  for (const { key, id, document } of rows) {
    try {
      write.run(toChecksummedJson(upgradeDocument(fromChecksummedJson<unknown>(document, `The document of run ${id}`))), key)
    } catch (thrown) {
      left(`Run ${id}: ${toErrorValue(thrown).message}`)
    }
  }
}
