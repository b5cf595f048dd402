/** Tables with one image a row: CSV and TSV, with or without a row of names. */
import type { ImportOptions } from '../../../../shared/dataset-import.ts'
import type { Doubt } from '../../../../shared/import-options.ts'
import { splits } from '../../../../shared/split.ts'
import { badInput } from '../../bad-input.ts'
import type { ImportContext } from '../../context.ts'
import type { Reader, Survey } from '../../reader.ts'
import { partFiles } from '../../parts.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { surveyRows, type Sheet } from './pixel-rows.ts'
import { numberOf } from './table-cells.ts'
import { isLabelName } from './table-columns.ts'
import { TableFacts } from './table-facts.ts'
import { tableRows, type TableRow } from './table-rows.ts'
import { separatorOf, tableText, wideEncoding, type TableText } from './table-text.ts'
import { packedColumn, spread } from './table-spread.ts'

export const table: Reader = {
  format: 'table',
  claims: (file, head) =>
    ['.csv', '.tsv'].includes(file.ending) ? head.length > 0 : plainEndings.has(file.ending) && looksLikeTable(head),
  survey,
}

/** Of texts that may be tables: USPS came as `zip.train` and `zip.test`. */
const plainEndings: ReadonlySet<string> = new Set(['.txt', '.data', '.dat', '.train', '.test', '.tra', '.tes'])

/** Of columns, in a first line that tells nothing else. */
const manyColumns = 16
const longestName = 20

interface Table extends Sheet {
  facts: TableFacts
}

async function survey(files: readonly TreeFile[], options: ImportOptions, context: ImportContext): Promise<Survey> {
  const opened = await open(files, options, context)
  const { used, aside, doubts } = agree(opened, options)
  const ordered = splits.flatMap((split) => used.filter((one) => one.split === split))
  if (ordered[0]?.split !== 'train')
    throw badInput(files[0].path, 'no table is for training.', 'Put "train" into the name of the one that is.')
  const facts = used.map((one) => one.facts).reduce((all, one) => all.with(one))
  const found = surveyRows(ordered, facts, options)
  return { ...found, doubts: [...opened.doubts, ...doubts, ...(found.doubts ?? [])], aside }
}

/** Each table, looked through; what is no table, beside others, is not used. */
async function open(
  files: readonly TreeFile[],
  options: ImportOptions,
  context: ImportContext,
): Promise<{ tables: Table[]; aside: string[]; doubts: Doubt[] }> {
  const tables: Table[] = []
  const doubts: Doubt[] = []
  const aside: string[] = []
  for (const file of files) {
    const found = await tableText(file, options.encoding, context)
    if (found === null) {
      if (files.length === 1) throw badInput(file.path, 'its first line has no comma, tab or semicolon: it is no table.')
      aside.push(`${file.path} has one column: it was not used.`)
    } else {
      tables.push(await openTable(found.text, options, context))
      doubts.push(...found.doubts)
    }
  }
  const [lone] = aside
  if (lone !== undefined && tables.length === 1 && !tables[0].facts.columns.some(({ name }) => isLabelName(name)))
    throw badInput(
      tables[0].path,
      `the labels seem to be in a table of their own (${lone.replace(/ has one column: .*$/, '')}), which is not read.`,
      'Put them into one table, a column beside the pixels: pd.concat([y, X], axis=1).to_csv("set.csv", index=False).',
    )
  if (tables.length === 0) throw badInput(files[0].path, 'neither it nor the others have a comma, tab or semicolon: they are no tables.')
  return { tables, aside, doubts }
}

async function openTable(text: TableText, options: ImportOptions, context: ImportContext): Promise<Table> {
  const { path, name: fileName } = text.file
  const packed = await packedColumn(text, context)
  const unpacked = (row: TableRow) => (packed === null ? row : spread(row, packed))
  const facts = new TableFacts(options, path)
  let seen = 0
  for await (const row of tableRows(text, context)) {
    const { cells, line } = unpacked(row)
    if (facts.isHeadAgain(cells)) continue
    facts.add(cells, line)
    if (++seen % 500 === 0) context.progress({ note: `looking through ${fileName}`, done: seen, total: 0 })
  }
  facts.end()
  await facts.findOneHot(async function* () {
    for await (const row of tableRows(text, context)) yield unpacked(row).cells
  })
  if (facts.rows === 0) throw badInput(path, 'it has no rows.')
  return {
    path,
    split: 'train',
    facts,
    async *rows(running) {
      let above = facts.headRows
      for await (const row of tableRows(text, running)) {
        if (above-- > 0) continue
        if (!facts.isHeadAgain(row.cells)) yield { name: `${path} line ${row.line}`, cells: unpacked(row).cells }
      }
    },
  }
}

/**
 * Tables of one data set have the same columns. A test table without labels is not used, and so is what is
 * no table of images by far: the form for a competition's answers, or a list of names.
 */
function agree(
  { tables, aside }: { tables: readonly Table[]; aside: readonly string[] },
  options: ImportOptions,
): { used: Table[]; aside: string[]; doubts: Doubt[] } {
  const columnsOf = ({ facts }: Table) => facts.names.length
  const widest = tables.reduce((most, one) => Math.max(most, columnsOf(one)), 0)
  const wide = tables.filter((one) => 2 * columnsOf(one) >= widest)
  const unused = tables.filter((one) => !wide.includes(one)).map(({ path }) => `${path} has few columns: it was not used.`)
  const { files: parted, doubts } = partFiles(wide, options, 'tables')
  const first = parted.find(({ split }) => split === 'train') ?? parted[0]
  if (first === undefined) return { used: [], aside: [...aside, ...unused], doubts }
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
  return { used, aside: [...aside, ...unused], doubts }
}

/** Whether text of no telling name begins with rows of numbers. */
function looksLikeTable(head: Uint8Array): boolean {
  const wide = wideEncoding(head.subarray(head[0] >= 0xfe ? 2 : 0))
  if (wide === null && head.includes(0)) return false
  const words = new TextDecoder(wide ?? 'utf-8').decode(head)
  const separator = separatorOf(words.replace(/^(?:[#%][^\n]*\n)*/, ''))
  if (separator === null) return false
  const lines = words
    .replace(/^(?:[#%][^\n]*\n)*/, '')
    .split(/\r?\n/)
    .map((line) => (separator === ' ' ? line.trim().replace(/[ \t]+/g, ' ') : line))
  // A first line that goes on beyond what was read: names of many columns.
  if (lines.length === 1)
    return (
      words
        .split(separator)
        .slice(0, -1)
        .filter((cell) => cell.length <= longestName).length >= manyColumns
    )
  // Names may stand above, and the second line may be cut off.
  return lines.slice(0, 2).some((line) => {
    const row = line.split(separator)
    return row.length >= 5 && row.filter((cell) => Number.isFinite(numberOf(cell))).length >= row.length - 1
  })
}
