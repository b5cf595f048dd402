import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { Experiment } from '../../../shared/experiment.ts'
import { documentVersion } from '../../../shared/upgrade-document.ts'
import { applyMigration } from '../database/migrations/migration.ts'
import { documentsOfVersion2 } from '../database/migrations/0006-documents-of-version-2.ts'
import { decodeCheckpoint, encodeCheckpoint } from '../files/checkpoint-file.ts'
import { fromChecksummedJson, toChecksummedJson } from '../files/checksummed-json.ts'
import { openStore } from '../open-store.ts'
import { addDataset, editDatabase, inFolder, sampleDataset, sampleDocument, sampleState } from '../testing/samples.ts'

test.each([
  ['a method', { method: { kind: 'crystal-ball' } }, 'no method "crystal-ball"'],
  ['a layer', { target: { input: { height: 4, width: 4, channels: 1 }, layers: [{ kind: 'attention' }] } }, 'no layer "attention"'],
  ['a newer version', { version: documentVersion + 1 }, `version ${documentVersion + 1}`],
])(
  'a run whose document names %s that this version does not know is refused in a sentence, and the others are as they were',
  (_what, change, sentence) =>
    inFolder(async (folder) => {
      const store = openStore(folder)
      const { hash } = await addDataset(store, sampleDataset(), 'sample')
      const [strange, plain] = [0, 1].map(() => store.runs.create({ document: sampleDocument(hash) }))
      store.close()
      const text = toChecksummedJson({ ...sampleDocument(hash), ...change })
      editDatabase(folder, (raw) => raw.prepare('UPDATE run SET document = ? WHERE id = ?').run(text, strange.id))
      const again = openStore(folder)
      expect(
        again.runs
          .list()
          .map(({ id }) => id)
          .sort(),
      ).toEqual([strange.id, plain.id].sort())
      expect(again.runs.get(plain.id).document).toEqual(plain.document)
      expect(() => again.runs.get(strange.id)).toThrow(
        expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(sentence) as string }),
      )
      again.close()
      const checkpoint = encodeCheckpoint(sampleState(3), { ...sampleDocument(hash), ...change } as unknown as Experiment)
      expect(() => decodeCheckpoint(checkpoint)).toThrow(expect.objectContaining({ code: 'bad-input' }))
    }),
)

test('a document that cannot be read is left by the migration, and named', () => {
  const raw = new Sqlite(':memory:')
  raw.exec(
    'CREATE TABLE run (key INTEGER PRIMARY KEY, id TEXT, document TEXT); CREATE TABLE student (key INTEGER PRIMARY KEY, run INTEGER, target TEXT)',
  )
  const add = raw.prepare('INSERT INTO run (id, document) VALUES (?, ?)')
  const damaged = 'b84c6bd6a0e4b4d2 {"version":1}'
  add.run('fine', toChecksummedJson({ version: 1, training: { noiseBatch: 3 }, objective: { lambda: 2 } }))
  add.run('damaged', damaged)
  const left: string[] = []
  applyMigration(documentsOfVersion2, raw, (row) => left.push(row))
  expect(left).toEqual([expect.stringContaining('Run damaged:')])
  const documents = raw.prepare<[], string>('SELECT document FROM run ORDER BY key').pluck().all()
  expect(fromChecksummedJson(documents[0], 'It')).toMatchObject({ version: 2, method: { kind: 'hypernetwork', lambda: 2, noiseBatch: 3 } })
  expect(documents[1]).toBe(damaged)
  raw.close()
})
