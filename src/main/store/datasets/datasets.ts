/** Data sets, each known by the hash of its content, in `datasets/HASH/{images.u8,labels.u8,manifest.json}`. */
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ColourStatistics } from '../../../layers/layer-kind.ts'
import type { KeptDataset } from '../../../shared/contract/datasets.ts'
import type { StagedDataset } from '../../../shared/dataset-import.ts'
import { dealtOrder, leaksOf, type Leaks } from '../../../shared/deal.ts'
import type { DataReference } from '../../../shared/engine-protocol.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Data } from '../../../shared/experiment.ts'
import { assertWritable, trashed } from '../context.ts'
import type { StoreContext } from '../context.ts'
import { partNames, weigh } from './dataset-content.ts'
import { findColours, findEqual, readPart, readPixels, verifyDataset } from './dataset-files.ts'
import { fileFailure } from '../failures.ts'
import { makeFolder, removeUnnamed, syncFolder, writeWhole } from '../files/files.ts'
import { canonicalJson, toChecksummedJson, fromChecksummedJson } from '../files/checksummed-json.ts'
import type { DatasetRecord } from '../types.ts'
import { imagesIn } from '../../../shared/split.ts'

type Facts = Pick<DatasetRecord, 'classNames' | 'suggestedSplit' | 'source'>
type Row = Omit<DatasetRecord, keyof Facts> & { facts: string }
/** The images of a document, in its order; an id alone: as they were imported. */
export type ImagesOf = Pick<Data, 'id'> & Partial<Data>
/** Folder of unfinished data sets, beside the finished ones. */
export const stagingPrefix = '.staging-'

