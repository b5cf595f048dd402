/** Data sets with one image a row, a column a pixel, whatever the rows are stored in. */
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { plural } from '../../../../shared/wording.ts'
import { badInput } from '../../bad-input.ts'
import { checkClasses, sortNames } from '../../classes.ts'
import type { ImportContext } from '../../context.ts'
import { noLabel } from '../../image-buffer.ts'
import { toPlan } from '../../pixels/resize.ts'
import { chooseScale, rangeDoubt, toBytes, ValueRange, type Scale } from '../../pixels/scale.ts'
import type { Picture, Survey, Unreadable } from '../../reader.ts'
import { shown } from '../../tree/names.ts'
import { channelsLast } from '../arrays.ts'
import { channelDoubt, shapeWords } from '../shapes.ts'
import { classNameOf, numberOf, type Cell } from './table-cells.ts'
import { askedBy, findColumn, layOutTable, type ColumnFacts } from './table-columns.ts'
import type { TableFacts } from './table-facts.ts'
import { splitColumns, unknownSplits, type SplitColumns } from './table-splits.ts'

/** Rows of one file. */
export interface Sheet {
  /** Of the file, for errors. */
  path: string
  split: Split
  /** All rows but that of the names, with what each is called. */
  rows: (context: ImportContext) => AsyncIterable<{ name: string; cells: readonly Cell[] }>
}

/**
 * @param sheets with the same columns, those for training first
 * @param facts of all their rows
 * @throws LabError `bad-input`, `invalid-argument` saying what to choose
 */
export function surveyRows(sheets: readonly Sheet[], facts: TableFacts, options: ImportOptions): Survey {
  const [{ path }] = sheets
  const { columns, names } = facts
  const apart = rowsApart(columns, sheets, options)
  const hot = hotColumns(facts, options, path)
  const layout = layOutTable(columns, facts.rows, options, path, new Set([...(apart?.columns ?? []), ...(hot ?? [])]), hot?.[0])
  const { label, pixels, shape } = layout
  const scale = scaleOf(columns, pixels, path, options)
  const hotName = (column: number) => (facts.hasHeader ? names[column] : String(hot!.indexOf(column)))
  const values = hot === null ? columns[label].values : new Set(hot.map(hotName))
  const labelName = hot === null ? columns[label].name : hot.map((column) => names[column]).join(',')
  const labelWords = hot === null ? `the column ${shown(labelName)}` : `the columns ${shown(labelName)}, of which one is 1 in each row`
  const nameIn = (cells: readonly Cell[]): string => {
    if (hot === null) return classNameOf(cells[label])
    const ones = hot.filter((column) => numberOf(cells[column]) === 1)
    return ones.length === 1 ? hotName(ones[0]) : ''
  }
  const told = apart !== null || sheets.some(({ split }) => split !== 'train')
  const partDoubts = told ? [] : columns.flatMap((one, i) => (i === label ? [] : unknownSplits(path, one.name, one.values)))
  const settings = { settings: { labelColumn: null } }
  const arranged = (bytes: Uint8Array) =>
    options.channels === 'first' ? channelsLast(bytes, 1, shape.channels, shape.height * shape.width) : bytes
  if (values === null || values.size === 0)
    throw badInput(
      path,
      `its column ${shown(labelName)} has more than 256 different values: it cannot hold the labels.`,
      'Say which column does.',
      settings,
    )
  const classNames = sortNames(values)
  checkClasses(classNames, path, 'Say which column holds the labels.', settings)
  return {
    recognised: `${plural(facts.rows, 'row')} of ${plural(pixels.length, 'pixel')} (${shapeWords(shape)}), labels in ${labelWords}`,
    files: sheets.map((sheet) => sheet.path),
    classNames,
    allSaid: hot === null,
    count: facts.seen,
    sizes: [{ ...shape, count: facts.rows }],
    unreadable: [],
    labelColumn:
      hot === null
        ? { chosen: askedBy(columns, label), candidates: layout.candidates }
        : { chosen: labelName, candidates: [labelName, ...layout.candidates] },
    labelsFrom: labelWords,
    pixelsFrom: scale.words,
    doubts: [...rangeDoubt(scale), ...layout.doubts, ...channelDoubt(shape, options), ...partDoubts],
    notes: [
      ...(apart === null ? [] : [apartInWords(apart.columns.map((column) => shown(names[column])))]),
      ...layout.notes,
      ...(scale.words === null ? [] : [`Pixels: ${scale.words}.`]),
    ],
    async *pictures(plan, running): AsyncGenerator<Picture | Unreadable> {
      const labels = new Map(classNames.map((name, i) => [name, i]))
      const values = new Float64Array(pixels.length)
      // Where rows of several parts stand in one table, it is read once for each.
      const turns =
        apart === null
          ? sheets.map((sheet) => ({ sheet, turn: sheet.split }))
          : splits.flatMap((turn) => sheets.map((sheet) => ({ sheet, turn })))
      for (const { sheet, turn } of turns) {
        for await (const { name, cells } of sheet.rows(running)) {
          const split = apart === null ? turn : apart.splitOf(apart.columns.map((column) => String(cells[column] ?? '')))
          if ((split ?? 'train') !== turn) continue
          if (cells.length !== names.length) {
            yield { name, reason: `it has ${plural(cells.length, 'column')} instead of ${names.length}` }
            continue
          }
          const known = labels.get(nameIn(cells))
          const wrong = pixels.findIndex((column, i) => !Number.isFinite((values[i] = numberOf(cells[column]))))
          if (split === null) yield { name, reason: 'it does not say whether it is for training, validation or test' }
          else if (known === undefined)
            yield { name, reason: nameIn(cells) === '' ? noLabel : `its label "${shown(String(cells[label]))}" is none of the classes` }
          else if (wrong >= 0)
            yield { name, reason: `its column ${shown(names[pixels[wrong]])} is "${shown(String(cells[pixels[wrong]]))}", no number` }
          else yield { name, label: known, split: turn, pixels: await toPlan({ data: arranged(toBytes(values, scale)), ...shape }, plan) }
        }
      }
    },
  }
}

