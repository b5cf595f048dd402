/** Probability caches: what each sampled network says of each image, in `runs/RUN/probabilities`, written as it comes. */
import { statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError, defect } from '../../../shared/errors.ts'
import { assertWritable, fromStored, runKeys, toStored } from '../context.ts'
import type { StoreContext } from '../context.ts'
import { fileFailure, codeOf } from '../failures.ts'
import { beginFile, makeFolder, removeUnnamed, sha256 } from '../files/files.ts'
import type { ProbabilityCache, ProbabilityKey } from '../types.ts'

const digestBytes = 32
/** Networks read at once while verifying all. */
const verifyAtOnce = 16

export function probabilityStore(context: StoreContext) {
  const { db, dataDir, now } = context
  const keyOf = runKeys(context)
  const select = `SELECT p.key AS id, run.id AS run, checkpoint, seed, count, p.dataset, split, images, classes, path, bytes, p.created_at AS createdAt
    FROM probabilities p JOIN run ON run.key = p.run`
  const ofRun = db.query<ProbabilityCache>('list caches', `${select} WHERE run.id = ? ORDER BY p.key`)
  const byKey = db.query<ProbabilityCache>('read a cache', `${select} WHERE p.key = ?`)
  // Not by run: a checkpoint's hash is its content, so another run with the same one has the same networks.
  const fitting = db.query<ProbabilityCache>(
    'find a cache',
    `${select} WHERE checkpoint = ? AND seed = ? AND p.dataset = ? AND split = ? AND images = ? AND count >= ? ORDER BY count, p.key`,
  )
  const digestsOf = db.query<{ digests: Uint8Array }>('read checksums of a cache', 'SELECT digests FROM probabilities WHERE key = ?')
  const insert = db.command(
    'keep a cache',
    `INSERT INTO probabilities (run, checkpoint, seed, count, dataset, split, images, classes, path, bytes, digests, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const erase = db.command('remove a cache', 'DELETE FROM probabilities WHERE key = ?')
  const total = db.query<{ bytes: number | null }>('measure the caches', 'SELECT sum(bytes) AS bytes FROM probabilities')
  let serial = 0

  const toCache = (row: ProbabilityCache): ProbabilityCache => ({ ...row, path: fromStored(context, row.path) })

  async function begin(key: ProbabilityKey, classes: number) {
    assertWritable(context)
    const runKey = keyOf(key.run)
    const folder = join(dataDir, 'runs', key.run, 'probabilities')
    makeFolder(dataDir, folder)
    const name = `${key.checkpoint.slice(0, 12)}-${key.seed}-${key.count}-${key.split}-${key.images}-${Math.trunc(now()).toString(36)}${(serial++).toString(36)}.f32`
    const path = join(folder, name)
    const file = await beginFile(path, 'write the probability cache')
    const floats = key.images * classes
    const digests = new Uint8Array(key.count * digestBytes)
    const written = new Set<number>()
    return {
      /** Probabilities of network `first` and on, float32 [n, images, classes]; in any order, each network once. */
      async write(first: number, probabilities: Float32Array) {
        const networks = probabilities.length / floats
        if (!Number.isInteger(networks) || first < 0 || first + networks > key.count) {
          throw defect(`${probabilities.length} probabilities from network ${first} on do not fit ${key.count} networks of ${floats}.`)
        }
        for (let i = 0; i < networks; i++) {
          const own = bytesOf(probabilities.subarray(i * floats, (i + 1) * floats))
          digests.set(Buffer.from(sha256(own), 'hex'), (first + i) * digestBytes)
        }
        await file.writeAt(first * floats * 4, bytesOf(probabilities))
        for (let i = 0; i < networks; i++) written.add(first + i)
      },
      /** @throws LabError `internal` when networks are missing */
      async commit() {
        if (written.size !== key.count) {
          await file.discard()
          throw defect(`Only ${written.size} of ${key.count} networks were written to the probability cache.`)
        }
        await file.commit()
        try {
          const { checkpoint, seed, count, dataset, split, images } = key
          const [stored, bytes] = [toStored(context, path), count * floats * 4]
          const row = insert.run(runKey, checkpoint, seed, count, dataset, split, images, classes, stored, bytes, digests, now())
          return toCache(byKey.get(row.key)!)
        } catch (error) {
          await removeUnnamed(path) // large, and of no use to anybody
          throw error
        }
      },
      /** Lets go of what was written. */
      discard: () => file.discard(),
    }
  }

  /**
   * Networks `first` and on, verified. float32 [count, images, classes]
   * @throws LabError `corrupt` naming the networks; the cache is then dropped, so that it is made anew
   */
  async function read(cache: ProbabilityCache, first: number, count: number): Promise<Float32Array> {
    try {
      return await readPart(cache, first, count)
    } catch (error) {
      if (error instanceof LabError && error.code === 'corrupt' && !db.readOnly) await remove(cache.id)
      throw error
    }
  }

  async function readPart(cache: ProbabilityCache, first: number, count: number): Promise<Float32Array> {
    if (first < 0 || count < 0 || first + count > cache.count) {
      throw new LabError(
        'invalid-argument',
        `Networks ${first} to ${first + count - 1} were asked for, but the probability cache ${cache.path} holds ${cache.count}, from 0 on.`,
        'Ask for fewer networks.',
      )
    }
    const bytes = new Uint8Array(count * cache.images * cache.classes * 4)
    await readAt(cache.path, first * cache.images * cache.classes * 4, bytes)
    const row = digestsOf.get(cache.id)
    if (row === undefined)
      throw new LabError('not-found', `The probability cache ${cache.path} was removed.`, 'Evaluate again: it is made anew.')
    const size = cache.images * cache.classes * 4
    const bad: number[] = []
    for (let i = 0; i < count; i++) {
      const expected = Buffer.from(row.digests.subarray((first + i) * digestBytes, (first + i + 1) * digestBytes)).toString('hex')
      if (sha256(bytes.subarray(i * size, (i + 1) * size)) !== expected) bad.push(first + i)
    }
    if (bad.length > 0) {
      throw new LabError(
        'corrupt',
        `The probability cache ${cache.path} is damaged: the checksum of network${bad.length > 1 ? 's' : ''} ${bad.slice(0, 10).join(', ')}${bad.length > 10 ? ', ...' : ''} does not match.`,
        'Evaluate again: it is made anew.',
      )
    }
    return new Float32Array(bytes.buffer)
  }

  /** Removes a cache: it can be made again. */
  async function remove(id: number): Promise<void> {
    const row = byKey.get(id)
    if (row === undefined) return
    erase.run(id)
    await removeUnnamed(fromStored(context, row.path))
  }

  return {
    begin,
    /**
     * The smallest cache that holds at least `count` networks of that checkpoint, seed, data, split and
     * images; not one whose file is missing or cut off. Its content is verified by `read` and `verify`.
     */
    find(key: ProbabilityKey): ProbabilityCache | null {
      const rows = fitting.all(key.checkpoint, key.seed, key.dataset, key.split, key.images, key.count)
      return rows.map(toCache).find((cache) => statSync(cache.path, { throwIfNoEntry: false })?.size === cache.bytes) ?? null
    },
    list(run: string) {
      keyOf(run)
      return ofRun.all(run).map(toCache)
    },
    read,
    /** Reads all of it by parts: before another process is given its path. @throws LabError `corrupt`, as `read` */
    async verify(cache: ProbabilityCache) {
      for (let first = 0; first < cache.count; first += verifyAtOnce) await read(cache, first, Math.min(verifyAtOnce, cache.count - first))
    },
    remove,
    /** Bytes of all caches. */
    totalBytes: () => total.get()?.bytes ?? 0,
  }
}

function bytesOf(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)
}

/** Fills `bytes` from a place in a file. @throws LabError `corrupt` when the file is missing or ends before */
async function readAt(path: string, position: number, bytes: Uint8Array): Promise<void> {
  try {
    const handle = await open(path, 'r')
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, position + done)
        if (bytesRead === 0)
          throw new LabError('corrupt', `The probability cache ${path} ends too early.`, 'Evaluate again: it is made anew.')
        done += bytesRead
      }
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT')
      throw new LabError('corrupt', `The probability cache ${path} is missing.`, 'Evaluate again: it is made anew.', { cause: error })
    throw fileFailure(error, 'read a probability cache', path)
  }
}
