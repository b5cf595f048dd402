/** Tables with one image a row: CSV and TSV, with or without a row of names. */
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import { splits } from '../../../../shared/split.ts'
import { badInput } from '../../bad-input.ts'
import type { ImportContext } from '../../context.ts'
import type { Reader, Survey } from '../../reader.ts'
import { splitOfPath, trainingIfAlone } from '../../split-names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { surveyRows, type Sheet } from './pixel-rows.ts'
import { numberOf } from './table-cells.ts'
import { TableFacts } from './table-facts.ts'
import { separatorOf, tableRows, type Separator, type TableRow } from './table-rows.ts'
import { packedColumn, spread } from './table-spread.ts'

export const table: Reader = {
  format: 'table',
  claims: (file, head) =>
    ['.csv', '.tsv'].includes(file.ending) ? head.length > 0 : ['.txt', '.data'].includes(file.ending) && looksLikeTable(head),
  survey,
}

interface Table extends Sheet {
  facts: TableFacts
}

async function survey(files: readonly TreeFile[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const { used, aside } = agree(await open(files, options, context))
  const ordered = splits.flatMap((split) => used.filter((one) => one.split === split))
  if (ordered[0]?.split !== 'train')
    throw badInput(files[0].path, 'no table is for training.', 'Put "train" into the name of the one that is.')
  const facts = used.map((one) => one.facts).reduce((all, one) => all.with(one))
  return { ...surveyRows(ordered, facts, options), aside }
}

/** Each table, looked through; what is no table, beside others, is not used. */
async function open(
  files: readonly TreeFile[],
  options: ImportOptions,
  context: ImportContext,
): Promise<{ tables: Table[]; aside: string[] }> {
  const tables: Table[] = []
  const aside: string[] = []
  for (const file of files) {
    const separator = separatorOf(await file.head(1 << 16))
    if (separator === null) {
      if (files.length === 1) throw badInput(file.path, 'its first line has no comma, tab or semicolon: it is no table.')
      aside.push(`${file.path} has one column: it was not used.`)
    } else tables.push(await openTable(file, separator, options, context))
  }
  if (tables.length === 0) throw badInput(files[0].path, 'neither it nor the others have a comma, tab or semicolon: they are no tables.')
  return { tables, aside }
}

async function openTable(file: TreeFile, separator: Separator, options: ImportOptions, context: ImportContext): Promise<Table> {
  const { path } = file
  const packed = await packedColumn(file, separator, context)
  const unpacked = (row: TableRow) => (packed === null ? row : spread(row, packed))
  const facts = new TableFacts(options, path)
  let seen = 0
  for await (const row of tableRows(file, separator, context)) {
    const { cells, line } = unpacked(row)
    facts.add(cells, line)
    if (++seen % 500 === 0) context.progress({ note: `looking through ${file.name}`, done: seen, total: 0 })
  }
  facts.end()
  if (facts.rows === 0) throw badInput(path, 'it has no rows.')
  return {
    path,
    split: splitOfPath(path),
    facts,
    async *rows(running) {
      let begun = !facts.hasHeader
      for await (const row of tableRows(file, separator, running)) {
        if (begun) yield { name: `${path} line ${row.line}`, cells: unpacked(row).cells }
        begun = true
      }
    },
  }
}

/**
 * Tables of one data set have the same columns. A test table without labels is not used, and so is what is
 * no table of images by far: the form for a competition's answers, or a list of names.
 */
function agree({ tables, aside }: { tables: readonly Table[]; aside: readonly string[] }): { used: Table[]; aside: string[] } {
  const columnsOf = ({ facts }: Table) => facts.names.length
  const widest = tables.reduce((most, one) => Math.max(most, columnsOf(one)), 0)
  const wide = tables.filter((one) => 2 * columnsOf(one) >= widest)
  const unused = tables.filter((one) => !wide.includes(one)).map(({ path }) => `${path} has few columns: it was not used.`)
  const parted = trainingIfAlone(wide)
  const first = parted.find(({ split }) => split === 'train') ?? parted[0]
  const used = parted.filter((one) => {
    if (one === first || one.facts.names.join('\n') === first.facts.names.join('\n')) return true
    if (one.split === 'test' && columnsOf(one) < columnsOf(first)) {
      unused.push(`${one.path} has fewer columns (no labels?): it was not used.`)
      return false
    }
    throw badInput(
      one.path,
      `its ${columnsOf(one)} columns are not those of ${first.path} (${columnsOf(first)}).`,
      'Give tables with the same columns.',
    )
  })
  return { used, aside: [...aside, ...unused] }
}

/** Whether text of no telling name begins with rows of numbers. */
function looksLikeTable(head: Uint8Array): boolean {
  const separator = separatorOf(head)
  if (separator === null || head.includes(0)) return false
  const lines = Buffer.from(head).toString('utf8').split(/\r?\n/)
  const row = (lines[1] ?? lines[0]).split(separator)
  return row.length >= 5 && row.filter((cell) => Number.isFinite(numberOf(cell))).length >= row.length - 1
}