/** Columns of 0 and 1, a class each: those that were chosen, or found. @throws LabError `invalid-argument` */
function hotColumns({ columns, oneHot }: TableFacts, { labelColumn }: ImportOptions, path: string): readonly number[] | null {
  if (labelColumn === undefined) return oneHot
  if (!labelColumn.includes(',') || columns.some(({ name }) => name === labelColumn)) return null
  return labelColumn.split(',').map((name) => findColumn(columns, name.trim(), path))
}

const apartInWords = (names: readonly string[]): string =>
  `The ${names.length === 1 ? `column ${names[0]} says` : `columns ${names.join(', ')} say`} what each row is for: training, validation or test.`

/** The columns that say what rows are for, unless names of files say it or one was chosen for the labels. */
function rowsApart(columns: readonly ColumnFacts[], sheets: readonly Sheet[], options: ImportOptions): SplitColumns | null {
  const { labelColumn } = options
  if (sheets.some(({ split }) => split !== 'train')) return null
  const found = splitColumns(columns, options)
  const labels = labelColumn === undefined || labelColumn.includes(',') ? null : findColumn(columns, labelColumn, sheets[0].path)
  return labels !== null && found?.columns.includes(labels) === true ? null : found
}

function scaleOf(columns: readonly ColumnFacts[], pixels: readonly number[], path: string, { range: chosen }: ImportOptions): Scale {
  const range = new ValueRange()
  for (const column of pixels) {
    const { min, max, whole } = columns[column]
    if (min > max) continue // no numbers at all
    range.add([min, max])
    if (!whole) range.whole = false
  }
  return chooseScale(range, chosen, path)
}
