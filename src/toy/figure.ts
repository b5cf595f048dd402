/** The toy problem as a figure: the curve over the surface, and along z how good its points are and how far apart. */
import * as Plot from '@observablehq/plot'
import { axisX, axisY, drawOn, frame, gridY, heading, italic, width } from '../main/report/figures/chart.ts'
import { blue, vermillion } from '../main/report/figures/theme.ts'
import { meanOf } from '../shared/statistics/moments.ts'
import { number, plural } from '../shared/wording.ts'
import type { Surface } from './surface.ts'
import type { ToyCurve, ToyProblem } from './toy-problem.ts'

/** What is drawn of the plane, as by the authors: [-9, 9]^2. */
const side = 9
const square = 400
const below = 130
/** Places of the surface that are looked at, each way. */
const fine = 90
const plane = {
  width: square,
  height: square,
  x: { domain: [-side, side] },
  y: { domain: [-side, side] },
}

/** The surface with its axes: it stays while the curve moves. @param document a browser's, or one that does without */
export function drawSurface(surface: Surface, document: unknown): string {
  return drawOn(document, {
    ...plane,
    marks: [
      Plot.contour({
        fill: blue,
        fillOpacity: 0.08,
        stroke: blue,
        strokeOpacity: 0.25,
        strokeWidth: 0.6,
        x1: -side,
        x2: side,
        y1: -side,
        y2: side,
        width: fine,
        height: fine,
        thresholds: 9,
        value: (x: number, y: number) => surface.at(x, y).value,
      } as Plot.ContourOptions),
      axisX({ label: `first weight ${italic('y')}₁`, ticks: 7 }),
      axisY({ ticks: 7 }),
    ],
  })
}

/** What the curve comes to. */
export function toyFigures({ value, distance }: ToyCurve): { mean: number; least: number; length: number } {
  return { mean: meanOf(value), least: value.reduce((a, b) => Math.min(a, b)), length: distance.subarray(0, -1).reduce((a, b) => a + b, 0) }
}

/** Space between what stands beside each other. */
const gap = 30

/** A whole <svg>. @param surface as {@link drawSurface} drew it @param isWide what goes along z stands beside the surface, not below it */
export function toyFigure(
  problem: ToyProblem,
  curve: ToyCurve,
  document: unknown,
  surface = drawSurface(problem.surface, document),
  isWide = false,
): string {
  const height = isWide ? square / 2 : below
  const points = Array.from(curve.z, (z, i) => ({
    z,
    x: curve.x[i],
    y: curve.y[i],
    value: curve.value[i],
    distance: curve.distance[i],
  }))
  const line = { stroke: vermillion, strokeWidth: 1.6 }
  const drawn = drawOn(document, { ...plane, axis: null, marks: [Plot.line(points, { x: 'x', y: 'y', clip: true, ...line })] })
  const along = (key: 'value' | 'distance') =>
    drawOn(document, {
      width,
      height,
      marks: [gridY({ ticks: 3 }), axisX({ label: italic('z') }), axisY({ ticks: 3 }), Plot.lineY(points, { x: 'z', y: key, ...line })],
    })
  const { mean, length } = toyFigures(curve)
  const title = 'The toy problem'
  return frame({
    id: 'toy',
    title,
    description: `A curve of ${plural(points.length, 'point')} over a surface after ${plural(problem.step, 'step')}: mean of f ${number(mean)}, length ${number(length)}.`,
    ...(isWide ? { width: square + gap + width, height: square } : { height: square + 2 * below }),
    panels: [
      {
        x: isWide ? 0 : (width - square) / 2,
        y: 0,
        marks: surface + drawn + heading('a', `second weight ${italic('y')}₂, over the surface`),
      },
      { x: isWide ? square + gap : 0, y: isWide ? 0 : square, marks: along('value') + heading('b', `${italic('f')} along ${italic('z')}`) },
      {
        x: isWide ? square + gap : 0,
        y: isWide ? height : square + below,
        marks: along('distance') + heading('c', `distance to the next of ${plural(points.length, 'point')}`),
      },
    ],
  })
}

/** The same as numbers: a header, then a row a point. */
export const toyRows = ({ z, x, y, value, distance }: ToyCurve): (string | number)[][] => [
  ['z', 'y1', 'y2', 'f', 'distance to the next'],
  ...Array.from(z, (one, i) => [one, x[i], y[i], value[i], distance[i]]),
]
