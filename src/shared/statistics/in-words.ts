/** Figures with the interval behind them, in as many digits as the interval carries: its half width keeps two. */
import { finite, number, percent } from '../wording.ts'
import type { Interval } from './intervals.ts'

/** Said where figures with intervals stand together. */
export const bracketsInWords = 'In brackets: 95 % intervals.'

/** What stands behind a figure of a result that does not hold what an interval needs. */
export const noInterval = '[no interval: made before intervals were]'

/** A figure, and apart from it its interval, or why there is none. */
export interface Told {
  value: string
  within: string
}
/** @param places decimals, where others decide: see `inColumn` */
type Tell<T> = (value: number, interval: Interval | null | undefined, why?: string, places?: number) => T

/** 0.951 -> "95.1 %" and "[93.6, 96.3]"; without an interval two places and why. */
export const percentTold: Tell<Told> = (share, interval, why = '', wanted) => {
  if (interval === null || interval === undefined || finite(share) === null) return { value: percent(share, wanted), within: why }
  const places = wanted ?? placesOf(interval, 100)
  return { value: percent(share, places), within: brackets(interval, (end) => signed((100 * end).toFixed(places))) }
}

/** A share of 1 as reports have it: "0.951" and "[0.936, 0.963]" */
export const fractionTold: Tell<Told> = (share, interval, why = '', wanted) => {
  if (finite(share) === null) return { value: number(null), within: why }
  const places = Math.max(3, wanted ?? (interval === null || interval === undefined ? 0 : placesOf(interval, 1)))
  if (interval === null || interval === undefined)
    return { value: 0 < share && share < 0.01 ? number(share) : share.toFixed(places), within: why }
  return { value: share.toFixed(places), within: brackets(interval, (end) => end.toFixed(places)) }
}

/** 0.15312 -> "0.153" and "[0.131, 0.175]" */
export const numberTold: Tell<Told> = (value, interval, why = '', wanted) => {
  if (finite(value) === null) return { value: number(value), within: why }
  if (interval === null || interval === undefined)
    return { value: wanted === undefined ? number(value) : signed(grouped(value, wanted)), within: why }
  const places = wanted ?? placesOf(interval, 1)
  return { value: signed(grouped(value, places)), within: brackets(interval, (end) => signed(grouped(end, places))) }
}

/** In one: "95.1 % [93.6, 96.3]" */
export const inOne = ({ value, within }: Told): string => joined(value, within)
export const percentWithin: Tell<string> = (...told) => inOne(percentTold(...told))
export const fractionWithin: Tell<string> = (...told) => inOne(fractionTold(...told))
export const numberWithin: Tell<string> = (...told) => inOne(numberTold(...told))

/** A difference of shares in percentage points: "+1.2 points [+0.4, +2.0]" @param wanted decimals, where others decide: see `inColumn` */
export function pointsWithin(difference: number, interval: Interval | null | undefined, why = '', wanted?: number): string {
  if (finite(difference) === null) return number(null)
  const places = wanted ?? (interval === null || interval === undefined ? 2 : placesOf(interval, 100))
  const points = (value: number): string => {
    const text = (100 * value).toFixed(places)
    return signed(Number(text) > 0 ? `+${text}` : text)
  }
  const told = `${points(difference)}\u00a0points`
  return interval === null || interval === undefined ? joined(told, why) : `${told} ${brackets(interval, points)}`
}

const joined = (text: string, why: string): string => (why === '' ? text : `${text} ${why}`)
/** With a true minus, and none before what was rounded to nothing. */
const signed = (text: string): string => (/[1-9]/.test(text) ? text.replace('-', '\u2212') : text.replace('-', ''))
/** By decimal places: `toLocaleString` takes a hundred times as long. */
const writers = new Map<number, Intl.NumberFormat>()
/** With commas between thousands. */
function grouped(value: number, places: number): string {
  const writer = writers.get(places) ?? new Intl.NumberFormat('en', { minimumFractionDigits: places, maximumFractionDigits: places })
  writers.set(places, writer)
  return writer.format(value)
}
const brackets = ({ low, high }: Interval, text: (end: number) => string): string => `[${text(low)},\u00a0${text(high)}]`

/** Decimal places in which half an interval has two digits, of values scaled so. */
export function placesOf({ low, high }: Interval, scale: number): number {
  const half = (scale * (high - low)) / 2
  // One as narrow as rounding makes it is none that could carry digits.
  return half > 1e-9 * scale ? Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(half)))) : 2
}
