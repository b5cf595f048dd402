/** Tables with one image a row: CSV and TSV, with or without a row of names. */
import type { ImportOptions, ImportPlan } from '../../../../shared/dataset-import.ts'
import { badInput } from '../../bad-input.ts'
import { plural } from '../../../../shared/wording.ts'
import { checkClasses, sortNames } from '../../classes.ts'
import type { ImportContext } from '../../context.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { splitOfPath, trainingIfAlone } from '../../split-names.ts'
import { toPlan } from '../../pixels/resize.ts'
import { chooseScale, toBytes, ValueRange } from '../../pixels/scale.ts'
import type { Scale } from '../../pixels/scale.ts'
import type { Picture, Reader, Survey, Unreadable } from '../../reader.ts'
import { SizeCounter } from '../../sizes.ts'
import { shown } from '../../tree/names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { shapeWords } from '../shapes.ts'
import { classNameOf, numberOf } from './table-cells.ts'
import { findColumn, layOutTable } from './table-columns.ts'
import type { ColumnFacts, TableLayout } from './table-columns.ts'
import { TableFacts } from './table-facts.ts'
import { splitColumn } from './table-splits.ts'
import type { SplitColumn } from './table-splits.ts'
import { separatorOf, tableRows } from './table-rows.ts'
import type { Separator } from './table-rows.ts'
import { packedColumn, spread } from './table-spread.ts'
import type { Packed } from './table-spread.ts'

export const table: Reader = {
  format: 'table',
  claims: (file, head) =>
    ['.csv', '.tsv'].includes(file.ending) ? head.length > 0 : ['.txt', '.data'].includes(file.ending) && looksLikeTable(head),
  survey,
}

interface Sheet {
  file: TreeFile
  split: Split
  separator: Separator
  packed: Packed | null
  facts: TableFacts
}

