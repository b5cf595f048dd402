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
import type { ArtefactRecord } from '../types.ts'

export function artefactStore(context: StoreContext) {
  const { db, dataDir, now } = context
  const keyOf = runKeys(context)
  const select = `SELECT artefact.id, run.id AS run, artefact.name, type, hash, bytes, path, checked, artefact.created_at AS createdAt
    FROM artefact JOIN run ON run.key = artefact.run WHERE run.deleted_at IS NULL`
  const all = db.query<ArtefactRecord>('list files', `${select} ORDER BY artefact.key DESC`)
  const ofRun = db.query<ArtefactRecord>('list files of a run', `${select} AND run.id = ? ORDER BY artefact.key DESC`)
  const byId = db.query<ArtefactRecord>('find a file', `${select} AND artefact.id = ?`)
  const insert = db.command(
    'keep a file',
    'INSERT INTO artefact (id, run, name, type, hash, bytes, path, checked, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const erase = db.command('remove a file', 'DELETE FROM artefact WHERE id = ?')

  const toRecord = (row: ArtefactRecord): ArtefactRecord => ({ ...row, path: fromStored(context, row.path) })

  /** @throws LabError `not-found` */
  function get(id: string): ArtefactRecord {
    const row = byId.get(id)
    if (row === undefined) throw new LabError('not-found', `There is no file ${id}.`, 'It may have been removed: make it again.')
    return toRecord(row)
  }

  return {
    /** A path of its own for a file of this name, in a folder that is there; to be written, then kept. */
    place(run: string, name: string) {
      assertWritable(context)
      keyOf(run)
      const folder = join(dataDir, 'runs', run, 'artefacts')
      makeFolder(dataDir, folder)
      return join(folder, `${Math.trunc(now()).toString(36)}-${randomUUID().slice(0, 8)}-${name}`)
    },
    /** Remembers a file below the run's folder that is whole. @throws LabError `disk` when it cannot be read */
    async keep(run: string, path: string, { name, type, checked }: Pick<ArtefactRecord, 'name' | 'type' | 'checked'>) {
      const runKey = keyOf(run)
      const { hash, bytes } = await digest(path)
      const id = randomUUID()
      insert.run(id, runKey, name, type, hash, bytes, toStored(context, path), checked, now())
      return get(id)
    },
    /** Newest first. */
    list: (run?: string) => (run === undefined ? all.all() : ofRun.all(run)).map(toRecord),
    get,
    /** @throws LabError `not-found` */
    async remove(id: string) {
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
