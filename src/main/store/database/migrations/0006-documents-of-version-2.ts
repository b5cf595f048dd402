/** Documents of runs name their method, and poolings are layers of their own, in students' targets too: rows as version 2 has them. */
import type Sqlite from 'better-sqlite3'
import { upgradeLayers } from '../../../../layers/upgrade-layers.ts'
import { toErrorValue } from '../../../../shared/errors.ts'
import type { Target } from '../../../../shared/experiment.ts'
import { upgradeDocument } from '../../../../shared/upgrade-document.ts'
import { fromChecksummedJson, toChecksummedJson } from '../../files/checksummed-json.ts'
import type { Migration } from './migration.ts'

export const documentsOfVersion2: Migration = (raw, left) => {
  rewrite(
    raw,
    left,
    { rows: 'SELECT key, id, document AS text FROM run', write: 'UPDATE run SET document = ? WHERE key = ?', what: 'Run' },
    upgradeDocument,
  )
  rewrite(
    raw,
    left,
    {
      rows: 'SELECT student.key, run.id, target AS text FROM student JOIN run ON run.key = student.run',
      write: 'UPDATE student SET target = ? WHERE key = ?',
      what: 'A student of run',
    },
    (target) => ({ ...(target as Target), layers: upgradeLayers((target as Target).layers) }),
  )
}

function rewrite(
  raw: Sqlite.Database,
  left: (row: string) => void,
  { rows, write, what }: { rows: string; write: string; what: string },
  upgrade: (value: unknown) => unknown,
): void {
  const update = raw.prepare<[string, number]>(write)
  for (const { key, id, text } of raw.prepare<[], { key: number; id: string; text: string }>(rows).all()) {
    try {
      update.run(toChecksummedJson(upgrade(fromChecksummedJson(text, 'Its document'))), key)
    } catch (thrown) {
      left(`${what} ${id}: ${toErrorValue(thrown).message}`)
    }
  }
}
