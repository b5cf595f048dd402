/** Which columns of a table beside images may hold their classes. */
import { isLabelName } from '../table/table-columns.ts'
import { classNameOf } from '../table/table-cells.ts'

type Rows = readonly (readonly string[])[]
interface Column {
  name: string
  column: number
}

/** Ends of names of columns that say a label in one way or another, as `class_id` and `class_name` do. */
const waysOfLabels = /(?<=.)[-_ ]?(names?|texts?|strings?|ids?|idx|index|codes?|numbers?)$/i

/** Those that are called like labels, and what there is to choose from: these, or where there are none, all. */
export function labelColumns<C extends Column>(possible: readonly C[], rows: Rows): { byLabelName: C[]; apart: C[] } {
  const isCalledSo = ({ name }: C) => isLabelName(name.slice(name.lastIndexOf('.') + 1).replace(waysOfLabels, ''))
  const byLabelName = inWords(possible.filter(isCalledSo), rows)
  return { byLabelName, apart: byLabelName.length > 0 ? byLabelName : inWords(possible, rows) }
}

/** Columns, but for numbers of classes where another column says these classes in words. */
function inWords<C extends Column>(columns: readonly C[], rows: Rows): C[] {
  const isInWords = ({ column }: C) => rows.some((row) => Number.isNaN(Number(row[column] ?? '')))
  const words = columns.filter(isInWords)
  const isSaid = ({ column: own }: C) => words.some(({ column }) => follows(rows, own, column) && follows(rows, column, own))
  return columns.filter((one) => isInWords(one) || !isSaid(one))
}

/** Whether what stands in one column says what stands in the other. */
function follows(rows: Rows, from: number, to: number): boolean {
  const said = new Map<string, string>()
  return rows.every((row) => {
    const [key, value] = [row[from], row[to]].map((cell) => classNameOf(cell ?? ''))
    if (!said.has(key)) said.set(key, value)
    return said.get(key) === value
  })
}

/** Columns of 0 and 1, of which each row has a single 1: a class each. @returns null: they are no such */
export function oneHot<C extends Column>(columns: readonly C[], rows: Rows): C[] | null {
  const binary = columns.filter(({ column }) => rows.every((row) => Number(row[column]) === 0 || Number(row[column]) === 1))
  if (binary.length < 3 || columns.some(({ name }) => isLabelName(name))) return null
  return rows.every((row) => binary.filter(({ column }) => Number(row[column]) === 1).length === 1) ? binary : null
}
