/**
 * Numbers, amounts and times as a person reads them, alike in the window, the terminal, logs and reports.
 * What is not finite becomes a dash or a sign for infinity, never "NaN %"; a number stays on a line with its unit.
 */

const missing = '\u2013'
/** A space at which no line breaks. */
const joined = '\u00a0'

// Made once: making one takes longer than a thousand uses.
const integers = new Intl.NumberFormat('en')
const exact = new Intl.NumberFormat('en', { maximumFractionDigits: 12 })

/** What may be absent: nothing was measured yet. */
type Measured = number | null | undefined

const isFinite = (value: Measured): value is number => Number.isFinite(value)
/** For those who show nothing where there is no number. */
export const finite = (value: Measured): number | null => (isFinite(value) ? value : null)
const minus = (text: string): string => text.replace('-', '\u2212')

/** 20018 -> 20,018 */
export const count = (value: number): string => (isFinite(value) ? integers.format(Math.round(value)) : missing)

/** "1 run", "3 runs" */
export const plural = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`

/** "once", "2 times". */
export const times = (n: number): string => (n === 1 ? 'once' : `${count(n)} times`)

/** "one, two and three". */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`

/** "28 × 28 grey" */
export function imageSize({ height, width, channels }: { height: number; width: number; channels: number }): string {
  return `${height} \u00d7 ${width} ${channels === 1 ? 'grey' : channels === 3 ? 'colour' : `${channels} channels`}`
}

/** A share of 1: 0.98765 -> 98.77 %; what is more than nothing is never shown as 0 %. */
export function percent(fraction: Measured, digits = 2): string {
  if (!isFinite(fraction)) return missing
  const shown = (fraction * 100).toFixed(digits)
  return fraction > 0 && Number(shown) === 0 ? `<${joined}${10 ** -digits}${joined}%` : `${minus(shown)}${joined}%`
}

/** A share of 1 with three decimals, as reports give accuracies throughout: 0.948. */
export const fraction = (value: number): string => (isFinite(value) ? value.toFixed(3) : missing)

/** So many significant digits, without an exponent where that is shorter. */
export function number(value: Measured, digits = 4): string {
  if (value === null || value === undefined) return missing
  if (!isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '\u221e' : '\u2212\u221e'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e7 || size < 1e-4) return minus(value.toExponential(digits - 1).replace('e+', 'e'))
  return minus(exact.format(size >= 10 ** digits ? Math.round(value) : Number(value.toPrecision(digits))))
}

/** The first letter large, as a line begins. */
export const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

/** 1536 -> 1.5 kB, in powers of 1000 as disks are sold. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let size = value
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 || size >= 99.95 ? Math.round(size) : Number(size.toPrecision(2))}${joined}${units[unit]}`
}

/** Seconds: 85 ms, 4.2 s, 42 s, 3 min 12 s, 2 h 05 min, 3 d 4 h; at most two units. */
export function duration(seconds: Measured): string {
  if (!isFinite(seconds)) return missing
  if (seconds === 0) return `0${joined}s`
  if (seconds < 0.995) return `${number(seconds * 1000, 2)}${joined}ms`
  if (seconds < 9.95) return `${seconds.toFixed(1)}${joined}s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole}${joined}s`
  if (whole < 3600) return two(whole, 60, 'min', 's')
  const minutes = Math.round(whole / 60)
  if (minutes < 1440) return two(minutes, 60, 'h', 'min')
  return two(Math.round(minutes / 60), 24, 'd', 'h')
}

/** A time in two units, the smaller one in two digits. */
const two = (value: number, size: number, larger: string, smaller: string): string =>
  [Math.floor(value / size), larger, String(value % size).padStart(2, '0'), smaller].join(joined)

/** Made when it is first needed, and once: a date's takes longer than most modules do to load. */
function dates(options: Intl.DateTimeFormatOptions): (at: number) => string {
  let made: Intl.DateTimeFormat | undefined
  return (at) => (made ??= new Intl.DateTimeFormat('en-GB', options)).format(at)
}
const days = dates({ day: 'numeric', month: 'short' })
const daysOfYears = dates({ day: 'numeric', month: 'short', year: 'numeric' })

/** When it was, milliseconds since the epoch: "just now", "4 min ago", "yesterday", then the date. */
export function ago(at: number, now: number): string {
  const seconds = Math.max((now - at) / 1000, 0)
  if (seconds < 45) return 'just now'
  if (seconds < 3600) return `${Math.max(Math.round(seconds / 60), 1)} min ago`
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`
  if (seconds < 172_800) return 'yesterday'
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return (sameYear ? days : daysOfYears)(at)
}

/** The moment where the reader is, to the second. */
export const moment = dates({ dateStyle: 'medium', timeStyle: 'medium' })
