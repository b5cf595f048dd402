/** Files for a person to take away, in `runs/RUN/artefacts`; the row comes when the file is whole. */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { LabError } from '../../../shared/errors.ts'
import { assertWritable, fromStored, runKeys, toStored } from '../context.ts'
import type { StoreContext } from '../context.ts'
import { fileFailure } from '../failures.ts'
import { makeFolder, removeUnnamed } from '../files/files.ts'
import type { ArtefactRecord, ArtefactStore } from '../types.ts'

interface Row extends Omit<ArtefactRecord, 'createdAt'> {
  created_at: number
}

export function artefactStore(context: StoreContext): ArtefactStore {
  const { db, dataDir, now } = context
  const keyOf = runKeys(context)
  const select = `SELECT artefact.id, run.id AS run, artefact.name, type, hash, bytes, path, checked, artefact.created_at
    FROM artefact JOIN run ON run.key = artefact.run WHERE run.deleted_at IS NULL`
  const all = db.query<Row>('list files', `${select} ORDER BY artefact.key DESC`)
  const ofRun = db.query<Row>('list files of a run', `${select} AND run.id = ? ORDER BY artefact.key DESC`)
  const byId = db.query<Row>('find a file', `${select} AND artefact.id = ?`)
  const insert = db.command(
    'keep a file',
    'INSERT INTO artefact (id, run, name, type, hash, bytes, path, checked, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const erase = db.command('remove a file', 'DELETE FROM artefact WHERE id = ?')

  const toRecord = ({ path, created_at: createdAt, ...rest }: Row): ArtefactRecord => ({
    ...rest,
    path: fromStored(context, path),
    createdAt,
  })

  function get(id: string): ArtefactRecord {
    const row = byId.get(id)
    if (row === undefined) throw new LabError('not-found', `There is no file ${id}.`, 'It may have been removed: make it again.')
    return toRecord(row)
  }

  return {
    place(run, name) {
      assertWritable(context)
      keyOf(run)
      const folder = join(dataDir, 'runs', run, 'artefacts')
      makeFolder(dataDir, folder)
      return join(folder, `${Math.trunc(now()).toString(36)}-${randomUUID().slice(0, 8)}-${name}`)
    },
    async keep(run, path, { name, type, checked }) {
      const runKey = keyOf(run)
      const { hash, bytes } = await digest(path)
      const id = randomUUID()
      insert.run(id, runKey, name, type, hash, bytes, toStored(context, path), checked, now())
      return get(id)
    },
    list: (run) => (run === undefined ? all.all() : ofRun.all(run)).map(toRecord),
    get,
    async remove(id) {
      const { path } = get(id)
      erase.run(id)
      await removeUnnamed(path)
    },
  }
}

/** Reads the file once more as it lies on the disk. */
async function digest(path: string): Promise<{ hash: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  try {
    await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk)
        bytes += chunk.length
      }
    })
  } catch (error) {
    throw fileFailure(error, 'read a file that was written', path)
  }
  return { hash: hash.digest('hex'), bytes }
}
