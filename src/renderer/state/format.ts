/** Numbers as a person reads them. */

const integers = new Intl.NumberFormat('en')
const exact = new Intl.NumberFormat('en', { maximumFractionDigits: 12 })
const none = '\u2013'

/** 20018 -> 20,018 */
export const count = (value: number): string => integers.format(Math.round(value))

/** 0.98765 -> 98.77 % */
export function percent(fraction: number | null | undefined, digits = 2): string {
  return fraction === null || fraction === undefined || !Number.isFinite(fraction) ? none : `${(fraction * 100).toFixed(digits)}\u00a0%`
}

/** Four significant digits, without an exponent where that is shorter. */
export function number(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined) return none
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '\u221e' : '\u2212\u221e'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e6 || size < 1e-4)
    return value
      .toExponential(Math.max(digits - 2, 0))
      .replace('e+', 'e')
      .replace('-', '\u2212')
  const rounded = size >= 10 ** digits ? Math.round(value) : Number(value.toPrecision(digits))
  return exact.format(rounded).replace('-', '\u2212')
}

/** 1536 -> 1.5 kB, in powers of 1000 as disks are sold. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let size = value
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 || size >= 99.95 ? Math.round(size) : Number(size.toPrecision(2))} ${units[unit]}`
}

/** 3725 -> 1 h 02 min; at most two units. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return none
  if (seconds < 1) return seconds === 0 ? '0 s' : '< 1 s'
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const two = (value: number): string => String(value).padStart(2, '0')
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  const minutes = Math.round(whole / 60)
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`
}

// Made once: making one takes longer than a thousand uses.
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const daysOfYears = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

/** When it was: "just now", "4 min ago", "yesterday", then the date. */
export function ago(at: number, now: number): string {
  const seconds = Math.max((now - at) / 1000, 0)
  if (seconds < 45) return 'just now'
  if (seconds < 3600) return `${Math.max(Math.round(seconds / 60), 1)} min ago`
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`
  if (seconds < 172_800) return 'yesterday'
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return (sameYear ? days : daysOfYears).format(at)
}

/** The moment, to the second. */
export const moment = (at: number): string => moments.format(at)

/** "1 run", "3 runs" */
export const plural = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`
