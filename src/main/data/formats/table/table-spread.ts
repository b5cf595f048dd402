/** Tables with all pixels of an image in one cell, as FER2013 has them: `70 80 82 ...`. */
import { badInput } from '../../bad-input.ts'
import type { ImportContext } from '../../context.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { numberOf } from './table-cells.ts'
import { tableRows, type Separator, type TableRow } from './table-rows.ts'

/** Fewer numbers may stand in a cell for another reason. */
const leastNumbers = 4

/** The column of such cells. */
export interface Packed {
  column: number
  /** Numbers of a cell. */
  count: number
  /** Line of the row of names above; null: there is none. */
  names: number | null
}

/** Looks at the first two rows. @returns null: no column has cells of many numbers */
export async function packedColumn(file: TreeFile, separator: Separator, context: ImportContext): Promise<Packed | null> {
  let above: number | null = null
  for await (const { cells, line } of tableRows(file, separator, context)) {
    for (const [column, cell] of cells.entries()) {
      const numbers = numbersIn(cell)
      if (numbers.length < leastNumbers || !numbers.every((one) => Number.isFinite(numberOf(one)))) continue
      const width = cells.length + numbers.length - 1
      if (width > context.limits.columns)
        throw badInput(
          file.path,
          `a cell of column ${column + 1} has ${numbers.length} numbers; at most ${context.limits.columns} columns are read.`,
          'Make the images smaller, or give them as files.',
        )
      return { column, count: numbers.length, names: above }
    }
    if (above !== null) break
    above = line
  }
  return null
}

/**
 * A row with a column a pixel: the first takes the place of the cell, the others follow at the end, so that the other
 * columns keep their numbers. Above cells of numbers stands a name: it becomes theirs.
 */
export function spread({ cells, line }: TableRow, { column, count, names }: Packed): TableRow {
  if (column >= cells.length) return { cells, line }
  const numbers = numbersIn(cells[column])
  const [first, ...others] = line === names ? Array.from({ length: count }, (_, i) => `pixel ${i}`) : numbers
  const out = [...cells, ...others]
  out[column] = first
  return { cells: out, line }
}

function numbersIn(cell: string): string[] {
  return cell
    .replace(/^\s*\[|\]\s*$/g, '')
    .trim()
    .split(/[\s,;]+/)
}
