/** Lines on a canvas, by chart.js: fetched when the first chart is shown. */
import { Chart, Filler, LinearScale, LineController, LineElement, LogarithmicScale, PointElement } from 'chart.js'
import type { ChartConfiguration, ChartDataset, Plugin, Scale } from 'chart.js'
import zoomPlugin from 'chartjs-plugin-zoom'
import { axis } from './axes.ts'
import { bandOpacity, ends, floor, isOfFewSteps, pointAt, slackOf, smooth, thin } from './lines.ts'
import type { Line, Range } from './lines.ts'
import { fade, seriesColour } from './palette.ts'
import type { Palette } from './palette.ts'

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Filler, zoomPlugin)

/** More points than pixels cannot be told apart. */
const maxPoints = 1600

export interface LinePlotView {
  lines: readonly Line[]
  /** Lines whose steps the chart reaches over: its own, and those of charts that share its cursor. */
  over: readonly Line[]
  palette: Palette
  xLabel: string | undefined
  yLabel: string | undefined
  log: boolean
  /** Steps are laid out by their logarithm, with ticks at the steps themselves. */
  logX: boolean
  /** 0 to below 1. */
  smoothing: number
  range: Range | null
  /** Ends of the vertical axis, where they are not the lines' own. */
  bounds: Partial<Range>
  formatX: (value: number) => string
  formatY: (value: number) => string
}

export interface LinePlotEvents {
  cursor(x: number | null): void
  range(range: Range | null): void
}

interface Point {
  x: number
  y: number
}

export class LinePlot {
  readonly #chart: Chart<'line', Point[]>
  readonly #events: LinePlotEvents
  #view: LinePlotView | null = null
  #cursor: number | null = null

  constructor(canvas: HTMLCanvasElement, events: LinePlotEvents) {
    this.#events = events
    this.#chart = new Chart(canvas, this.#configuration())
  }

