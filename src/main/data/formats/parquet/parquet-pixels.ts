/** Parquet files that are tables: a number a pixel, one image a row. */
import type { Split } from '../../../../shared/split.ts'
import type { ImportOptions, ImportPlan } from '../../../../shared/dataset-import.ts'
import { badInput } from '../../bad-input.ts'
import { plural } from '../../../../shared/wording.ts'
import { checkClasses, sortNames } from '../../classes.ts'
import type { ImportContext } from '../../context.ts'
import { toPlan } from '../../pixels/resize.ts'
import { chooseScale, toBytes, ValueRange } from '../../pixels/scale.ts'
import type { Scale } from '../../pixels/scale.ts'
import type { Picture, Survey, Unreadable } from '../../reader.ts'
import { SizeCounter } from '../../sizes.ts'
import { shown } from '../../tree/names.ts'
import type { ParquetFile } from './parquet-file.ts'
import { shapeWords } from '../shapes.ts'
import { classNameOf } from '../table/table-cells.ts'
import { layOutTable } from '../table/table-columns.ts'
import type { TableLayout } from '../table/table-columns.ts'
import { TableFacts } from '../table/table-facts.ts'

interface Sheet {
  parquet: ParquetFile
  split: Split
}

/** @param sheets those for training first */
export async function surveyPixels(sheets: readonly Sheet[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const [first] = sheets
  const names = first.parquet.columns
  const facts = new TableFacts({ ...options, header: true }, first.parquet.name)
  facts.add(names, 1)
  let done = 0
  const rows = sheets.reduce((sum, { parquet }) => sum + parquet.rows, 0)
  for (const { parquet } of sheets) {
    const missing = names.find((name) => !parquet.columns.includes(name))
    if (missing !== undefined)
      throw badInput(
        parquet.name,
        `it has no column ${shown(missing)}, which ${first.parquet.name} has.`,
        'Give files with the same columns.',
      )
    for await (const { rows: group } of parquet.groups(names, context)) {
      for (const row of group) facts.add(cellsOf(row, names), ++done)
      context.progress({ note: `looking through ${parquet.name}`, done, total: rows })
    }
  }
  facts.end()
  const columns = facts.columns()
  const layout = layOutTable(columns, facts.rows, options, first.parquet.name)
  const range = new ValueRange()
  for (const column of layout.pixels) {
    if (columns[column].min <= columns[column].max) range.add([columns[column].min, columns[column].max])
    if (!columns[column].whole) range.whole = false
  }
  const scale = chooseScale(range)
  if ('wrong' in scale) throw badInput(first.parquet.name, `${scale.wrong} (its pixels).`)
  const classNames = sortNames(columns[layout.label].values ?? [])
  checkClasses(classNames, first.parquet.name, 'Say which column holds the labels.', { settings: { labelColumn: null } })
  const sizes = new SizeCounter()
  sizes.add(layout.shape.height, layout.shape.width, layout.shape.channels, rows)
  return {
    recognised: `${plural(rows, 'row')} of ${plural(layout.pixels.length, 'pixel')} (${shapeWords(layout.shape)}), labels in the column ${shown(names[layout.label])}`,
    files: sheets.map(({ parquet }) => parquet.name),
    classNames,
    count: rows,
    sizes: sizes.list(),
    unreadable: [],
    labelColumn: { chosen: names[layout.label], candidates: layout.candidates },
    notes: [...layout.notes, ...(scale.words === null ? [] : [`Pixels: ${scale.words}.`])],
    pictures: (plan, running) => pictures(sheets, names, layout, scale, classNames, plan, running),
  }
}

async function* pictures(
  sheets: readonly Sheet[],
  names: readonly string[],
  { label, pixels, shape }: TableLayout,
  scale: Scale,
  classNames: readonly string[],
  plan: ImportPlan,
  context: ImportContext,
): AsyncGenerator<Picture | Unreadable> {
  const labels = new Map(classNames.map((name, i) => [name, i]))
  const wanted = [label, ...pixels].map((column) => names[column])
  for (const { parquet, split } of sheets) {
    for await (const { start, rows: group } of parquet.groups(wanted, context)) {
      for (const [i, row] of group.entries()) {
        const name = `${parquet.name} row ${start + i + 1}`
        const values = Float64Array.from(pixels, (column) => numberIn(row[names[column]]))
        const wrong = values.findIndex((value) => !Number.isFinite(value))
        const known = labels.get(classNameOf(textIn(row[names[label]])))
        if (known === undefined) yield { name, reason: `its label "${shown(textIn(row[names[label]]))}" is none of the classes` }
        else if (wrong >= 0) yield { name, reason: `its column ${shown(names[pixels[wrong]])} is no number` }
        else yield { name, label: known, split, pixels: await toPlan({ data: toBytes(values, scale), ...shape }, plan) }
      }
    }
  }
}

function cellsOf(row: Record<string, unknown>, names: readonly string[]): string[] {
  return names.map((name) => textIn(row[name]))
}

function textIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : ''
}

function numberIn(value: unknown): number {
  return typeof value === 'number' ? value : typeof value === 'bigint' || typeof value === 'boolean' ? Number(value) : NaN
}
