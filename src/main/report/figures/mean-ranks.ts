/** Where methods stand in a number, by their mean ranks over seeds, with the critical difference (Demšar 2006, section 3.2.4). */
import * as Plot from '@observablehq/plot'
import type { StudyDetails } from '../../../shared/contract/studies.ts'
import { number } from '../../../shared/wording.ts'
import { shorten } from '../format.ts'
import { axisX, drawOn, frame, heading, label, width } from './chart.ts'
import { blue, faint, grid } from './theme.ts'

/** Height of a method's row, and of what stands above and below all rows. */
const [row, around] = [24, 68]
/** Letters of a name, at most, and how wide they are in a wide fount. */
const [longest, letter] = [46, 6.4]

/**
 * A whole <svg>; undefined: not all methods have the number for the same seeds.
 * @param document a browser's, or one that does without
 */
export function meanRanksFigure(
  { rows, columns }: Pick<StudyDetails, 'rows' | 'columns'>,
  of: string,
  document: unknown,
): string | undefined {
  const column = columns.find((one) => one.label === of)
  const ranked = column?.overSeeds
  if (column === undefined || ranked === null || ranked === undefined) return undefined
  const { means, seeds, critical } = ranked
  const half = (critical ?? 0) / 2
  const methods = rows
    .map(({ title }, at) => ({ title, mean: means[at], low: means[at] - half, high: means[at] + half }))
    .sort((a, b) => a.mean - b.mean)
    .map((method, at) => ({ ...method, at }))
  const places = methods.map(({ at }) => at + 1)
  const names = methods.map(({ title }) => shorten(title, longest))
  const room = 20 + Math.ceil(letter * Math.max(...names.map(({ length }) => length)))
  const height = row * methods.length + around
  const marks = drawOn(document, {
    width,
    height,
    marginLeft: room,
    x: { domain: [Math.min(1, methods[0].low), Math.max(methods.length, methods[methods.length - 1].high)] },
    y: { domain: methods.map(({ at }) => at), type: 'band', padding: 0, axis: null },
    marks: [
      Plot.ruleX(places, { stroke: grid }),
      axisX({ label: `mean rank over ${seeds} seeds, 1 is best`, ticks: places, tickFormat: String }),
      ...(critical === null ? [] : [Plot.ruleY(methods, { y: 'at', x1: 'low', x2: 'high', stroke: faint, strokeWidth: 3 })]),
      Plot.dot(methods, { y: 'at', x: 'mean', fill: blue, r: 4.5 }),
    ],
  })
  const titles = names.map((name, at) => label(room - 10, 28 + row * (at + 0.5) + 4, name, { anchor: 'end' })).join('')
  const told = methods.map(({ title, mean }) => `${title} ${number(mean)}`).join(', ')
  return frame({
    id: 'mean-ranks',
    title: `Mean ranks: ${column.label}`,
    description: `Mean ranks over ${seeds} seeds: ${told}.${critical === null ? '' : ` Critical difference ${number(critical)}.`}`,
    height,
    panels: [{ x: 0, y: 0, marks: marks + titles + heading(null, `${column.label}, ${column.best} is best`) }],
  })
}
