/** Every place that charts of the window hand on to be drawn, by number: no two steps, values or edges are alike. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Line } from './lines.ts'
import { toCsv } from './lines.ts'
import { LinePlot } from './line-plot.ts'
import type { LinePlotView } from './line-plot.ts'
import { scatterCsv, scatterSvg } from './scatter/scatter-picture.ts'

interface Dataset {
  data: { x: number; y: number }[]
  borderColor?: string
  borderDash?: number[]
  fill?: string | boolean
  backgroundColor?: string
  pointRadius?: number
}

interface Axis {
  type: string
  min?: number
  max?: number
  title: { text: string }
  ticks: { callback(value: number): string }
  afterBuildTicks?(scale: { ticks: unknown }): void
}

interface Plugin {
  afterDatasetsDraw(chart: object): void
}

const shown = vi.hoisted(() => ({
  charts: [] as { data: { datasets: unknown[] }; options: { scales?: unknown }; plugins: Plugin[] }[],
}))

vi.mock('chartjs-plugin-zoom', () => ({ default: {} }))
vi.mock('chart.js', () => {
  class Chart {
    static register = (): void => undefined
    data = { datasets: [] }
    options: { scales?: unknown } = {}
    plugins: Plugin[]
    constructor(_canvas: unknown, { plugins }: { plugins: Plugin[] }) {
      this.plugins = plugins
      shown.charts.push(this)
    }
    update(): void {}
    draw(): void {}
  }
  return { Chart, Filler: 0, LinearScale: 0, LineController: 0, LineElement: 0, LogarithmicScale: 0, PointElement: 0 }
})

const line: Line = {
  name: 'accuracy',
  steps: [100, 200, 400],
  values: [0.5, 0.7, 0.8],
  low: [0.4, 0.55, 0.72],
  high: [0.61, 0.79, 0.93],
  colour: 2,
}

const view: LinePlotView = {
  lines: [line],
  over: [line, { name: 'loss', steps: [50, 900], values: [3, 1], colour: 3 }],
  palette: {
    tokens: { text: '', muted: '', line: '', 'line-strong': '', raised: '', accent: '', bad: '' },
    series: ['rgb(1, 0, 0)', 'rgb(2, 0, 0)', 'rgb(3, 0, 0)'],
  },
  xLabel: 'training step',
  yLabel: 'share',
  log: false,
  logX: false,
  smoothing: 0,
  range: null,
  bounds: { max: 1 },
  formatX: (value) => `step ${value}`,
  formatY: (value) => `${value * 100} %`,
}

function drawn(changes: Partial<LinePlotView> = {}): { plot: LinePlot; datasets: Dataset[]; x: Axis; y: Axis } {
  const plot = new LinePlot(null as unknown as HTMLCanvasElement, { cursor: () => undefined, range: () => undefined })
  plot.show({ ...view, ...changes })
  const chart = shown.charts[0]
  return { plot, datasets: chart.data.datasets as Dataset[], ...(chart.options.scales as { x: Axis; y: Axis }) }
}

const places = ({ data }: Dataset) => data.map(({ x, y }) => [x, y])

describe('lines', () => {
  beforeEach(() => {
    shown.charts.length = 0
  })

  it('are drawn over their band, from its lower to its upper edge', () => {
    const { datasets, x, y } = drawn()
    const [low, high, mean] = datasets
    expect(datasets).toHaveLength(3)
    expect(places(low)).toEqual([
      [100, 0.4],
      [200, 0.55],
      [400, 0.72],
    ])
    expect(places(high)).toEqual([
      [100, 0.61],
      [200, 0.79],
      [400, 0.93],
    ])
    expect(places(mean)).toEqual([
      [100, 0.5],
      [200, 0.7],
      [400, 0.8],
    ])
    // Filled down to the one before it.
    expect([low.fill, high.fill, high.backgroundColor]).toEqual([false, '-1', 'rgba(2, 0, 0, 0.16)'])
    expect([mean.borderColor, mean.pointRadius, mean.borderDash]).toEqual(['rgb(2, 0, 0)', 2, undefined])
    expect([x.min, x.max, y.min, y.max]).toEqual([50, 900, undefined, 1])
    expect([x.type, y.type, x.title.text, y.title.text]).toEqual(['linear', 'linear', 'training step', 'share'])
    expect([x.ticks.callback(7), y.ticks.callback(0.5)]).toEqual(['step 7', '50 %'])
  })

  it('are seen in part where a range is chosen, with a point beyond either end', () => {
    const steps = Array.from({ length: 10 }, (_, i) => 10 * i)
    const { datasets, x } = drawn({
      lines: [{ name: 'a', steps, values: steps.map((step) => step / 3), colour: 1 }],
      range: { min: 31, max: 49 },
      smoothing: 0.5,
    })
    expect(places(datasets[0])).toEqual([
      [30, 10],
      [40, 40 / 3],
      [50, 50 / 3],
    ])
    expect([x.min, x.max]).toEqual([31, 49])
    // Smoothed over what was measured, seen or not: each point counts half as much as the one after it.
    const mean = (last: number): number => {
      const weights = Array.from({ length: last + 1 }, (_, i) => 0.5 ** (last - i))
      return weights.reduce((sum, weight, i) => sum + (weight * 10 * i) / 3, 0) / weights.reduce((sum, weight) => sum + weight)
    }
    expect(datasets[1].data.map(({ x: at }) => at)).toEqual([30, 40, 50])
    for (const [i, { y }] of datasets[1].data.entries()) expect(y).toBeCloseTo(mean(3 + i), 12)
  })

  it('are smoothed in front of what was measured, and dashed where they are asked to be', () => {
    const { datasets } = drawn({ lines: [{ name: 'a', steps: [1, 2], values: [4, 8], colour: 1, dashed: true }], smoothing: 0.5 })
    expect(datasets.map(places)).toEqual([
      [
        [1, 4],
        [2, 8],
      ],
      // (0.5 * 4 + 8) / 1.5: the mean without the pull of its beginning.
      [
        [1, 4],
        [2, 20 / 3],
      ],
    ])
    expect(datasets.map(({ borderColor, borderDash }) => [borderColor, borderDash])).toEqual([
      ['rgba(1, 0, 0, 0.25)', [5, 4]],
      ['rgb(1, 0, 0)', [5, 4]],
    ])
  })

  it('leave out on a logarithmic axis what has no place there; steps have their own ticks', () => {
    const { datasets, x, y } = drawn({ lines: [{ name: 'a', steps: [1, 5, 25], values: [0, -2, 3], colour: 1 }], log: true, logX: true })
    expect(places(datasets[0])).toEqual([
      [1, NaN],
      [5, NaN],
      [25, 3],
    ])
    expect([x.type, y.type]).toEqual(['logarithmic', 'logarithmic'])
    const scale = { ticks: [] }
    x.afterBuildTicks?.(scale)
    expect(scale.ticks).toEqual([{ value: 1 }, { value: 5 }, { value: 25 }])
  })

  it('have a dot under the cursor where they have a point, and none beyond their end', () => {
    const { plot } = drawn({ lines: [line, { name: 'loss', steps: [50, 900], values: [3, 1], colour: 3 }] })
    const dots: number[][] = []
    const ctx = new Proxy(
      {},
      {
        get:
          (_, name) =>
          (...given: number[]) =>
            name === 'arc' && dots.push(given.slice(0, 2)),
      },
    )
    const scale = (factor: number) => ({ getPixelForValue: (value: number) => value * factor })
    const chart = { ctx, chartArea: { left: 0, right: 900, top: 0, bottom: 9 }, scales: { x: scale(1), y: scale(10) } }
    for (const at of [210, 800]) {
      plot.point(at)
      shown.charts[0].plugins[0].afterDatasetsDraw(chart)
    }
    expect(dots).toEqual([
      [200, 7],
      [50, 30],
      [900, 10],
    ])
  })

  it('are saved with both edges of their band', () => {
    expect(toCsv('step', [line])).toBe('step,accuracy,accuracy low,accuracy high\n100,0.5,0.4,0.61\n200,0.7,0.55,0.79\n400,0.8,0.72,0.93\n')
  })
})

describe('the map', () => {
  it('has x across and y upwards, about the middle of what is seen', () => {
    const picture = {
      cloud: {
        coordinates: Float32Array.of(3, 10, 4, 30),
        colours: Uint8Array.of(8, 16, 32, 255, 8, 16, 32, 255),
        order: Uint32Array.of(0, 1),
      },
      camera: { x: 2, y: 20, scale: 4 },
      size: { width: 100, height: 200 },
      radius: 3,
      title: '',
      legend: null,
      labels: [],
    }
    // 50 + 4 (x - 2), 100 - 4 (y - 20)
    expect(scatterSvg(picture)).toContain('stroke="#081020" stroke-opacity="1" d="M54 140h0M58 60h0"')
  })

  it('is saved with each network’s own values', () => {
    const values = { accuracy: Float32Array.of(0.5, 0.25), loss: Float32Array.of(2, 4) }
    expect(scatterCsv(Float32Array.of(1, 2, 3, 4), values)).toBe('network,x,y,accuracy,loss\n0,1,2,0.5,2\n1,3,4,0.25,4\n')
  })
})
