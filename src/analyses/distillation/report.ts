/** The student: how it learned, and how it stands against those who taught it. */
import * as Plot from '@observablehq/plot'
import { networksInWords, pickedInWords } from '../networks-in-words.ts'
import { endedEarly, studentInWords } from './student-in-words.ts'
import { figures } from '../../main/report/content/document.ts'
import type { Figure } from '../../main/report/content/document.ts'
import type { ReportBlocks } from '../../main/report/content/results.ts'
import { curveImages, labelling, sideBySide, type DistilResult } from './definition.ts'
import { plural } from '../../shared/wording.ts'
import { axisX, axisY, frame, gridY, heading, valueDomain, width } from '../../main/report/figures/chart.ts'
import { draw } from '../../main/report/figures/draw.ts'
import { faint, grid, ink, vermillion } from '../../main/report/figures/theme.ts'
import { thin } from '../../main/report/figures/thin.ts'
import { fractionWithin, noInterval } from '../../shared/statistics/in-words.ts'

const height = 206
const left = 262

export const blocks: ReportBlocks<DistilResult> = ({ result, networks }) =>
  figures(studentFigure(result, networksInWords(result.n, networks), pickedInWords(networks)))

/** Null where no accuracy is finite. */
function studentFigure(result: DistilResult, members: string, notes: readonly string[]): Figure | null {
  const all = sideBySide(result)
  const bars = all.filter(({ value }) => Number.isFinite(value))
  if (bars.length === 0) return null
  const { points } = thin(
    result.curve.map(({ step, accuracy }) => ({ step, value: accuracy })),
    200,
  )
  const curve = points.length >= 2
  const title = 'The student against its teachers'
  const [ensemble, student, best, mean] = all.map(({ value, within }) => fractionWithin(value, within, noInterval))
  const numbers = `student ${student}, ensemble of ${members} ${ensemble}, best member (chosen on these images) ${best}, mean member ${mean}`
  const description = `Accuracies: ${numbers}.`
  const right = { x: curve ? left : 0, y: 0, marks: comparison(bars, curve ? width - left : width) }
  right.marks += heading(curve ? 'b' : null, `accuracy on ${plural(result.images, `${result.split} image`)}`)
  return {
    id: 'student',
    title,
    caption: [
      (curve
        ? `a: accuracy on the first ${plural(curveImages, 'validation image')}, or all of fewer, while the student learned from ${teaching(result.n)}. b: `
        : 'Accuracy of ') +
        `${curve ? 'on' : 'each on'} ${plural(result.images, `${result.split} image`)} (whiskers: 95\u00a0% from their number): ${numbers}.` +
        (bars.length === 4 ? ` ${studentInWords(result, fractionWithin)}` : '') +
        [endedEarly(result) ?? [], notes]
          .flat()
          .map((note) => ` ${note}`)
          .join(''),
    ],
    description,
    svg: frame({
      id: 'student',
      title,
      description,
      height,
      panels: curve ? [{ x: 0, y: 0, marks: learning(points) + heading('a', 'accuracy on validation images') }, right] : [right],
    }),
    data: {
      columns: ['step', 'accuracy on validation images', 'loss'],
      rows: result.curve.map((point) => [point.step, point.accuracy, point.loss]),
    },
    // A panel for each set of images: what was measured on one is not drawn over the other.
    plots: [
      ...(curve
        ? [
            {
              x: { label: 'training step of the student' },
              y: { label: 'accuracy on validation images' },
              series: [{ kind: 'line' as const, x: 'step', y: 'accuracy on validation images', name: 'student' }],
            },
          ]
        : []),
      {
        x: { label: bars.map(({ name }, place) => `${place + 1}: ${name}`).join(', ') },
        y: { label: `accuracy on ${plural(result.images, `${result.split} image`)}` },
        data: {
          columns: ['place', 'accuracy', 'low', 'high'],
          rows: bars.map(({ value, within }, place) => [place + 1, value, within?.low ?? value, within?.high ?? value]),
        },
        series: [{ kind: 'points' as const, x: 'place', y: 'accuracy', low: 'low', high: 'high' }],
      },
    ],
  }
}

/** Who says what the student learns. */
const teaching = (n: number): string =>
  n <= labelling.committee
    ? 'the ensemble’s mean probabilities'
    : `mean probabilities, of each ${labelling.images} training images by ${labelling.committee} networks drawn from the ensemble`

function learning(points: { step: number; value: number }[]): string {
  const values = points.map(({ value }) => value)
  const extent = [Math.min(...values), Math.max(...values)] as const
  return draw({
    width: left,
    height,
    y: { nice: true, zero: false, domain: valueDomain(...extent) },
    marks: [
      gridY({ ticks: 5 }),
      axisX({ label: 'distillation step', ticks: 3 }),
      axisY({ ticks: 5 }),
      Plot.lineY(points, { x: 'step', y: 'value', stroke: vermillion, strokeWidth: 1.8 }),
    ],
  })
}

type Bar = ReturnType<typeof sideBySide>[number]

function comparison(bars: readonly Bar[], across: number): string {
  const ticks = across < width ? 3 : 4
  const rows = bars.map((bar) => ({ ...bar, ...(bar.within ?? { low: bar.value, high: bar.value }) }))
  const isStudent = (row: { name: string }): boolean => row.name === 'student'
  return draw({
    width: across,
    height,
    marginLeft: 96,
    // An interval, in a font as wide as DejaVu Serif.
    marginRight: 152,
    x: { nice: true },
    y: { type: 'point', domain: bars.map(({ name }) => name), padding: 0.6 },
    marks: [
      Plot.gridX({ stroke: grid, strokeOpacity: 1, ticks }),
      axisX({ label: null, ticks }),
      Plot.axisY({ label: null, tickSize: 0, tickPadding: 8, color: ink }),
      Plot.ruleY(rows, { y: 'name', x1: 'low', x2: 'high', stroke: faint, strokeWidth: 1.4 }),
      Plot.dot(rows, { x: 'value', y: 'name', r: 4.5, fill: (row: { name: string }) => (isStudent(row) ? vermillion : ink) }),
      Plot.text(rows, {
        x: 'high',
        y: 'name',
        dx: 8,
        textAnchor: 'start',
        text: ({ value, within }: Bar) => fractionWithin(value, within, noInterval),
        fill: ink,
      }),
    ],
  })
}