export function datasetStore(context: StoreContext) {
  const { db } = context
  const columns = 'hash, name, count, height, width, channels, classes, bytes, facts'
  const select = `SELECT ${columns}, created_at AS createdAt FROM dataset`
  const all = db.query<Row>('list data sets', `${select} WHERE deleted_at IS NULL ORDER BY created_at DESC, name`)
  const byHash = db.query<Row>('find a data set', `${select} WHERE hash = ? AND deleted_at IS NULL`)
  const evenRemoved = db.query<Row>('find a data set, removed or not', `${select} WHERE hash = ?`)
  const inTrash = trashed(context, 'dataset')
  const setDeleted = db.command('remove or restore a data set', 'UPDATE dataset SET deleted_at = ? WHERE hash = ?')
  const setName = db.command('rename a data set', 'UPDATE dataset SET name = ? WHERE hash = ?')
  const insert = db.command('keep a data set', `INSERT INTO dataset (${columns}, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const users = db.query<{ id: string }>('find the runs of a data set', 'SELECT id FROM run WHERE dataset = ? AND deleted_at IS NULL')
  const root = join(context.dataDir, 'datasets')
  const verified = new Map<string, Promise<void>>()
  /** A byte an image: small, and asked for again and again. */
  const labelsByHash = new Map<string, Uint8Array>()
  const equalByHash = new Map<string, Promise<Uint32Array>>()
  /** By data set, split and order of its images. */
  const coloursByData = new Map<string, Promise<ColourStatistics>>()
  let stagings = 0
  let lane: Promise<unknown> = Promise.resolve()

  /** As `get`; null where there is none. */
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

  /** By hash, unique prefix of a hash (6 or more digits), or name (the newest of that name). @throws LabError `not-found` */
  function get(idOrName: string): DatasetRecord {
    const found = find(idOrName)
    if (found !== null) return found
    throw (
      inTrash(idOrName) ??
      new LabError('not-found', `There is no data set ${idOrName}.`, 'See which there are, or add it.', { action: 'list-data' })
    )
  }

  /** The first time in a process, once for all who ask meanwhile. */
  function verify(record: DatasetRecord): Promise<void> {
    const known = verified.get(record.hash)
    if (known !== undefined) return known
    const verifying = verifyDataset(root, record)
    verified.set(record.hash, verifying)
    verifying.catch(() => verified.delete(record.hash))
    return verifying
  }

  /** As its files are now, whatever they were before. */
  async function isSound(record: DatasetRecord): Promise<boolean> {
    try {
      await verifyDataset(root, record)
      return true
    } catch (error) {
      if (error instanceof LabError && error.code === 'corrupt') return false
      throw error
    }
  }

  /** Undoes a removal; one that is not removed stays as it is. @throws LabError `not-found` */
  function restore(hash: string): DatasetRecord {
    if (evenRemoved.get(hash) !== undefined && byHash.get(hash) === undefined) setDeleted.run(null, hash)
    context.changed({ kind: 'dataset', id: hash })
    return get(hash)
  }

  async function readLabels(record: DatasetRecord): Promise<Uint8Array> {
    await verify(record)
    const labels = labelsByHash.get(record.hash) ?? (await readPart(root, record, 'labels'))
    labelsByHash.set(record.hash, labels)
    return labels
  }

  /** Makes a folder beside the data sets for one that is being put together; swept at the next opening if it is still there. */
  function makeStaging(): string {
    assertWritable(context)
    const staging = join(root, `${stagingPrefix}${process.pid}-${++stagings}`)
    makeFolder(context.dataDir, staging)
    return staging
  }

  /** One after the other: the same data set may come twice at once. */
  function keep(...parts: Parameters<typeof putInPlace>): Promise<KeptDataset> {
    const kept = lane.then(() => putInPlace(...parts))
    lane = kept.catch(() => undefined)
    return kept
  }

  /** Puts a folder with both files in its place, then the row. */
  async function putInPlace(dataset: StagedDataset, folder: string, hash: string, bytes: number, name: string): Promise<KeptDataset> {
    const there = evenRemoved.get(hash)
    if (there !== undefined && (await isSound(toRecord(there)))) {
      await removeUnnamed(folder)
      return { ...restore(hash), known: true }
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
    if (there === undefined) insert.run(hash, name, count, height, width, channels, classes, bytes, toChecksummedJson(facts), context.now())
    verified.set(hash, Promise.resolve())
    labelsByHash.delete(hash)
    return { ...restore(hash), known: there !== undefined }
  }

  return {
    makeStaging,
    /**
     * Keeps the data set whose `images.u8` and `labels.u8` lie in a folder (a staging folder or one in it),
     * whole or not at all: the folder becomes the data set's own. One already there (same hash) is returned as it is, `known`.
     */
    async adopt(staged: StagedDataset, folder: string, name: string): Promise<KeptDataset> {
      assertWritable(context)
      try {
        const { hash, bytes } = await weigh(staged, folder)
        return await keep(staged, folder, hash, bytes, name)
      } catch (error) {
        throw fileFailure(error, 'keep a data set', folder)
      }
    },
    /** Removes a staging folder with all that is in it. */
    dropStaging: removeUnnamed,
    list: () => all.all().map(toRecord),
    get,
    find,
    /** By hash or name: what to say of one that is there. */
    inTrash,
    /** Reads its files, however they were before. @throws LabError `not-found`, `corrupt` */
    check: (hash: string): Promise<void> => verifyDataset(root, get(hash)),
    /**
     * What an engine needs to read it. The files' hash is verified the first time in a process.
     * @param data without a split: the suggested one
     * @throws LabError `not-found`, `corrupt`, `invalid-argument` when the split asks for more images than there are
     */
    async reference(data: ImagesOf): Promise<DataReference> {
      const record = get(data.id)
      const chosen = data.split ?? record.suggestedSplit
      const wanted = imagesIn(chosen)
      if (wanted > record.count) {
        throw new LabError(
          'invalid-argument',
          `The split asks for ${wanted} images (${chosen.train} + ${chosen.validation} + ${chosen.test}), but ${record.name} has ${record.count}.`,
          'Make data.split.train, data.split.validation or data.split.test smaller.',
        )
      }
      await verify(record)
      const { hash, count, height, width, channels, classes } = record
      const order = dealtOrder(data, count)
      return {
        hash,
        imagesPath: join(root, hash, partNames.images),
        labelsPath: join(root, hash, partNames.labels),
        count,
        height,
        width,
        channels,
        classes,
        split: chosen,
        ...(order === null ? {} : { order }),
      }
    },
    rename(hash: string, name: string) {
      if (setName.run(name, get(hash).hash).changes > 0) context.changed({ kind: 'dataset', id: hash })
      return get(hash)
    },
    /** Puts it into the trash. @throws LabError `conflict` when a run uses it */
    remove(hash: string) {
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
    /** One class index an image, in the data's order. @throws LabError `corrupt` */
    async labels(data: ImagesOf): Promise<Uint8Array> {
      const labels = await readLabels(get(data.id))
      const order = dealtOrder(data, labels.length)
      return order === null ? labels : Uint8Array.from(order, (place) => labels[place])
    },
    /** Single images by their place in the data's order. uint8 [indices, height, width, channels] @throws LabError `corrupt` */
    async pixels(data: ImagesOf, indices: readonly number[]) {
      const record = get(data.id)
      await verify(record)
      const order = dealtOrder(data, record.count)
      return readPixels(root, record, order === null ? indices : indices.map((index) => order[index]))
    },
    /** Of the images that train. They are read the first time in a process. @throws LabError `corrupt` */
    colours(data: Data): Promise<ColourStatistics> {
      const record = get(data.id)
      const key = JSON.stringify([record.hash, data.split.train, data.split.validation, data.deal])
      const known = coloursByData.get(key)
      if (known !== undefined) return known
      const order = dealtOrder(data, record.count)
      const trained = order?.subarray(0, data.split.train) ?? Uint32Array.from({ length: data.split.train }, (_, i) => i)
      const finding = verify(record).then(() => findColours(root, record, trained))
      coloursByData.set(key, finding)
      finding.catch(() => coloursByData.delete(key))
      return finding
    },
    /** Images on both sides of a split. The whole data set is read the first time in a process. @throws LabError `corrupt` */
    async leaks(data: Data): Promise<Leaks> {
      const record = get(data.id)
      const finding = equalByHash.get(record.hash) ?? verify(record).then(() => findEqual(root, record))
      equalByHash.set(record.hash, finding)
      finding.catch(() => equalByHash.delete(record.hash))
      return leaksOf(await finding, dealtOrder(data, record.count), data.split)
    },
  }
}

function toRecord({ facts, ...row }: Row): DatasetRecord {
  return { ...row, ...fromChecksummedJson<Facts>(facts, `The data set ${row.name}`) }
}
