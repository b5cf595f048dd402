/** Images as lists of numbers, one a row: 784, or 28 of 28 each, as Hugging Face's `Sequence` and `Array2D` are stored. */
import type { Doubt, ImportOptions } from '../../../../shared/import-options.ts'
import { badInput } from '../../bad-input.ts'
import { sortNames } from '../../classes.ts'
import type { ImportContext } from '../../context.ts'
import { accepting } from '../../doubts.ts'
import { errorText } from '../../bad-input.ts'
import { toPlan } from '../../pixels/resize.ts'
import { chooseScale, rangeDoubt, toBytes, ValueRange } from '../../pixels/scale.ts'
import type { Picture, Survey, Unreadable } from '../../reader.ts'
import { shown } from '../../tree/names.ts'
import { channelsLast } from '../arrays.ts'
import { channelDoubt, planesOf, rowLayout, type ImageLayout } from '../shapes.ts'
import { isImageName, type Classes } from './parquet-columns.ts'
import type { NumberList } from './parquet-cursor.ts'
import type { Column } from './parquet-file.ts'
import type { ParquetRow } from './parquet-rows.ts'

const howTo = 'Write one list of numbers a row, all of one length, or a column a pixel.'

/** Names of lists that are pixels. */
const pixelLists = /^(x|arrays?|data|inputs?|digits?|.*(image|img|picture|pixel).*)$/i

export interface ListsFound {
  /** Of the file, for errors. */
  name: string
  column: Column
  total: number
  /** Blocks of rows: a {@link NumberList} and a label each; the same each time. */
  rows: (context: ImportContext) => AsyncIterable<Iterable<ParquetRow>>
  classes: Classes
}

/** @throws LabError `bad-input`, `invalid-argument` */
export async function surveyLists(
  { name: file, column, total, rows, classes }: ListsFound,
  options: ImportOptions,
  context: ImportContext,
): Promise<Pick<Survey, 'classNames' | 'count' | 'sizes' | 'unreadable' | 'notes' | 'doubts' | 'pixelsFrom' | 'pictures'>> {
  const range = new ValueRange()
  const names = new Set<string>()
  let shape: number[] | null = null
  let readable = 0
  let reason = ''
  const listOf = ({ values: [value, label], wrong }: ParquetRow): { numbers: Float64Array; className: string } | { reason: string } => {
    if (wrong !== null) return { reason: wrong }
    const list = (value ?? { reason: 'it has no numbers' }) as NumberList
    if ('reason' in list) return list
    shape ??= list.shape
    if (list.shape.join() !== shape.join())
      return { reason: `it has ${list.shape.join(' x ')} numbers, where others have ${shape.join(' x ')}` }
    const wrongPlace = list.numbers.findIndex((one) => !Number.isFinite(one))
    if (wrongPlace >= 0) return { reason: `its number ${wrongPlace + 1} is no finite number` }
    try {
      return { numbers: list.numbers, className: classes.nameOf(label) }
    } catch (error) {
      return { reason: errorText(error) }
    }
  }
  let done = 0
  for await (const block of rows(context)) {
    for (const row of block) {
      if (++done % 500 === 0) context.progress({ note: `looking through ${file}`, done, total })
      const found = listOf(row)
      if ('reason' in found) {
        reason ||= `${row.name}: ${found.reason}`
        continue
      }
      range.add(found.numbers)
      names.add(found.className)
      readable++
    }
  }
  if (shape === null || readable === 0)
    throw badInput(file, `none of the lists in its column ${shown(column.name)} can be read (${reason}).`, howTo)
  const layout = layoutOf(shape, options, file)
  const scale = chooseScale(range, options.range, file)
  const classNames = classes.names ?? sortNames(names)
  const labels = new Map(classNames.map((one, label) => [one, label]))
  const { height, width, channels, channelsFirst } = layout
  return {
    classNames,
    count: total,
    sizes: [{ height, width, channels, count: readable }],
    unreadable: [],
    pixelsFrom: scale.words,
    notes: scale.words === null ? [] : [`Pixels: ${scale.words}.`],
    doubts: [...rangeDoubt(scale), ...(isFlat(shape) ? channelDoubt(layout, options) : [])],
    async *pictures(plan, running): AsyncGenerator<Picture | Unreadable> {
      for await (const block of rows(running))
        for (const row of block) {
          const found = listOf(row)
          if ('reason' in found) {
            yield { name: row.name, reason: found.reason }
            continue
          }
          const bytes = toBytes(found.numbers, scale)
          const data = channelsFirst ? channelsLast(bytes, 1, channels, height * width) : bytes
          const pixels = await toPlan({ data, height, width, channels }, plan)
          yield { name: row.name, label: labels.get(found.className)!, split: row.split, pixels }
        }
    },
  }
}

/** Whether nothing but the count of numbers says what they are: 784, or 1 x 784. */
function isFlat(shape: readonly number[]): boolean {
  return shape.filter((side) => side > 1).length <= 1
}

function layoutOf(shape: readonly number[], options: ImportOptions, file: string): ImageLayout {
  const count = shape.reduce((product, side) => product * side, 1)
  if (isFlat(shape)) return rowLayout(count, options, file)
  // A single image within each list.
  const sides = shape.length > 3 && shape[0] === 1 ? shape.slice(1) : shape
  if (sides.length > 3) throw badInput(file, `its lists are ${shape.join(' x ')} numbers, which is no image.`, howTo)
  return planesOf(file, [1, ...sides], howTo)
}

/**
 * Several columns may hold the images, or one whose name does not say that its lists are pixels.
 * @param columns of the kind that was chosen
 */
export function imageDoubt(columns: readonly Column[], chosen: Column, isList: boolean, options: ImportOptions, file: string): Doubt[] {
  if (options.imageColumn !== undefined) return []
  const rivals = columns.filter(({ name }) => isImageName(name) === isImageName(chosen.name))
  if (rivals.length > 1)
    return [
      {
        code: 'image-column',
        message: `${file}: several columns may hold the images: ${rivals.map(({ name }) => shown(name)).join(', ')}.`,
        choices: rivals.slice(0, 20).map(({ name }) => ({ words: `The images are in ${shown(name)}.`, options: { imageColumn: name } })),
      },
    ]
  if (!isList || pixelLists.test(chosen.name)) return []
  return [
    {
      code: 'image-column',
      message: `${file}: the only lists of numbers are in the column ${shown(chosen.name)}, whose name does not say that they are pixels.`,
      choices: [accepting('image-column', 'They are pixels.')],
    },
  ]
}
