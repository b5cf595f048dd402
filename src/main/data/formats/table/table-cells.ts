/** What a cell of a table stands for. */

/** A cell as a number; NaN: it is none. */
export function numberOf(cell: string): number {
  return cell.trim() === '' ? NaN : Number(cell)
}

/** A cell as the name of a class: numbers in their shortest form. */
export function classNameOf(cell: string): string {
  const name = cell.trim()
  return /^-?\d+\.0*$/.test(name) ? String(Number(name)) : name
}
