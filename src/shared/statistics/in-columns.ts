/** Figures below each other: all of a column have as many decimals. */
import { finite, number } from '../wording.ts'
import { fractionWithin, numberWithin, percentWithin, placesOf, pointsWithin } from './in-words.ts'
import type { Interval } from './intervals.ts'

type Kind = 'percent' | 'fraction' | 'number' | 'points' | 'spread' | 'spreadInPoints'

/** A figure whose decimals follow from its column. */
export interface ColumnFigure {
  kind: Kind
  value: number
  interval: Interval | null | undefined
  /** Said in the place of an interval. */
  why: string
  /** Said behind it. */
  after: string
}
export type ColumnCell = string | ColumnFigure

const figureOf =
  (kind: Kind) =>
  (value: number, interval?: Interval | null, why = '', after = ''): ColumnFigure => ({ kind, value, interval, why, after })
/** As `percentWithin` tells it. */
export const percentCell = figureOf('percent')
/** As `fractionWithin` tells it. */
export const fractionCell = figureOf('fraction')
/** As `numberWithin` tells it. */
export const numberCell = figureOf('number')
/** As `pointsWithin` tells it. */
export const pointsCell = figureOf('points')
/** A standard deviation, which carries two digits as half an interval does. @param inPoints of shares, in percentage points */
export const spreadCell = (value: number, inPoints: boolean): ColumnFigure =>
  figureOf(inPoints ? 'spreadInPoints' : 'spread')(value, { low: -value, high: value })

type Write = (value: number, interval: Interval | null | undefined, why: string, places: number | undefined) => string

const writers: Record<Kind, Write> = {
  percent: percentWithin,
  fraction: fractionWithin,
  number: numberWithin,
  points: pointsWithin,
  spread: (value, _interval, _why, places) => spread(value, places),
  spreadInPoints: (value, _interval, _why, places) => `${spread(100 * value, places)}\u00a0points`,
}
/** In which shares are told a hundred times as large. */
const inHundredths: ReadonlySet<Kind> = new Set(['percent', 'points', 'spreadInPoints'])

/** One that its column's decimals would make nothing has its own digits. */
function spread(value: number, places: number | undefined): string {
  const text = numberWithin(value, null, '', places)
  return /[1-9]/.test(text) ? text : value.toPrecision(2)
}
const mostPlaces = 6

/** What stands in a column, in words; texts stay as they are. */
export function inColumn(cells: readonly ColumnCell[]): string[] {
  const figures = cells.filter((cell) => typeof cell !== 'string')
  const places = Object.fromEntries(
    [...Map.groupBy(figures, ({ kind }) => kind)].map(([kind, of]) => [kind, placesTogether(kind, of)]),
  ) as Record<Kind, number | undefined>
  return cells.map((cell) => {
    if (typeof cell === 'string') return cell
    const { kind, value, interval, why, after } = cell
    return `${writers[kind](value, interval, why, places[kind])}${after}`
  })
}

/** The same of each column of a table. @param rows of the same length */
export function inColumns(rows: readonly (readonly ColumnCell[])[]): string[][] {
  const columns = (rows.at(0) ?? []).map((_, at) => inColumn(rows.map((row) => row[at])))
  return rows.map((_, at) => columns.map((column) => column[at]))
}

/**
 * As many as most of the intervals carry, and no fewer than that the narrowest keeps a digit. Without any: of numbers as many
 * as the largest has in four digits, and the least in two.
 */
function placesTogether(kind: Kind, figures: readonly ColumnFigure[]): number | undefined {
  const carried = figures
    .flatMap(({ value, interval }) =>
      interval === null || interval === undefined || finite(value) === null ? [] : [placesOf(interval, inHundredths.has(kind) ? 100 : 1)],
    )
    .sort((a, b) => a - b)
  if (carried.length > 0) return Math.max(carried[Math.floor(carried.length / 2)], carried[carried.length - 1] - 1)
  if (kind !== 'number') return undefined
  const sizes = figures.map(({ value }) => Math.abs(value)).filter((size) => size > 0 && Number.isFinite(size))
  if (sizes.length === 0 || figures.some(({ value }) => number(value).includes('e'))) return undefined
  const decimals = (size: number, digits: number): number => digits - 1 - Math.floor(Math.log10(size))
  return Math.min(mostPlaces, Math.max(0, decimals(Math.max(...sizes), 4), decimals(Math.min(...sizes), 2)))
}
