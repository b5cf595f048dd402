/** Where methods stand in a number, by their mean ranks over seeds, with the critical difference (Demšar 2006, section 3.2.4). */
import * as Plot from '@observablehq/plot'
import type { StudyDetails } from '../../../shared/contract/studies.ts'
import { number } from '../../../shared/wording.ts'
import { axisX, drawOn, frame, heading, label, width } from './chart.ts'
import { blue, faint, grid } from './theme.ts'

/** Height of a method's row, and of what stands above and below all rows. */
const [row, around] = [24, 68]
/** Room for names. */
const names = 270

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
  const methods = rows.map(({ title }, at) => ({ title, mean: means[at] })).sort((a, b) => a.mean - b.mean)
  const height = row * methods.length + around
  const half = (critical ?? 0) / 2
  const marks = drawOn(document, {
    width,
    height,
    marginLeft: names,
    x: { domain: [Math.min(1, methods[0].mean - half), Math.max(methods.length, methods[methods.length - 1].mean + half)] },
    y: { domain: methods.map((_, at) => at), type: 'band', axis: null },
    marks: [
      Plot.ruleX(
        methods.map((_, at) => at + 1),
        { stroke: grid },
      ),
      axisX({ label: `mean rank over ${seeds} seeds, 1 is best`, ticks: methods.map((_, at) => at + 1), tickFormat: String }),
      ...(critical === null
        ? []
        : [
            Plot.ruleY(methods, {
              y: (_, at) => at,
              x1: ({ mean }) => mean - half,
              x2: ({ mean }) => mean + half,
              stroke: faint,
              strokeWidth: 3,
            }),
          ]),
      Plot.dot(methods, { y: (_, at) => at, x: 'mean', fill: blue, r: 4.5 }),
    ],
  })
  const titles = methods.map(({ title }, at) => label(names - 10, 28 + row * (at + 0.5) + 4, title, { anchor: 'end' })).join('')
  const told = methods.map(({ title, mean }) => `${title} ${number(mean)}`).join(', ')
  return frame({
    id: 'mean-ranks',
    title: `Mean ranks: ${column.label}`,
    description: `Mean ranks over ${seeds} seeds: ${told}.${critical === null ? '' : ` Critical difference ${number(critical)}.`}`,
    height,
    panels: [{ x: 0, y: 0, marks: marks + titles + heading(null, `${column.label}, ${column.best} is best`) }],
  })
}
