/** Numbers as a person reads them. Whatever is not finite becomes "n/a": a report never shows NaN. */

const missing = 'n/a'

/** Keeps a number and its unit on one line. */
const joined = '\u00a0'

/** A fraction of 1 with three decimals, as accuracies are given throughout: 0.948. */
export const fraction = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : missing)

/** A whole number with thousands separated: 13,000. */
export const count = (value: number): string => (Number.isFinite(value) ? Math.round(value).toLocaleString('en-US') : missing)

/** A number with about `digits` significant digits, thousands separated, no exponent in the usual range. */
export function number(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return missing
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e7 || size < 1e-4)
    return value
      .toExponential(digits - 1)
      .replace('e+', 'e')
      .replace('-', '−')
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)))
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.min(decimals, 12) }).replace('-', '−')
}

/** A share of 1 as per cent: 87%, <1%. */
export function percent(value: number): string {
  if (!Number.isFinite(value)) return missing
  if (value > 0 && value < 0.01) return '<1%'
  return `${Math.round(value * 100)}%`
}

/** Seconds as a person says them: 85 ms, 4.2 s, 3 min 12 s, 2 h 05 min. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return missing
  if (seconds < 1) return `${number(seconds * 1000, 2)}${joined}ms`
  if (seconds < 59.95) return `${seconds.toFixed(1)}${joined}s`
  const whole = Math.round(seconds)
  if (whole < 3600) return [Math.floor(whole / 60), 'min', String(whole % 60).padStart(2, '0'), 's'].join(joined)
  const minutes = Math.round(whole / 60)
  return [count(Math.floor(minutes / 60)), 'h', String(minutes % 60).padStart(2, '0'), 'min'].join(joined)
}

/** Bytes in GiB or MiB. */
export const bytes = (value: number): string =>
  value >= 2 ** 30 ? `${number(value / 2 ** 30, 3)}${joined}GiB` : `${number(value / 2 ** 20, 3)}${joined}MiB`

/** A moment in UTC, to the minute: 2026-03-01 14:05 UTC. */
export function moment(milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? missing : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** At most `length` characters as a reader counts them, cut with an ellipsis. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text
  const characters = Array.from(graphemes.segment(text), ({ segment }) => segment)
  return characters.length <= length
    ? text
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`
}

/** "one, two and three". */
export const listed = (items: string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`

/** 1 network, 2 networks. */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`
