/** Data sets, each known by the hash of its content, in `datasets/HASH/{images.u8,labels.u8,manifest.json}`. */
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportedDataset } from '../../shared/dataset.ts'
import type { StagedDataset } from '../../shared/dataset-import.ts'
import { LabError } from '../../shared/errors.ts'
import { assertWritable } from './context.ts'
import type { StoreContext } from './context.ts'
import { fileFailure } from './failures.ts'
import { makeFolder, removeUnnamed, syncFolder, writeWhole } from './files.ts'
import { canonicalJson, seal, unseal } from './seal.ts'
import type { DatasetRecord, DatasetStore } from './types.ts'

interface Row {
  hash: string
  name: string
  count: number
  height: number
  width: number
  channels: number
  classes: number
  bytes: number
  facts: string
  created_at: number
}

type Facts = Pick<DatasetRecord, 'classNames' | 'suggestedSplit' | 'source'>
type Shape = Pick<DatasetRecord, 'count' | 'height' | 'width' | 'channels' | 'classes'>

/** Folder of unfinished data sets, beside the finished ones. */
export const stagingPrefix = '.staging-'

/** SHA-256 over shape, images and labels, hex: the identity of a data set, whatever its name and class names. */
export function hashDataset(shape: Shape, images: Uint8Array, labels: Uint8Array): string {
  return beginHash(shape).update(images).update(labels).digest('hex')
}

function beginHash({ count, height, width, channels, classes }: Shape): Hash {
  return createHash('sha256').update(`weightscape-dataset-1 ${count} ${height} ${width} ${channels} ${classes}\n`)
}

