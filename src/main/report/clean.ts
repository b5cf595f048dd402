/**
 * Text that came from a person or a file may hold characters that no document can carry (control
 * characters, halves of surrogate pairs) or that make it show something else than it says
 * (direction overrides). They are taken out once, where a report begins.
 */

// Private-use characters are ours: see figures/chart.ts, which marks italics with two of them.
const unwanted = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\ufeff\ufffe\uffff]/g

/** The text without what no document can carry. */
export const cleanText = (text: string): string => text.toWellFormed().replace(unwanted, '').replace(/\r\n?/g, '\n')

/** The same value with every string in it cleaned, keys too; typed arrays are kept as they are. */
export function clean<T>(value: T): T {
  if (typeof value === 'string') return cleanText(value) as T
  if (Array.isArray(value)) return (value as unknown[]).map((item) => clean(item)) as T
  if (value !== null && typeof value === 'object' && !ArrayBuffer.isView(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [cleanText(key), clean(item)])) as T
  }
  return value
}
