/** Parquet files with a column of images (as Hugging Face's datasets have them) or of pixels, and one of labels. */
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import type { Doubt } from '../../../../shared/import-options.ts'
import { badInput } from '../../bad-input.ts'
import { plural } from '../../../../shared/wording.ts'
import { checkClasses } from '../../classes.ts'
import type { ImportContext } from '../../context.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { partFiles } from '../../parts.ts'
import type { Reader, Survey } from '../../reader.ts'
import { shown } from '../../tree/names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { surveyStored } from '../stored-images.ts'
import { surveyRows } from '../table/pixel-rows.ts'
import { isLabelName, isOtherName } from '../table/table-columns.ts'
import { TableFacts } from '../table/table-facts.ts'
import { ParquetFile } from './parquet-file.ts'
import { imageColumnOf, labelColumnsOf, classesOf } from './parquet-columns.ts'

const howTo = 'Give a file with a column of images (or of pixels) and a column of labels.'

export const parquet: Reader = {
  format: 'parquet',
  claims: (file, head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1' || file.ending === '.parquet',
  survey,
}

interface Opened {
  parquet: ParquetFile
  split: Split
}

async function survey(files: readonly TreeFile[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const opened: { parquet: ParquetFile; path: string }[] = []
  for (const file of files) opened.push({ parquet: await ParquetFile.open(file, context), path: file.path })
  const { files: parted, doubts } = partFiles(opened, options, 'files')
  const ordered = splits.flatMap((split) => parted.filter((one) => one.split === split))
  const [first] = ordered
  if (first?.split !== 'train') throw badInput(files[0].path, 'no file is for training.', 'Put "train" into the name of the one that is.')
  const image = imageColumnOf(first.parquet)
  if (image === null) {
    const found = await surveyPixels(ordered, options, context)
    return { ...found, doubts: [...doubts, ...(found.doubts ?? [])] }
  }
  const candidates = labelColumnsOf(first.parquet)
  const label = chooseLabel(candidates, options, first.parquet)
  const classes = classesOf(first.parquet, label)
  const rows = ordered.reduce((sum, one) => sum + one.parquet.rows, 0)
  const stored = await surveyStored(
    {
      total: rows,
      classNames: classes.names,
      async *batches(running) {
        for (const { parquet: file, split } of ordered)
          for await (const { start, rows: group } of file.groups([image, label], running))
            yield group.map((row, i) => ({
              name: `${file.name} row ${start + i + 1}`,
              split,
              className: () => classes.nameOf(row[label]),
              bytes: () => Promise.resolve(bytesOf(row[image])),
            }))
      },
    },
    options,
    context,
  )
  checkClasses(stored.classNames, first.parquet.name, howTo)
  return {
    ...stored,
    recognised: `${plural(rows, 'row')} with images in the column ${shown(image)}, labels in ${shown(label)}`,
    files: ordered.map((one) => one.parquet.name),
    labelColumn: { chosen: label, candidates },
    labelsFrom: `the column ${shown(label)}`,
    doubts: [...doubts, ...labelDoubt(candidates, options, first.parquet), ...(stored.doubts ?? [])],
  }
}

/** A table: a number a pixel, one image a row. @param opened those for training first */
async function surveyPixels(opened: readonly Opened[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const [{ parquet: first }] = opened
  const names = first.columns
  const facts = new TableFacts({ ...options, header: true }, first.name)
  facts.add(names, 1)
  const total = opened.reduce((sum, one) => sum + one.parquet.rows, 0)
  let done = 0
  const sheets = opened.map(({ parquet: file, split }) => ({
    path: file.name,
    split,
    columns: file.columns,
    async *rows(running: ImportContext) {
      for await (const { start, rows } of file.groups(names, running))
        for (const [i, row] of rows.entries())
          yield { name: `${file.name} row ${start + i + 1}`, cells: names.map((name) => textIn(row[name])) }
    },
  }))
  for (const sheet of sheets) {
    const { path, columns } = sheet
    const missing = names.find((name) => !columns.includes(name))
    if (missing !== undefined)
      throw badInput(path, `it has no column ${shown(missing)}, which ${first.name} has.`, 'Give files with the same columns.')
    for await (const { cells } of sheet.rows(context)) {
      facts.add(cells, ++done)
      if (done % 500 === 0) context.progress({ note: `looking through ${path}`, done, total })
    }
  }
  facts.end()
  return surveyRows(sheets, facts, options)
}

function textIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : ''
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

/** Where no column alone is called like labels, several may hold them. */
function labelDoubt(candidates: readonly string[], { labelColumn }: ImportOptions, file: ParquetFile): Doubt[] {
  const possible = candidates.filter((name) => !isOtherName(name))
  const named = possible.filter((name) => /label|class|target|^y$/i.test(name))
  const asked = named.length > 0 ? named : possible
  if (labelColumn !== undefined || asked.length < 2 || possible.filter(isLabelName).length === 1) return []
  return [
    {
      code: 'label-column',
      message: `${file.name}: several columns may hold the labels: ${asked.map(shown).join(', ')}.`,
      choices: asked.slice(0, 20).map((name) => ({ words: `The labels are in ${shown(name)}.`, options: { labelColumn: name } })),
    },
  ]
}

/** The bytes of an image: `{ bytes, path }`, or as they are. */
function bytesOf(value: unknown): Uint8Array {
  const bytes = typeof value === 'object' && value !== null && 'bytes' in value ? value.bytes : value
  if (bytes instanceof Uint8Array) return bytes
  throw new Error('its image has no bytes (only a path?)')
}