export function datasetStore(context: StoreContext): DatasetStore {
  const { db } = context
  const columns = 'hash, name, count, height, width, channels, classes, bytes, facts, created_at'
  const all = db.query<Row>('list data sets', `SELECT ${columns} FROM dataset WHERE deleted_at IS NULL ORDER BY created_at DESC, name`)
  const byHash = db.query<Row>('find a data set', `SELECT ${columns} FROM dataset WHERE hash = ? AND deleted_at IS NULL`)
  const evenRemoved = db.query<Row>('find a data set, removed or not', `SELECT ${columns} FROM dataset WHERE hash = ?`)
  const setDeleted = db.command('remove or restore a data set', 'UPDATE dataset SET deleted_at = ? WHERE hash = ?')
  const setName = db.command('rename a data set', 'UPDATE dataset SET name = ? WHERE hash = ?')
  const insert = db.command('keep a data set', `INSERT INTO dataset (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const users = db.query<{ id: string }>('find the runs of a data set', 'SELECT id FROM run WHERE dataset = ? AND deleted_at IS NULL')
  const root = join(context.dataDir, 'datasets')
  const verified = new Set<string>()
  /** A byte an image: small, and asked for again and again. */
  const labelsByHash = new Map<string, Uint8Array>()
  let stagings = 0

  function find(idOrName: string): DatasetRecord | null {
    const exact = byHash.get(idOrName)
    if (exact !== undefined) return toRecord(exact)
    const rows = all.all()
    const named = rows.find((row) => row.name === idOrName)
    if (named !== undefined) return toRecord(named)
    if (!/^[0-9a-f]{6,}$/.test(idOrName)) return null
    const matching = rows.filter((row) => row.hash.startsWith(idOrName))
    return matching.length === 1 ? toRecord(matching[0]) : null
  }

  function get(idOrName: string): DatasetRecord {
    const found = find(idOrName)
    if (found !== null) return found
    throw new LabError(
      'not-found',
      `There is no data set ${idOrName}.`,
      'See which there are with: weightscape data list; add one with: weightscape data add PATH',
    )
  }

  async function readPart(record: DatasetRecord, name: string): Promise<Uint8Array> {
    const path = join(root, record.hash, name)
    try {
      return await readFile(path)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw damaged(record, `${path} is not there`)
      throw fileFailure(error, 'read a data set', path)
    }
  }

  async function verify(record: DatasetRecord): Promise<void> {
    if (verified.has(record.hash)) return
    const [images, labels] = [await readPart(record, 'images.u8'), await readPart(record, 'labels.u8')]
    if (hashDataset(record, images, labels) !== record.hash) throw damaged(record, 'its checksum does not match')
    verified.add(record.hash)
  }

  async function isSound(record: DatasetRecord): Promise<boolean> {
    try {
      await verify(record)
      return true
    } catch (error) {
      if (error instanceof LabError && error.code === 'corrupt') return false
      throw error
    }
  }

  /** Undoes a removal; one that is not removed stays as it is. */
  function restore(hash: string): DatasetRecord {
    if (evenRemoved.get(hash) !== undefined && byHash.get(hash) === undefined) setDeleted.run(null, hash)
    context.changed({ kind: 'dataset', id: hash })
    return get(hash)
  }

  async function readLabels(record: DatasetRecord): Promise<Uint8Array> {
    const labels = labelsByHash.get(record.hash) ?? (await readPart(record, 'labels.u8'))
    labelsByHash.set(record.hash, labels)
    return labels
  }

  function makeStaging(): string {
    assertWritable(context)
    const staging = join(root, `${stagingPrefix}${process.pid}-${++stagings}`)
    makeFolder(context.dataDir, staging)
    return staging
  }

  /** Puts a folder with both files in its place, then the row. */
  async function keep(dataset: StagedDataset, folder: string, hash: string, bytes: number, name: string): Promise<DatasetRecord> {
    const there = evenRemoved.get(hash)
    if (there !== undefined && (await isSound(toRecord(there)))) {
      await removeUnnamed(folder)
      return restore(hash)
    }
    const { count, height, width, channels, classes } = dataset
    const facts: Facts = { classNames: dataset.classNames, suggestedSplit: dataset.suggestedSplit, source: dataset.source }
    const place = join(root, hash)
    try {
      const manifest = canonicalJson({ format: 'weightscape-dataset-1', hash, name, count, height, width, channels, classes, ...facts })
      await writeWhole(join(folder, 'manifest.json'), Buffer.from(`${manifest}\n`), 'keep the manifest of a data set')
      await rm(place, { recursive: true, force: true }) // from a kill between rename and row
      await rename(folder, place)
      syncFolder(root)
    } catch (error) {
      await removeUnnamed(folder)
      throw fileFailure(error, 'keep a data set', place)
    }
    // A damaged one, whose row is there, was mended by what has just been put in its place.
    if (there === undefined) insert.run(hash, name, count, height, width, channels, classes, bytes, seal(facts), context.now())
    verified.add(hash)
    labelsByHash.delete(hash)
    return restore(hash)
  }

  return {
    async add(dataset, name) {
      assertWritable(context)
      assertWhole(dataset)
      const { images, labels } = dataset
      const hash = hashDataset(dataset, images, labels)
      const staging = makeStaging()
      try {
        await writeWhole(join(staging, 'images.u8'), images, 'keep the images of a data set')
        await writeWhole(join(staging, 'labels.u8'), labels, 'keep the labels of a data set')
      } catch (error) {
        await removeUnnamed(staging)
        throw fileFailure(error, 'keep a data set', staging)
      }
      return keep(dataset, staging, hash, images.length + labels.length, name)
    },
    makeStaging,
    async adopt(staged, folder, name) {
      assertWritable(context)
      try {
        const { hash, bytes } = await weigh(staged, folder)
        return await keep(staged, folder, hash, bytes, name)
      } catch (error) {
        throw fileFailure(error, 'keep a data set', folder)
      }
    },
    dropStaging: (folder) => removeUnnamed(folder),
    list: () => all.all().map(toRecord),
    get,
    find,
    async reference(idOrName, split) {
      const record = get(idOrName)
      const chosen = split ?? record.suggestedSplit
      const wanted = chosen.train + chosen.validation + chosen.test
      if (wanted > record.count) {
        throw new LabError(
          'wrong-use',
          `The split asks for ${wanted} images (${chosen.train} + ${chosen.validation} + ${chosen.test}), but ${record.name} has ${record.count}.`,
          'Make data.split.train, data.split.validation or data.split.test smaller.',
        )
      }
      await verify(record)
      const { hash, count, height, width, channels, classes } = record
      return {
        hash,
        imagesPath: join(root, hash, 'images.u8'),
        labelsPath: join(root, hash, 'labels.u8'),
        count,
        height,
        width,
        channels,
        classes,
        split: chosen,
      }
    },
    rename(hash, name) {
      if (setName.run(name, get(hash).hash).changes > 0) context.changed({ kind: 'dataset', id: hash })
      return get(hash)
    },
    remove(hash) {
      const record = get(hash)
      const runs = users.all(record.hash).map((row) => row.id)
      if (runs.length > 0) {
        throw new LabError(
          'conflict',
          `The data set ${record.name} is used by ${runs.length === 1 ? 'the run' : 'the runs'} ${runs.slice(0, 10).join(', ')}${runs.length > 10 ? ', ...' : ''}.`,
          'Remove these runs first.',
        )
      }
      setDeleted.run(context.now(), record.hash)
      context.changed({ kind: 'dataset', id: record.hash })
    },
    restore,
    labels: (hash) => readLabels(get(hash)),
    pixels(hash, indices) {
      const record = get(hash)
      return readPixels(join(root, record.hash, 'images.u8'), record, indices)
    },
  }
}

function toRecord(row: Row): DatasetRecord {
  const { facts, created_at: createdAt, ...rest } = row
  return { ...rest, createdAt, ...unseal<Facts>(facts, `The data set ${row.name}`) }
}

/** Reads single images; neighbours are read at once. uint8 [indices, height, width, channels] */
async function readPixels(path: string, shape: DatasetRecord, indices: readonly number[]): Promise<Uint8Array> {
  const size = shape.height * shape.width * shape.channels
  const pixels = new Uint8Array(indices.length * size)
  try {
    const file = await open(path, 'r')
    try {
      for (let i = 0; i < indices.length;) {
        let end = i + 1
        while (end < indices.length && indices[end] === indices[end - 1] + 1) end++
        const part = pixels.subarray(i * size, end * size)
        const { bytesRead } = await file.read(part, 0, part.length, indices[i] * size)
        if (bytesRead !== part.length) throw damaged(shape, `${path} ends too early`)
        i = end
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof LabError) throw error
    throw fileFailure(error, 'read a data set', path)
  }
  return pixels
}

function damaged(record: DatasetRecord, found: string): LabError {
  return new LabError(
    'corrupt',
    `The data set ${record.name} (${record.hash.slice(0, 12)}...) is damaged: ${found}.`,
    'Add it again from its files: that mends it (weightscape data add PATH).',
  )
}

/** Bytes read at a time, so that the process stays responsive. */
const stretch = 4 << 20

/**
 * Checks the staged files against what is said of them, puts them on the disk for good, and works out the hash.
 * @throws LabError `internal` when they do not agree
 */
async function weigh(dataset: StagedDataset, folder: string): Promise<{ hash: string; bytes: number }> {
  const { count, height, width, channels, classes } = dataset
  const hash = beginHash(dataset)
  const imageBytes = count * height * width * channels
  await readStaged(join(folder, 'images.u8'), imageBytes, (piece) => hash.update(piece))
  let sound = isAgreed(dataset)
  await readStaged(join(folder, 'labels.u8'), count, (piece) => {
    hash.update(piece)
    sound &&= piece.every((label) => label < classes)
  })
  if (!sound) throw inconsistent()
  return { hash: hash.digest('hex'), bytes: imageBytes + count }
}

async function readStaged(path: string, size: number, take: (piece: Uint8Array) => void): Promise<void> {
  const file = await open(path, 'r+')
  try {
    if ((await file.stat()).size !== size) throw inconsistent()
    await file.sync()
    const piece = new Uint8Array(Math.min(stretch, size))
    for (let at = 0; at < size;) {
      const { bytesRead } = await file.read(piece, 0, piece.length, at)
      if (bytesRead === 0) throw inconsistent()
      take(piece.subarray(0, bytesRead))
      at += bytesRead
    }
  } finally {
    await file.close()
  }
}

function isAgreed({ count, classes, classNames, suggestedSplit: split }: StagedDataset): boolean {
  return count > 0 && classNames.length === classes && split.train + split.validation + split.test <= count
}

function assertWhole(dataset: ImportedDataset): void {
  const { count, height, width, channels, classes, images, labels } = dataset
  const sound =
    images.length === count * height * width * channels &&
    labels.length === count &&
    isAgreed(dataset) &&
    labels.every((label) => label < classes)
  if (!sound) throw inconsistent()
}

function inconsistent(): LabError {
  return new LabError('internal', 'A reader handed over a data set whose parts do not agree.', 'This is a defect in Weightscape.')
}
