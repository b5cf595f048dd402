/** A scatter matrix on a canvas: where its panels lie, what is in them, what a lasso in one of them encloses. */
import { binsOf, componentOf, endsOf } from '../../../analyses/scatter/report-matrix.ts'
import type { Matrix } from '../../../analyses/scatter/report-matrix.ts'
import { fade } from '../../charts/palette.ts'
import type { Palette } from '../../charts/palette.ts'
import type { Point } from '../../charts/scatter/camera.ts'
import { within } from '../../charts/scatter/point-index.ts'
import type { PointCloud } from '../../charts/scatter/points.ts'

/** Between panels, and between points and the edge of theirs, pixels. */
const [gap, room] = [6, 4]

export interface Panel {
  row: number
  column: number
  x: number
  y: number
  side: number
}

export class MatrixPlot {
  readonly #components: Float32Array[]
  readonly #ends: [number, number][]
  readonly #explained: readonly number[]

  constructor({ scores, explained }: Matrix) {
    this.#explained = explained
    this.#components = explained.map((_, k) => componentOf(scores, k))
    this.#ends = this.#components.map(endsOf)
  }

  /** The lower triangle, row by row. @param width of the whole, pixels */
  panels(width: number): Panel[] {
    const count = this.#components.length
    const side = (width - gap * (count - 1)) / count
    return this.#components.flatMap((_, row) =>
      Array.from({ length: row + 1 }, (_unused, column) => ({ row, column, x: column * (side + gap), y: row * (side + gap), side })),
    )
  }

  /** The scatter at a place; undefined: there is none, or it is a histogram. */
  panelAt(width: number, { x, y }: Point): Panel | undefined {
    const inside = (at: number, from: number, side: number): boolean => at >= from && at <= from + side
    return this.panels(width).find((one) => one.row > one.column && inside(x, one.x, one.side) && inside(y, one.y, one.side))
  }

  /** Networks within an outline on the canvas. */
  enclosed({ row, column, x, y, side }: Panel, outline: readonly Point[]): Uint32Array {
    const [across, up] = [this.#placesOf(column, side), this.#placesOf(row, side)]
    const places = Float32Array.from({ length: 2 * across.length }, (_, at) =>
      at % 2 === 0 ? x + across[at >> 1] : y + side - up[at >> 1],
    )
    return within(places, outline)
  }

  /** @param write how a share is told */
  draw(
    context: CanvasRenderingContext2D,
    width: number,
    { colours, order }: Pick<PointCloud, 'colours' | 'order'>,
    chosen: ReadonlySet<number>,
    { tokens, series }: Palette,
    write: (share: number) => string,
  ): void {
    const size = Math.max(1.5, Math.min(3, 90 / Math.sqrt(order.length)))
    const styles = Array.from(
      order,
      (i) => `rgba(${colours[4 * i]},${colours[4 * i + 1]},${colours[4 * i + 2]},${colours[4 * i + 3] / 255})`,
    )
    context.textBaseline = 'top'
    context.font = `12px ${getComputedStyle(context.canvas).fontFamily}`
    for (const { row, column, x, y, side } of this.panels(width)) {
      context.strokeStyle = tokens.line
      context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1)
      if (row === column) {
        const all = this.#components[row]
        const bars = binsOf(all)
        const most = Math.max(1, ...bars)
        const marked =
          chosen.size === 0
            ? null
            : binsOf(
                all.filter((_, i) => chosen.has(i)),
                this.#ends[row],
              )
        for (const [counts, colour] of [
          [bars, fade(series[0], marked === null ? 0.75 : 0.3)],
          ...(marked === null ? [] : [[marked, series[0]] as const]),
        ] as const) {
          context.fillStyle = colour
          const step = (side - 2 * room) / counts.length
          for (const [bin, n] of counts.entries()) {
            const up = (0.72 * side * n) / most
            context.fillRect(x + room + bin * step, y + side - up, Math.max(step - 0.5, 0.5), up)
          }
        }
        context.fillStyle = tokens.text
        context.fillText(`${row + 1}: ${write(this.#explained[row])}`, x + 6, y + 5)
        continue
      }
      const [across, up] = [this.#placesOf(column, side), this.#placesOf(row, side)]
      for (const [at, i] of order.entries()) {
        context.fillStyle = styles[at]
        context.fillRect(x + across[i] - size / 2, y + side - up[i] - size / 2, size, size)
      }
    }
  }

  /** Where networks lie along a component, pixels from the edge of a panel. */
  #placesOf(component: number, side: number): Float32Array {
    const [low, high] = this.#ends[component]
    return this.#components[component].map((value) => room + ((side - 2 * room) * (value - low)) / (high - low || 1))
  }
}
