/** Parquet files with a column of images (as Hugging Face's datasets have them), of lists of pixels, or a column a pixel, and one of labels. */
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import type { Doubt } from '../../../../shared/import-options.ts'
import { badInput } from '../../bad-input.ts'
import { plural } from '../../../../shared/wording.ts'
import { checkClasses } from '../../classes.ts'
import type { ImportContext } from '../../context.ts'
import { splits } from '../../../../shared/split.ts'
import { partFiles } from '../../parts.ts'
import type { Reader, Survey } from '../../reader.ts'
import { shown, someShown } from '../../tree/names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { surveyStored } from '../stored-images.ts'
import { surveyRows } from '../table/pixel-rows.ts'
import { isLabelName, isOtherName, isPixelName, leastPixels } from '../table/table-columns.ts'
import { TableFacts } from '../table/table-facts.ts'
import { ParquetFile, type Column } from './parquet-file.ts'
import { imageColumnsOf, isPlain, labelColumnsOf, labelListOf, listColumnsOf, classesOf } from './parquet-columns.ts'
import { imageDoubt, surveyLists } from './parquet-lists.ts'
import { cellOf, findSplits, rowsOf, type PartOfRows } from './parquet-rows.ts'

const howTo = 'Give a file with a column of images (or of pixels) and a column of labels.'

export const parquet: Reader = {
  format: 'parquet',
  claims: (file, head) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1' || file.ending === '.parquet',
  survey,
}

async function survey(files: readonly TreeFile[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const opened: { parquet: ParquetFile; path: string }[] = []
  for (const file of files) opened.push({ parquet: await ParquetFile.open(file, context), path: file.path })
  const { files: parted, doubts } = partFiles(opened, options, 'files')
  const ordered = splits.flatMap((split) => parted.filter((one) => one.split === split))
  const [first] = ordered
  if (first?.split !== 'train') throw badInput(files[0].path, 'no file is for training.', 'Put "train" into the name of the one that is.')
  const found = await surveyParts(ordered, options, context)
  return { ...found, doubts: [...doubts, ...(found.doubts ?? [])] }
}

async function surveyParts(ordered: readonly PartOfRows[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const [{ parquet: file }] = ordered
  const stored = imageColumnsOf(file)
  const lists = listColumnsOf(file)
  const chosen = [...stored, ...lists].find(({ name }) => name === options.imageColumn)
  const image = chosen ?? stored[0] ?? lists[0]
  const pixels = file.columns.filter((column) => isPlain(column) && isPixelName(column.name))
  if (image === undefined || (chosen === undefined && stored.length === 0 && pixels.length >= leastPixels))
    return surveyPixels(ordered, options, context)
  const isList = !stored.includes(image)
  const { parts, doubts: partDoubts } = await findSplits(ordered, options, context)
  const possible = labelColumnsOf(file).filter(({ name }) => parts?.columns.some((own) => own.name === name) !== true)
  const label = chooseLabel(possible, options, file)
  const classes = classesOf(file, label.name)
  const other = ordered.find(({ parquet }) => {
    const { names } = classesOf(parquet, label.name)
    return names !== null && classes.names !== null && names.join('\n') !== classes.names.join('\n')
  })
  if (other !== undefined)
    throw badInput(
      other.parquet.name,
      `its classes are listed as ${someShown(classesOf(other.parquet, label.name).names!, 6)}, those of ${file.name} as ${someShown(classes.names!, 6)}: the same number means another class.`,
      'Write both with one list of names (datasets: cast_column with the same ClassLabel).',
    )
  const rows = ordered.reduce((sum, one) => sum + one.parquet.rows, 0)
  const read = (running: ImportContext) => rowsOf(ordered, [image, label], parts, running)
  const found = isList
    ? await surveyLists({ name: file.name, column: image, total: rows, rows: read, classes }, options, context)
    : await surveyStored(
        {
          total: rows,
          classNames: classes.names,
          async *batches(running) {
            for await (const block of read(running))
              yield Array.from(block, ({ name, split, values: [bytes, value], wrong }) => ({
                name,
                split,
                className: () => {
                  if (wrong !== null) throw new Error(wrong)
                  return classes.nameOf(value)
                },
                bytes: () => Promise.resolve(bytesOf(bytes)),
              }))
          },
        },
        options,
        context,
      )
  checkClasses(found.classNames, file.name, howTo)
  return {
    ...found,
    recognised: `${plural(rows, 'row')} with ${isList ? 'lists of pixels' : 'images'} in the column ${shown(image.name)}, labels in ${shown(label.name)}`,
    files: ordered.map((one) => one.parquet.name),
    labelColumn: { chosen: label.name, candidates: possible.map(({ name }) => name) },
    labelsFrom: `the column ${shown(label.name)}`,
    ...(parts === null
      ? {}
      : {
          partsFrom: `the ${parts.columns.length === 1 ? 'column' : 'columns'} ${parts.columns.map(({ name }) => shown(name)).join(', ')}`,
        }),
    doubts: [
      ...imageDoubt(isList ? lists : stored, image, isList, options, file.name),
      ...labelDoubt(possible, options, file),
      ...partDoubts,
      ...(found.doubts ?? []),
    ],
  }
}

/** A table: a number a pixel, one image a row. @param opened those for training first */
async function surveyPixels(opened: readonly PartOfRows[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const [{ parquet: first }] = opened
  const columns = first.columns.filter(isPlain)
  const facts = new TableFacts({ ...options, header: true }, first.name)
  facts.add(
    columns.map(({ name }) => name),
    1,
  )
  const total = opened.reduce((sum, one) => sum + one.parquet.rows, 0)
  let done = 0
  const sheets = opened.map((one) => ({
    path: one.parquet.name,
    split: one.split,
    async *rows(running: ImportContext) {
      for await (const block of rowsOf([one], columns, null, running))
        for (const { name, values } of block) yield { name, cells: values.map(cellOf) }
    },
  }))
  for (const sheet of sheets)
    for await (const { cells } of sheet.rows(context)) {
      facts.add(cells, ++done)
      if (done % 500 === 0) context.progress({ note: `looking through ${sheet.path}`, done, total })
    }
  facts.end()
  return surveyRows(sheets, facts, options)
}

function chooseLabel(possible: readonly Column[], { labelColumn }: ImportOptions, file: ParquetFile): Column {
  const several = labelListOf(file)
  if (labelColumn === undefined) {
    if (several !== undefined && !possible.some(({ name }) => isLabelName(name)))
      throw badInput(
        file.name,
        `its column ${shown(several.name)} holds lists: several labels a row, where a class has one.`,
        possible.length === 0 ? howTo : `Give a column with one label a row, or choose one of ${namesOf(possible)}.`,
      )
    if (possible.length > 0) return possible[0]
    throw badInput(file.name, `none of its columns (${namesOf(file.columns)}) can hold labels.`, howTo)
  }
  const found = possible.find(({ name }) => name === labelColumn) ?? possible[Number(labelColumn) - 1]
  if (found !== undefined) return found
  throw badInput(file.name, `it has no column of labels "${shown(labelColumn)}".`, `Choose one of ${namesOf(possible)}.`)
}

function namesOf(columns: readonly Column[]): string {
  return [...new Set(columns.map(({ name }) => shown(name)))].join(', ')
}

/** Where no column alone is called like labels, several may hold them. */
function labelDoubt(columns: readonly Column[], { labelColumn }: ImportOptions, file: ParquetFile): Doubt[] {
  const possible = columns.map(({ name }) => name).filter((name) => !isOtherName(name))
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

/** The bytes of an image. */
function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw new Error('its image has no bytes (only a path?)')
}
