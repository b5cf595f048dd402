/** Curves as charts take them, and what is done to them before they are drawn. */
import { csvCell } from '../../shared/csv.ts'

export interface Line {
  name: string
  /** In increasing order. */
  steps: ArrayLike<number>
  values: ArrayLike<number>
  /** Edges of a band around it. */
  low?: ArrayLike<number>
  high?: ArrayLike<number>
  /** Which of the eight colours of the palette, from 1 on. */
  colour: number
  dashed?: boolean
  /** How its values are told in the legend, where it is not as the chart's others. */
  told?: (value: number, index: number) => string
}

export interface Range {
  min: number
  max: number
}

/** First and last step of all lines; null: they have none. */
export function reach(lines: readonly Line[]): Range | null {
  const steps = lines.map((line) => line.steps).filter(({ length }) => length > 0)
  if (steps.length === 0) return null
  return { min: Math.min(...steps.map((of) => of[0])), max: Math.max(...steps.map((of) => of[of.length - 1])) }
}

/** Whether an axis over them has ticks at whole numbers alone: few steps would be named several times. */
export function isOfFewSteps(lines: readonly Line[]): boolean {
  const range = reach(lines)
  if (range === null || range.max - range.min > 10) return false
  return lines.every(({ steps }) => Array.from(steps).every(Number.isInteger))
}

/** The same as ends of an axis, without empty margins; none where it has no length. */
export function ends(lines: readonly Line[]): Partial<Range> {
  const range = reach(lines)
  return range === null || range.max === range.min ? {} : range
}

/** Where the vertical axis of values begins that are all 0, which chart.js would lay halfway between -1 and 1. */
export function floor(lines: readonly Line[]): Partial<Range> {
  for (const { values } of lines) for (let at = 0; at < values.length; at++) if (values[at] !== 0) return {}
  return { min: 0 }
}

/** Index of the step nearest to x; -1: there is none. */
export function nearest(steps: ArrayLike<number>, x: number): number {
  const at = Math.min(bisect(steps, x), steps.length - 1)
  return at > 0 && x - steps[at - 1] <= steps[at] - x ? at - 1 : at
}

/**
 * Index of the point that stands at x: the nearest, but beyond a line's end none, unless x is within half its last gap.
 * @param x null: the end of the line, wherever that is
 * @param slack how near is at, whatever the gaps
 * @returns -1: the line has no point there
 */
export function pointAt(steps: ArrayLike<number>, x: number | null, slack = 0): number {
  const last = steps.length - 1
  if (x === null || last < 0) return last
  const index = nearest(steps, x)
  if (x >= steps[0] && x <= steps[last]) return index
  const gap = last === 0 ? 0 : Math.abs(steps[index] - steps[index === 0 ? 1 : index - 1])
  return Math.abs(x - steps[index]) <= Math.max(gap / 2, slack) ? index : -1
}

/** What a pointer can tell apart: a two-hundredth of the axis. */
export function slackOf(lines: readonly Line[]): number {
  const range = reach(lines)
  return range === null ? 0 : (range.max - range.min) / 200
}

/** The step that is `moves` further on than x among those of all lines, or the first or last. */
export function stepFrom(lines: readonly Line[], x: number, moves: number): number {
  const steps = [...new Set(lines.flatMap((line) => Array.from(line.steps)))].sort((a, b) => a - b)
  return steps[Math.min(Math.max(nearest(steps, x) + moves, 0), steps.length - 1)]
}

/**
 * Exponential moving average, free of the pull of its beginning; gaps (NaN) stay gaps.
 * @param weight of what went before, 0 to below 1; 0 changes nothing
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  let sum = 0
  let norm = 0
  return Float64Array.from(values, (value) => {
    if (!Number.isFinite(value)) return value
    sum = weight * sum + (1 - weight) * value
    norm = weight * norm + (1 - weight)
    return sum / norm
  })
}

/**
 * Indices worth drawing: in each part of the range its first, least, greatest and last point, so that no
 * peak is lost; one point beyond either end, so that lines leave the picture.
 */
export function thin(steps: ArrayLike<number>, values: ArrayLike<number>, range: Range | null, most: number): number[] {
  const from = range === null ? 0 : Math.max(bisect(steps, range.min) - 1, 0)
  const to = range === null ? steps.length : Math.min(bisect(steps, range.max, true) + 1, steps.length)
  if (to - from <= most) return Array.from({ length: to - from }, (_, index) => from + index)
  const parts = Math.max(Math.floor(most / 4), 1)
  const kept: number[] = []
  for (let part = 0; part < parts; part++) {
    const begin = from + Math.floor(((to - from) * part) / parts)
    const end = from + Math.floor(((to - from) * (part + 1)) / parts)
    let least = begin
    let greatest = begin
    for (let index = begin; index < end; index++) {
      if (values[index] < values[least] || Number.isNaN(values[least])) least = index
      if (values[index] > values[greatest] || Number.isNaN(values[greatest])) greatest = index
    }
    kept.push(...new Set([begin, Math.min(least, greatest), Math.max(least, greatest), end - 1]))
  }
  return kept
}

/** All lines as a table: a row a step, a column a line, and two for a band. */
export function toCsv(xName: string, lines: readonly Line[]): string {
  const columns = lines.flatMap((line) => [
    { name: line.name, line, values: line.values },
    ...(line.low === undefined ? [] : [{ name: `${line.name} low`, line, values: line.low }]),
    ...(line.high === undefined ? [] : [{ name: `${line.name} high`, line, values: line.high }]),
  ])
  const steps = [...new Set(lines.flatMap((line) => Array.from(line.steps)))].sort((a, b) => a - b)
  const cursors = columns.map(() => 0)
  const rows = steps.map((step) => {
    const cells = columns.map(({ line, values }, column) => {
      if (line.steps[cursors[column]] !== step) return ''
      return String(values[cursors[column]++])
    })
    return [step, ...cells].join(',')
  })
  return [[xName, ...columns.map(({ name }) => name)].map(csvCell).join(','), ...rows, ''].join('\n')
}

/** Index of the first step not less than x. @param after the first that is greater */
function bisect(steps: ArrayLike<number>, x: number, after = false): number {
  let low = 0
  let high = steps.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (steps[middle] < x || (after && steps[middle] === x)) low = middle + 1
    else high = middle
  }
  return low
}

/** How dense bands are drawn: several over each other would hide what lies between them. */
export const bandOpacity = (lines: readonly Line[]): number => (lines.filter(({ low }) => low !== undefined).length > 1 ? 0.08 : 0.16)

/** What stands above a picture: the title, with what is measured upwards or, of a single line, which has no legend there, its name. */
export function headingOf(title: string, lines: readonly Pick<Line, 'name'>[], yLabel?: string): string {
  const more = yLabel ?? (lines.length === 1 ? lines[0].name : '')
  return more === '' || more === title ? title : `${title} (${more})`
}
