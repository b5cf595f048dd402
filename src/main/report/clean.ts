/**
 * Text that came from a person or a file may hold characters that no document can carry (control
 * characters, halves of surrogate pairs) or that make it show something else than it says
 * (direction overrides). They are taken out once, where a report begins.
 */
import { hiddenCharacters } from '../../shared/names.ts'

// Private-use characters are ours: see figures/chart.ts, which marks italics with two of them.
const unwanted = /[\ue000-\uf8ff\ufffe\uffff]/g

/** The text without what no document can carry. */
export const cleanText = (text: string): string =>
  text.toWellFormed().replace(/\r\n?/g, '\n').replace(hiddenCharacters, '').replace(unwanted, '')

/** The same value with every string in it cleaned, keys too; typed arrays are kept as they are. */
export function clean<T>(value: T): T {
  if (typeof value === 'string') return cleanText(value) as T
  if (Array.isArray(value)) return (value as unknown[]).map((item) => clean(item)) as T
  if (value !== null && typeof value === 'object' && !ArrayBuffer.isView(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [cleanText(key), clean(item)])) as T
  }
  return value
}
