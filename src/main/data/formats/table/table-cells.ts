/** What a cell of a table stands for. */

/** Text, or a number where the file says that it is one. */
export type Cell = string | number

/** A cell as a number; NaN: it is none. */
export function numberOf(cell: Cell): number {
  if (typeof cell === 'number') return cell
  return cell.trim() === '' ? NaN : Number(cell)
}

/** A cell as the name of a class: numbers in their shortest form, an accent as one character with its letter. */
export function classNameOf(cell: Cell): string {
  const name = String(cell).trim().normalize('NFC')
  // Programs write whole numbers as 8.0, 8.000000000000000000e+00 or +8 too.
  return /^[-+]?\d+(\.\d*)?(e[-+]?\d+)?$/i.test(name) && Number.isSafeInteger(Number(name)) && !/^0\d/.test(name)
    ? String(Number(name))
    : name
}