  show(view: LinePlotView): void {
    this.#view = view
    const { palette, range, log, bounds } = view
    this.#chart.data.datasets = view.lines.flatMap((line) => datasetsOf(line, view))
    const display = view.lines.some(({ steps }) => steps.length > 0)
    this.#chart.options.scales = {
      x: { display, ...horizontal(view), ...(range ?? ends(view.over)) },
      y: {
        type: log ? 'logarithmic' : 'linear',
        display,
        ...axis(palette, view.yLabel, view.formatY, true),
        ...(log ? {} : floor(view.lines)),
        ...bounds,
      },
    }
    this.#chart.update('none')
  }

  /** Moves the cursor's line; values there are told elsewhere. */
  point(x: number | null): void {
    if (x === this.#cursor) return
    this.#cursor = x
    this.#chart.draw()
  }

  /** What is seen, for a picture of vectors. */
  axes(): { x: [number, number]; y: [number, number]; width: number; height: number } {
    const { scales, width, height } = this.#chart
    return { x: [scales['x'].min, scales['x'].max], y: [scales['y'].min, scales['y'].max], width, height }
  }

  destroy(): void {
    this.#chart.destroy()
  }

  #configuration(): ChartConfiguration<'line', Point[]> {
    const told = () => {
      const { min, max } = this.#chart.scales['x']
      this.#events.range({ min, max })
    }
    return {
      type: 'line',
      data: { datasets: [] },
      plugins: [this.#cursorPlugin()],
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        responsive: true,
        events: ['mousemove', 'mouseout', 'dblclick'],
        layout: { padding: { top: 6, right: 10 } },
        elements: { point: { radius: 0, hitRadius: 0 }, line: { borderJoinStyle: 'round' } },
        onHover: (event) => {
          const { x: scale } = this.#chart.scales
          const { left, right } = this.#chart.chartArea
          const inside = event.x !== null && event.x >= left && event.x <= right && event.type !== 'mouseout'
          this.#events.cursor(inside ? (scale.getValueForPixel(event.x ?? 0) ?? null) : null)
        },
        plugins: {
          zoom: {
            zoom: { mode: 'x', drag: { enabled: true, threshold: 6 }, wheel: { enabled: true, modifierKey: 'ctrl' }, onZoomComplete: told },
            pan: { enabled: true, mode: 'x', modifierKey: 'shift', onPanComplete: told },
          },
        },
      },
    }
  }

  #cursorPlugin(): Plugin<'line'> {
    return {
      id: 'cursor',
      afterEvent: (_chart, { event }) => {
        if (event.type === 'mouseout') this.#events.cursor(null)
        if (event.type === 'dblclick') this.#events.range(null)
      },
      afterDatasetsDraw: (chart) => {
        const view = this.#view
        if (this.#cursor === null || view === null) return
        const { ctx, chartArea } = chart
        const { x, y } = chart.scales
        const at = x.getPixelForValue(this.#cursor)
        if (at < chartArea.left || at > chartArea.right) return
        ctx.save()
        ctx.strokeStyle = view.palette.tokens.muted
        ctx.setLineDash([3, 3])
        ctx.beginPath()
        ctx.moveTo(at, chartArea.top)
        ctx.lineTo(at, chartArea.bottom)
        ctx.stroke()
        for (const line of view.lines) {
          const index = pointAt(line.steps, this.#cursor, slackOf(view.over))
          if (index < 0 || !Number.isFinite(line.values[index])) continue
          ctx.fillStyle = seriesColour(view.palette, line.colour)
          ctx.beginPath()
          ctx.arc(x.getPixelForValue(line.steps[index]), y.getPixelForValue(line.values[index]), 3, 0, 2 * Math.PI)
          ctx.fill()
        }
        ctx.restore()
      },
    }
  }
}

function horizontal({ palette, xLabel, formatX, logX, lines, over }: LinePlotView) {
  const base = axis(palette, xLabel, formatX, false)
  if (!logX) return { ...base, type: 'linear' as const, ticks: { ...base.ticks, ...(isOfFewSteps(over) ? { precision: 0 } : {}) } }
  const steps = [...new Set(lines.flatMap((line) => Array.from(line.steps)))].sort((a, b) => a - b)
  return {
    ...base,
    type: 'logarithmic' as const,
    afterBuildTicks: (scale: Scale) => (scale.ticks = steps.map((value) => ({ value }))),
    ticks: { ...base.ticks, autoSkip: steps.length > 12 },
  }
}

function datasetsOf(line: Line, { lines, palette, range, smoothing, log }: LinePlotView): ChartDataset<'line', Point[]>[] {
  const colour = seriesColour(palette, line.colour)
  const kept = thin(line.steps, line.values, range, maxPoints)
  const points = (values: ArrayLike<number>): Point[] => kept.map((index) => ({ x: line.steps[index], y: drawable(values[index], log) }))
  const plain = { borderColor: colour, borderWidth: 1.75, ...(line.dashed === true ? { borderDash: [5, 4] } : {}) }
  // Few points are shown as such: a line alone would claim to know what lies between.
  const dots = kept.length <= 40 ? { pointRadius: 2, pointBackgroundColor: colour, pointBorderWidth: 0 } : {}
  const datasets: ChartDataset<'line', Point[]>[] = []
  if (line.low !== undefined && line.high !== undefined) {
    datasets.push({ data: points(line.low), borderWidth: 0, fill: false })
    datasets.push({ data: points(line.high), borderWidth: 0, fill: '-1', backgroundColor: fade(colour, bandOpacity(lines)) })
  }
  if (smoothing > 0) {
    datasets.push({ ...plain, data: points(line.values), borderColor: fade(colour, 0.25), borderWidth: 1 })
    datasets.push({ ...plain, data: points(smooth(line.values, smoothing)) })
  } else {
    datasets.push({ ...plain, ...dots, data: points(line.values) })
  }
  return datasets
}

/** A logarithmic axis has no place for what is not positive. */
const drawable = (value: number, log: boolean): number => (Number.isFinite(value) && (!log || value > 0) ? value : Number.NaN)
