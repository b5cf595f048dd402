/** Data sets, each known by the hash of its content, in `datasets/HASH/{images.u8,labels.u8,manifest.json}`. */
import { createHash } from 'node:crypto'
import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportedDataset } from '../../shared/dataset.ts'
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
  const { count, height, width, channels, classes } = shape
  return createHash('sha256')
    .update(`weightscape-dataset-1 ${count} ${height} ${width} ${channels} ${classes}\n`)
    .update(images)
    .update(labels)
    .digest('hex')
}

export function datasetStore(context: StoreContext): DatasetStore {
  const { db } = context
  const columns = 'hash, name, count, height, width, channels, classes, bytes, facts, created_at'
  const all = db.query<Row>('list data sets', `SELECT ${columns} FROM dataset ORDER BY created_at DESC, name`)
  const byHash = db.query<Row>('find a data set', `SELECT ${columns} FROM dataset WHERE hash = ?`)
  const insert = db.command('keep a data set', `INSERT INTO dataset (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const users = db.query<{ id: string }>('find the runs of a data set', 'SELECT id FROM run WHERE dataset = ?')
  const erase = db.command('remove a data set', 'DELETE FROM dataset WHERE hash = ?')
  const root = join(context.dataDir, 'datasets')
  const verified = new Set<string>()
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

  return {
    async add(dataset, name) {
      assertWritable(context)
      assertWhole(dataset)
      const { count, height, width, channels, classes, images, labels } = dataset
      const hash = hashDataset(dataset, images, labels)
      const there = byHash.get(hash)
      if (there !== undefined && (await isSound(toRecord(there)))) return toRecord(there)
      const facts: Facts = { classNames: dataset.classNames, suggestedSplit: dataset.suggestedSplit, source: dataset.source }
      const staging = join(root, `${stagingPrefix}${process.pid}-${++stagings}`)
      const place = join(root, hash)
      makeFolder(context.dataDir, staging)
      try {
        await writeWhole(join(staging, 'images.u8'), images, 'keep the images of a data set')
        await writeWhole(join(staging, 'labels.u8'), labels, 'keep the labels of a data set')
        const manifest = canonicalJson({ format: 'weightscape-dataset-1', hash, name, count, height, width, channels, classes, ...facts })
        await writeWhole(join(staging, 'manifest.json'), Buffer.from(`${manifest}\n`), 'keep the manifest of a data set')
        await rm(place, { recursive: true, force: true }) // from a kill between rename and row
        await rename(staging, place)
        syncFolder(root)
      } catch (error) {
        await removeUnnamed(staging)
        throw fileFailure(error, 'keep a data set', place)
      }
      // A damaged one, whose row is there, was mended by what has just been put in its place.
      if (there === undefined)
        insert.run(hash, name, count, height, width, channels, classes, images.length + labels.length, seal(facts), context.now())
      verified.add(hash)
      return get(hash)
    },
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
    async remove(hash) {
      const record = get(hash)
      const runs = users.all(record.hash).map((row) => row.id)
      if (runs.length > 0) {
        throw new LabError(
          'conflict',
          `The data set ${record.name} is used by ${runs.length === 1 ? 'the run' : 'the runs'} ${runs.join(', ')}.`,
          'Remove these runs first.',
        )
      }
      erase.run(record.hash)
      verified.delete(record.hash)
      await removeUnnamed(join(root, record.hash))
    },
  }
}

function toRecord(row: Row): DatasetRecord {
  const { facts, created_at: createdAt, ...rest } = row
  return { ...rest, createdAt, ...unseal<Facts>(facts, `The data set ${row.name}`) }
}

function damaged(record: DatasetRecord, found: string): LabError {
  return new LabError(
    'corrupt',
    `The data set ${record.name} (${record.hash.slice(0, 12)}...) is damaged: ${found}.`,
    'Add it again from its files: that mends it (weightscape data add PATH).',
  )
}

function assertWhole(dataset: ImportedDataset): void {
  const { count, height, width, channels, classes, images, labels, suggestedSplit: split } = dataset
  const sound =
    images.length === count * height * width * channels &&
    labels.length === count &&
    dataset.classNames.length === classes &&
    labels.every((label) => label < classes) &&
    split.train + split.validation + split.test <= count
  if (!sound)
    throw new LabError('internal', 'A reader handed over a data set whose parts do not agree.', 'This is a defect in Weightscape.')
}
