/** Lines of an analysis's chart as the window draws them, with what stands in the legend where the cursor is. */
import type { Chart } from '../../analyses/analysis.ts'
import { numberWithin, percentWithin } from '../../shared/statistics/in-words.ts'
import type { Line } from '../charts/lines.ts'

export function chartLines({ unit, lines }: Extract<Chart, { kind: 'lines' }>): Line[] {
  const tell = unit === 'share' ? percentWithin : numberWithin
  return lines.map(({ x, y, within, dashed, ...line }, index) => ({
    ...line,
    ...(within === undefined ? {} : { told: (value: number, at: number) => tell(value, within[at]) }),
    // A guide, and nothing that was found.
    ...(dashed === true ? { dashed, told: () => '' } : {}),
    ...{ steps: x, values: y, colour: (index % 8) + 1 },
  }))
}
