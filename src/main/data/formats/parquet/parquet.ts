/** Parquet files with a column of images (as Hugging Face's datasets have them) or of pixels, and one of labels. */
import type { ImportOptions, ImportPlan } from '../../../../shared/dataset-import.ts'
import { availableParallelism } from 'node:os'
import { badInput, errorText } from '../../bad-input.ts'
import { plural } from '../../../../shared/wording.ts'
import { checkClasses, sortNames } from '../../classes.ts'
import { throwIfCancelled } from '../../context.ts'
import type { ImportContext } from '../../context.ts'
import { inOrder } from '../../in-order.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { splitOfPath, trainingIfAlone } from '../../split-names.ts'
import { readImage, readImageHeader } from '../../pixels/image-file.ts'
import type { ImageHeader } from '../../pixels/image-file.ts'
import type { Picture, Reader, Survey, Unreadable } from '../../reader.ts'
import { SizeCounter } from '../../sizes.ts'
import { shown } from '../../tree/names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { ParquetFile } from './parquet-file.ts'
import { imageColumnOf, labelColumnsOf, labelNamesOf } from './parquet-columns.ts'
import { surveyPixels } from './parquet-pixels.ts'

/** Images under way at a time. */
const width = Math.max(2, availableParallelism())

const howTo = 'Give a file with a column of images (or of pixels) and a column of labels.'

export const parquet: Reader = {
  format: 'parquet',
  claims: (file, head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1' || file.ending === '.parquet',
  survey,
}

/** A file, and the images in it that can be read. */
interface Shelf {
  parquet: ParquetFile
  split: Split
  /** Class of each row; null: it has none. */
  labels: (string | null)[]
  /** By row; null: it cannot be read. */
  headers: (ImageHeader | null)[]
}

async function survey(files: readonly TreeFile[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const opened: { parquet: ParquetFile; split: Split }[] = []
  for (const file of files) opened.push({ parquet: await ParquetFile.open(file, context), split: splitOfPath(file.path) })
  const parted = trainingIfAlone(opened)
  const ordered = splits.flatMap((split) => parted.filter((one) => one.split === split))
  const [first] = ordered
  if (first?.split !== 'train') throw badInput(files[0].path, 'no file is for training.', 'Put "train" into the name of the one that is.')
  const image = imageColumnOf(first.parquet)
  if (image === null) return surveyPixels(ordered, options, context)

  const candidates = labelColumnsOf(first.parquet)
  const label = chooseLabel(candidates, options, first.parquet)
  const classOf = labelNamesOf(first.parquet, label)
  const sizes = new SizeCounter()
  const unreadable: Unreadable[] = []
  const shelves: Shelf[] = []
  let done = 0
  const rows = ordered.reduce((sum, one) => sum + one.parquet.rows, 0)
  for (const { parquet: file, split } of ordered) {
    const shelf: Shelf = { parquet: file, split, labels: [], headers: [] }
    for await (const group of file.groups([image, label], context)) {
      const looked = inOrder(group, width, (row) => lookAt(row, image, context))
      for await (const header of looked) {
        const name = `${file.name} row ${shelf.headers.length + 1}`
        const value = group[shelf.headers.length - file.groupStart]?.[label]
        const className = classOf(value)
        shelf.labels.push(className)
        shelf.headers.push('reason' in header || className === null ? null : header)
        if ('reason' in header) unreadable.push({ name, reason: header.reason })
        else if (className === null) unreadable.push({ name, reason: `it has no label (${shown(String(value))})` })
        else sizes.add(header.height, header.width, header.channels)
        context.progress({ note: `looking at ${file.name}`, done: ++done, total: rows })
      }
    }
    shelves.push(shelf)
  }
  const classNames = classOf.names ?? sortNames(new Set(shelves.flatMap(({ labels }) => labels.filter((name) => name !== null))))
  checkClasses(classNames, first.parquet.name, howTo)
  return {
    recognised: `${plural(rows, 'row')} with images in the column ${shown(image)}, labels in ${shown(label)}`,
    files: ordered.map((one) => one.parquet.name),
    classNames,
    count: shelves.reduce((sum, { headers }) => sum + headers.filter((header) => header !== null).length, 0),
    sizes: sizes.list(),
    unreadable,
    labelColumn: { chosen: label, candidates },
    notes: [],
    pictures: (plan, running) => pictures(shelves, image, classNames, plan, running),
  }
}

function chooseLabel(candidates: readonly string[], { labelColumn }: ImportOptions, file: ParquetFile): string {
  if (labelColumn === undefined) {
    if (candidates.length > 0) return candidates[0]
    throw badInput(file.name, `none of its columns (${file.columns.join(', ')}) can hold labels.`, howTo)
  }
  const found = candidates.find((name) => name === labelColumn) ?? candidates[Number(labelColumn) - 1]
  if (found !== undefined) return found
  throw badInput(file.name, `it has no column of labels "${shown(labelColumn)}".`, `Choose one of ${candidates.join(', ')}.`)
}

async function lookAt(row: Record<string, unknown>, image: string, { limits }: ImportContext): Promise<ImageHeader | { reason: string }> {
  const bytes = bytesOf(row[image])
  if (bytes === null) return { reason: 'its image has no bytes (only a path?)' }
  try {
    return await readImageHeader(bytes, limits.imagePixels)
  } catch (error) {
    return { reason: errorText(error) }
  }
}

async function* pictures(
  shelves: readonly Shelf[],
  image: string,
  classNames: readonly string[],
  plan: ImportPlan,
  context: ImportContext,
): AsyncGenerator<Picture | Unreadable> {
  const places = new Map(classNames.map((name, label) => [name, label]))
  for (const { parquet: file, split, labels, headers } of shelves) {
    for await (const group of file.groups([image], context)) {
      const start = file.groupStart
      const rows = group.map((row, i) => ({ row, i: start + i })).filter(({ i }) => headers[i] !== null)
      yield* inOrder(rows, width, async ({ row, i }): Promise<Picture | Unreadable> => {
        throwIfCancelled(context)
        const name = `${file.name} row ${i + 1}`
        const bytes = bytesOf(row[image])
        try {
          if (bytes === null) throw new Error('its image has no bytes')
          const pixels = await readImage(bytes, headers[i]!, plan, context.limits.imagePixels)
          return { name, label: places.get(labels[i]!)!, split, pixels }
        } catch (error) {
          return { name, reason: errorText(error) }
        }
      })
    }
  }
}

/** The bytes of an image: `{ bytes, path }`, or as they are. */
function bytesOf(value: unknown): Uint8Array | null {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array) return value.bytes
  return null
}