async function survey(files: readonly TreeFile[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const { used, notes } = agree(await open(files, options, context))
  const ordered = splits.flatMap((split) => used.filter((sheet) => sheet.split === split))
  const [first] = ordered
  if (first?.split !== 'train') throw badInput(files[0].path, 'no table is for training.', 'Put "train" into the name of the one that is.')

  const facts = used.map((sheet) => sheet.facts).reduce((all, one) => all.with(one))
  const columns = facts.columns()
  const apart = rowsApart(columns, ordered, options)
  const layout = layOutTable(columns, facts.rows, options, first.file.path, apart?.column)
  const scale = scaleOf(facts, layout, first.file)
  const names = [...(facts.columns()[layout.label].values ?? [])]
  if (names.length === 0)
    throw badInput(
      first.file.path,
      `its column ${shown(facts.names[layout.label])} has more than 256 different values: it cannot hold the labels.`,
      'Say which column does.',
      { settings: { labelColumn: null } },
    )
  const classNames = sortNames(names)
  checkClasses(classNames, first.file.path, 'Say which column holds the labels.', { settings: { labelColumn: null } })
  const sizes = new SizeCounter()
  sizes.add(layout.shape.height, layout.shape.width, layout.shape.channels, facts.rows)
  return {
    recognised: `${plural(facts.rows, 'row')} of ${plural(layout.pixels.length, 'pixel')} (${shapeWords(layout.shape)}), labels in the column ${shown(facts.names[layout.label])}`,
    files: ordered.map((sheet) => sheet.file.path),
    classNames,
    count: facts.seen,
    sizes: sizes.list(),
    unreadable: [],
    labelColumn: { chosen: facts.names[layout.label], candidates: layout.candidates },
    aside: notes,
    notes: [
      ...(apart === null
        ? []
        : [`The column ${shown(facts.names[apart.column])} says what each row is for: training, validation or test.`]),
      ...layout.notes,
      ...(scale.words === null ? [] : [`Pixels: ${scale.words}.`]),
    ],
    pictures: (plan, running) => pictures(ordered, layout, apart, scale, classNames, plan, running),
  }
}

/** The column that says what rows are for, unless names of files say it or it was chosen for the labels. */
function rowsApart(columns: readonly ColumnFacts[], sheets: readonly Sheet[], { labelColumn }: ImportOptions): SplitColumn | null {
  if (sheets.some(({ split }) => split !== 'train')) return null
  const found = splitColumn(columns)
  const labels = labelColumn === undefined ? null : findColumn(columns, labelColumn, sheets[0].file.path)
  return found?.column === labels ? null : found
}

/** Each table, looked through; what is no table, beside others, is not used. */
async function open(
  files: readonly TreeFile[],
  options: ImportOptions,
  context: ImportContext,
): Promise<{ sheets: Sheet[]; notes: string[] }> {
  const sheets: Sheet[] = []
  const notes: string[] = []
  for (const file of files) {
    const separator = separatorOf(await file.head(1 << 16))
    if (separator === null) {
      if (files.length === 1) throw badInput(file.path, 'its first line has no comma, tab or semicolon: it is no table.')
      notes.push(`${file.path} has one column: it was not used.`)
      continue
    }
    const packed = await packedColumn(file, separator, context)
    const facts = await lookThrough(file, separator, packed, options, context)
    sheets.push({ file, split: splitOfPath(file.path), separator, packed, facts })
  }
  if (sheets.length === 0) throw badInput(files[0].path, 'neither it nor the others have a comma, tab or semicolon: they are no tables.')
  return { sheets, notes }
}

async function lookThrough(
  file: TreeFile,
  separator: Separator,
  packed: Packed | null,
  options: ImportOptions,
  context: ImportContext,
): Promise<TableFacts> {
  const facts = new TableFacts(options, file.path)
  let seen = 0
  for await (const row of tableRows(file, separator, context)) {
    const { cells, line } = packed === null ? row : spread(row, packed)
    facts.add(cells, line)
    if (++seen % 500 === 0) context.progress({ note: `looking through ${file.name}`, done: seen, total: 0 })
  }
  facts.end()
  if (facts.rows === 0) throw badInput(file.path, 'it has no rows.')
  return facts
}

/**
 * Tables of one data set have the same columns. A test table without labels is not used, and so is what is
 * no table of images by far: the form for a competition's answers, or a list of names.
 */
function agree({ sheets, notes }: { sheets: readonly Sheet[]; notes: readonly string[] }): { used: Sheet[]; notes: string[] } {
  const columnsOf = ({ facts }: Sheet) => facts.names.length
  const widest = sheets.reduce((most, sheet) => Math.max(most, columnsOf(sheet)), 0)
  const wide = sheets.filter((sheet) => 2 * columnsOf(sheet) >= widest)
  const aside = sheets.filter((sheet) => !wide.includes(sheet)).map((sheet) => `${sheet.file.path} has few columns: it was not used.`)
  const parted = trainingIfAlone(wide)
  const first = parted.find(({ split }) => split === 'train') ?? parted[0]
  const used = parted.filter((sheet) => {
    if (sheet === first || sheet.facts.names.join('\n') === first.facts.names.join('\n')) return true
    if (sheet.split === 'test' && columnsOf(sheet) < columnsOf(first)) {
      aside.push(`${sheet.file.path} has fewer columns (no labels?): it was not used.`)
      return false
    }
    throw badInput(
      sheet.file.path,
      `its ${columnsOf(sheet)} columns are not those of ${first.file.path} (${columnsOf(first)}).`,
      'Give tables with the same columns.',
    )
  })
  return { used, notes: [...notes, ...aside] }
}

function scaleOf(facts: TableFacts, { pixels }: TableLayout, file: TreeFile): Scale {
  const range = new ValueRange()
  const columns = facts.columns()
  for (const column of pixels) {
    const { min, max, whole } = columns[column]
    if (min > max) continue // no numbers at all
    range.add([min, max])
    if (!whole) range.whole = false
  }
  const scale = chooseScale(range)
  if ('wrong' in scale)
    throw badInput(file.path, `${scale.wrong} (its pixels).`, 'Give the pixels as they were before they were standardised.')
  return scale
}

async function* pictures(
  sheets: readonly Sheet[],
  { label, pixels, shape }: TableLayout,
  apart: SplitColumn | null,
  scale: Scale,
  classNames: readonly string[],
  plan: ImportPlan,
  context: ImportContext,
): AsyncGenerator<Picture | Unreadable> {
  const labels = new Map(classNames.map((name, i) => [name, i]))
  const values = new Float64Array(pixels.length)
  // Where rows of several parts stand in one table, it is read once for each.
  const turns =
    apart === null
      ? sheets.map((sheet) => ({ sheet, turn: sheet.split }))
      : splits.flatMap((turn) => sheets.map((sheet) => ({ sheet, turn })))
  for (const { sheet, turn } of turns) {
    const { file, separator, packed, facts } = sheet
    let begun = !facts.hasHeader
    for await (const row of tableRows(file, separator, context)) {
      if (!begun) {
        begun = true
        continue
      }
      const split = apart === null ? turn : apart.splitOf(row.cells[apart.column] ?? '')
      if ((split ?? 'train') !== turn) continue
      const { cells, line } = packed === null ? row : spread(row, packed)
      const name = `${file.path} line ${line}`
      if (cells.length !== facts.names.length) {
        yield { name, reason: `it has ${plural(cells.length, 'column')} instead of ${facts.names.length}` }
        continue
      }
      const known = labels.get(classNameOf(cells[label]))
      const wrong = pixels.findIndex((column, i) => !Number.isFinite((values[i] = numberOf(cells[column]))))
      if (split === null) yield { name, reason: 'it does not say whether it is for training, validation or test' }
      else if (known === undefined) yield { name, reason: `its label "${shown(cells[label])}" is none of the classes` }
      else if (wrong >= 0)
        yield { name, reason: `its column ${shown(facts.names[pixels[wrong]])} is "${shown(cells[pixels[wrong]])}", no number` }
      else yield { name, label: known, split, pixels: await toPlan({ data: toBytes(values, scale), ...shape }, plan) }
    }
  }
}

/** Whether text of no telling name begins with rows of numbers. */
function looksLikeTable(head: Uint8Array): boolean {
  const separator = separatorOf(head)
  if (separator === null || head.includes(0)) return false
  const lines = Buffer.from(head).toString('utf8').split(/\r?\n/)
  const row = (lines[1] ?? lines[0]).split(separator)
  return row.length >= 5 && row.filter((cell) => Number.isFinite(numberOf(cell))).length >= row.length - 1
}
