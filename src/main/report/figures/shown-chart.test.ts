import { describe, expect, it } from 'vitest'
import type { Chart } from '../../../analyses/analysis.ts'
import { calibration } from '../../../analyses/calibration/definition.ts'
import type { CalibrationResult } from '../../../analyses/calibration/definition.ts'
import type { Figure } from '../content/document.ts'
import { results } from '../content/results.ts'
import { readFigure } from '../testing/read-figure.ts'
import { syntheticInput } from '../testing/synthetic-input.ts'
import { pgfplots } from '../render/pgfplots.ts'
import { draw } from './draw.ts'
import { shownChartFigure } from './shown-chart.ts'
import { series, viridis } from './theme.ts'

const bin = (confidence: number, accuracy: number, count: number) => ({ confidence, accuracy, count })

const result: CalibrationResult = {
  n: 3,
  images: 40,
  split: 'validation',
  single: { error: 0.1, bins: [bin(0.25, 0, 0), bin(0.55, 0.5, 40), bin(0.9, 0.8, 80)] },
  vote: { error: 0.05, bins: [bin(0.3, NaN, 1), bin(0.6, 0.7, 9), bin(0.95, 0.9, 30)] },
}

function drawn(chart: Chart): Figure {
  const figure = shownChartFigure('calibration', chart, { draw })
  if (figure === null) throw new Error('nothing drawn')
  // Elements in pairs, and no number that is none.
  const open: string[] = []
  for (const [, close, name, alone] of figure.svg.matchAll(/<(\/?)([a-zA-Z]+)[^>]*?(\/?)>/g))
    if (close === '/') expect(open.pop()).toBe(name)
    else if (alone === '') open.push(name)
  expect(open).toEqual([])
  expect(figure.svg).not.toMatch(/NaN|Infinity|undefined/)
  expect(figure.svg).toContain(`<title id="${figure.id}-title">${figure.title}</title>`)
  expect(pgfplots(figure)).not.toMatch(/undefined|c-1/)
  return figure
}

/** Places that are read off a drawing, but for what its pixels round away. */
function expectPlaces(found: readonly (readonly number[])[], wanted: readonly (readonly number[])[]): void {
  expect(found.map((place) => place.map((value) => Number(value.toPrecision(2))))).toEqual(wanted)
}

const marksOf = ({ svg }: Figure, name: 'circle' | 'rect'): number => svg.split(`<${name} `).length - 1

describe('a chart of an analysis without a section of its own', () => {
  it('has its title above it where it leaves its page, and lines have theirs anyway', () => {
    const bars = { kind: 'bars', title: 'Student & members', bars: [{ name: 'a', value: 0.5 }] } as const
    const svgOf = (chart: Chart, titled: boolean) => shownChartFigure('x', chart, { draw, titled })?.svg ?? ''
    const heights = [false, true].map((titled) => Number(/height="(\d+)"/.exec(svgOf(bars, titled))?.[1]))
    expect(heights[1] - heights[0]).toBe(26)
    expect(svgOf(bars, true)).toMatch(/<text [^>]*font-weight="bold"[^>]*>Student &amp; members<\/text>/)
    expect(svgOf(bars, false)).not.toMatch(/font-weight="bold"/)
    const lines = { kind: 'lines', title: 'Votes', x: 'size', lines: [{ name: 'a', x: [1, 2], y: [3, 4] }] } as const
    expect(svgOf(lines, true).match(/>Votes<\/text>/g)).toHaveLength(1)
  })

  it('has fewer numbers on the axis of a narrow histogram, which would run into each other', () => {
    const chart = { kind: 'histogram', title: 'Accuracy', x: 'accuracy', unit: 'share', values: [0.96, 0.97, 0.982] } as const
    const numbers = (width: number) => {
      const svg = shownChartFigure('x', chart, { draw, width, format: (value) => `${(100 * value).toFixed(1)} %` })?.svg ?? ''
      return [...svg.matchAll(/>[\d.]+ %</g)].length
    }
    expect(numbers(390)).toBeLessThanOrEqual(6)
    expect(numbers(640)).toBeGreaterThan(numbers(390))
  })

  it('gives ticks that lie close together digits enough to tell them apart', () => {
    const points = [0.98012, 0.98031].map((y, x) => ({ name: `${x}`, x, y, within: null }))
    const chart: Chart = { kind: 'points', title: 'Frontier', unit: 'share', x: 'entropy', y: 'accuracy', points }
    const svg = shownChartFigure('x', chart, { draw, format: (value, digits = 2) => `${(100 * value).toFixed(digits)} %` })?.svg ?? ''
    const ticks = [...svg.matchAll(/>([\d.]+) %</g)].map(([, tick]) => tick)
    expect(ticks.length).toBeGreaterThan(2)
    expect(new Set(ticks).size).toBe(ticks.length)
  })

  it('ends an axis of accuracies at all images', () => {
    const points = [2, 3].map((x) => ({ name: String(x), x, y: 1 }))
    const chart: Chart = { kind: 'points', title: 'Frontier', unit: 'share', x: 'entropy', y: 'accuracy', points }
    const svg = shownChartFigure('x', chart, { draw, format: (value) => `${(100 * value).toFixed(1)} %` })?.svg ?? ''
    const ticks = [...svg.matchAll(/>([\d.]+) %</g)].map(([, tick]) => Number(tick))
    expect(Math.max(...ticks)).toBe(100)
  })

  it('draws groups of bins as shares of their own number, and nothing where all is one value', () => {
    const groups = [
      { name: 'Nearest', counts: [3, 1, 0, 0] },
      { name: 'All pairs', counts: [1, 2, 4, 1] },
    ]
    const figure = drawn({ kind: 'binned', title: 'Distances', x: 'L1', from: 10, to: 18, groups })
    expect(figure.data).toEqual({
      columns: ['L1', 'Nearest', 'All pairs'],
      rows: [
        [11, 0.75, 0.125],
        [13, 0.25, 0.25],
        [15, 0, 0.5],
        [17, 0, 0.125],
      ],
    })
    expect(marksOf(figure, 'rect')).toBe(6)
    expect(figure.caption).toEqual(['Nearest: 4 values, all pairs: 8 values, between 10 and 18.'])
    expect(figure.svg).toContain('>All pairs</text>')
    const far = [{ name: 'All pairs', counts: [0, 0, 4, 0] }]
    expect(drawn({ kind: 'binned', title: 'Distances', x: 'L1', from: 10, to: 18, groups: far }).caption).toEqual([
      'All pairs: 4 values, between 14 and 16.',
    ])
    expect(shownChartFigure('x', { kind: 'binned', title: 'Distances', x: 'L1', from: 2, to: 2, groups }, { draw })).toBeNull()
  })

  it('draws calibration, and has every drawn point by number', () => {
    const [chart] = calibration.show({ result } as Parameters<typeof calibration.show>[0]).charts ?? []
    const figure = drawn(chart)
    expect(figure.id).toBe('calibration-accuracy-by-confidence')
    // The vote has a bin without an accuracy, and so without an interval: no band is drawn of it.
    expect(figure.data.columns).toEqual([
      ...['Single networks: confidence', 'Single networks', 'Single networks: low', 'Single networks: high'],
      ...['Vote by mean probability', 'Ideal'].flatMap((name) => [`${name}: confidence`, name]),
    ])
    // The empty bin and the one without an accuracy are in neither.
    const near = (value: number): unknown => expect.closeTo(value, 4)
    expect(figure.data.rows).toEqual([
      [0.55, 0.5, near(0.2635), near(0.7365), 0.6, 0.7, 0, 0],
      [0.9, 0.8, near(0.6153), near(0.9091), 0.95, 0.9, 1, 1],
    ])
    expect(marksOf(figure, 'circle')).toBe(4)
    expect(figure.svg).toContain('>Vote by mean probability</text>')
    expect(figure.caption).toEqual([
      'Above the dashed line accuracy is higher than confidence (underconfident), below it lower (overconfident). ' +
        'The band is the 95 % interval of the images in each bin: wide where these are few. ' +
        'At the right end of each line: Single networks 0.800 [0.615,\u00a00.909] (confidence: 0.9), Vote by mean probability 0.900 [0.744,\u00a00.965] (confidence: 0.95). Left out, for want of a finite value: 1.',
    ])
  })

  it('says of lines that end alike what they are in the middle', () => {
    const line = (name: string, middle: number) => ({ name, x: [0, 1, 2, 3], y: [1, middle, middle + 1, 3] })
    const caption = (...lines: ReturnType<typeof line>[]) => drawn({ kind: 'lines', title: 'Loss', x: 'way', lines }).caption
    expect(caption(line('Straight', 5), line('Curve', 2))).toEqual(['In the middle of each line (way: 1): Straight 5, Curve 2.'])
    expect(caption(line('Straight', 5))).toEqual(['At the right end of each line (way: 3): Straight 3.'])
  })

  it('stands in the report before the tables of the same result', async () => {
    const input = syntheticInput()
    const [section] = (await results({ ...input, results: [{ ...input.results[0], kind: 'calibration', result }] })).filter(
      ({ title }) => title === 'Calibration',
    )
    expect(section.blocks.map(({ kind }) => kind)).toEqual(['figure', 'table', 'table', 'table', 'paragraph'])
  })

  it('draws lines along a logarithm, with bands, and only where there is one', () => {
    const line = { name: 'mean', x: [0, 1, 10, 100], y: [1, 2, 3, Infinity], low: [0, 1, NaN, 3], high: [2, 3, 4, 5] }
    const figure = drawn({ kind: 'lines', title: 'Loss', x: 'size', logX: true, lines: [line] })
    expect(figure.data).toEqual({
      columns: ['mean: size', 'mean', 'mean: low', 'mean: high'],
      rows: [
        [1, 2, 1, 3],
        [10, 3, null, 4],
      ],
    })
    const [{ lines, areas }] = readFigure(figure.svg)
    expectPlaces(lines[0], [
      [1, 2],
      [10, 3],
    ])
    expectPlaces(areas[0], [[1, 1, 3]])
  })

  it('draws what is seen of lines with their gaps, and lets no name break out of its place', () => {
    const line = { name: 'mean & band', x: [0, 50, 60, 100], y: [0.1, NaN, 0.5, 0.9], low: [0, 0.2, 0.4, 0.8], high: [0.2, 0.4, 0.6, 1] }
    const other = { name: 'b', x: [0, 100], y: [0.1, 0.9] }
    const chart = { kind: 'lines', title: 'Accuracy <of all>', x: 'step', lines: [line, other] } as const
    const view = { x: [0, 100], y: [0.01, 1], log: true } as { x: [number, number]; y: [number, number]; log: true }
    const svg = shownChartFigure('x', chart, { draw, width: 400, height: 200, format: (value) => `${value}!`, view })?.svg ?? ''
    expect(svg).toMatch(/^<svg [^>]*width="400" height="220"/)
    expect(svg).toContain('Accuracy &lt;of all&gt;')
    expect(svg).toContain('mean &amp; band')
    expect(svg).toContain('>0.1!</text>')
    expect(svg.match(/ d="M[^"]*M[^"]*"/g), 'the line begins anew behind its gap').toHaveLength(1)
    expect(svg.match(/<g clip-path=[^>]*data-mark="line"/g)).toHaveLength(2)
    expect(svg, 'dots at the edge are whole').not.toMatch(/<g [^>]*clip-path=[^>]*data-mark="dot"/)
    const part = shownChartFigure('x', chart, { draw, view: { ...view, x: [0, 80] } })?.svg ?? ''
    expect(
      [svg, part].map((one) => one.match(/<circle/g)?.length),
      'and none lies beyond it',
    ).toEqual([5, 3])
  })

  it('draws bars, values and points, each once', () => {
    const bars = [1, NaN, -2].map((value, i) => ({
      name: `b${i}`,
      value,
      strong: i === 2,
      ...(i === 2 ? { within: { low: -3, high: -1 } } : {}),
    }))
    const barred = drawn({ kind: 'bars', title: 'Bars', bars })
    expect(barred.data.rows).toEqual([
      ['b0', 1, 1, null, null],
      ['b2', 2, -2, -3, -1],
    ])
    expect(marksOf(barred, 'circle')).toBe(2)
    const values = drawn({ kind: 'histogram', title: 'Values', x: 'value', values: [1, 2, NaN, 2] })
    expect(values.data.rows).toEqual([[1], [2], [2]])
    // The axis says what is counted: the title stands above already.
    expect(values.plots[0].x.label).toBe('value')
    expect(values.svg).not.toMatch(/Values[^<]*<\/text>/)
    // Each finite value stands in one bar, the largest too.
    expect(readFigure(values.svg)[0].bars.reduce((sum, { height }) => sum + height, 0)).toBeCloseTo(3, 1)
    const alike = drawn({ kind: 'histogram', title: 'Alike', x: 'value', values: [3, 3] })
    expect(marksOf(alike, 'rect')).toBe(1)
    expect(alike.caption).toEqual(['2 values from 3 to 3.'])
    const points = [1, Infinity, 3].map((x) => ({ name: `p${x}`, x, y: 2 }))
    const scattered = drawn({ kind: 'points', title: 'Points', x: 'size', y: 'accuracy', points })
    expect(scattered.data).toEqual({
      columns: ['name', 'size', 'accuracy'],
      rows: [
        ['p1', 1, 2],
        ['p3', 3, 2],
      ],
    })
    expect(marksOf(scattered, 'circle')).toBe(2)
    expectPlaces(readFigure(scattered.svg)[0].dots, [
      [1, 2],
      [3, 2],
    ])
  })

  it('lines of up to eight kinds have hues that are told apart; the unit of what is measured upwards is said', () => {
    const lines = Array.from({ length: 8 }, (_, at) => ({ name: `change ${at}`, x: [1, 2], y: [at, at + 1] }))
    const { svg } = drawn({ kind: 'lines', title: 'Loss by severity', y: 'nats', x: 'severity', lines })
    for (const colour of series) expect(svg).toContain(`stroke="${colour}"`)
    expect(svg).toContain('>Loss by severity, nats<')
    const many = drawn({ kind: 'lines', title: 'Loss', x: 'severity', lines: [...lines, ...lines] }).svg
    expect(many).toContain(`stroke="${viridis.at(-1)}"`)
  })

  it('draws the intervals of points, and has room for them', () => {
    const points = [
      { name: 'a', x: 1, y: 2, within: { low: 1.5, high: 3 }, across: { low: -4, high: 9 } },
      { name: 'b', x: 3, y: 2, within: null },
    ]
    const figure = drawn({ kind: 'points', title: 'Points', x: 'size', y: 'accuracy', points })
    expect(figure.data).toEqual({
      columns: ['name', 'size', 'accuracy', 'size, low', 'size, high', 'accuracy, low', 'accuracy, high'],
      rows: [
        ['a', 1, 2, -4, 9, 1.5, 3],
        ['b', 3, 2, null, null, null, null],
      ],
    })
    const bars = [...figure.svg.matchAll(/<path d="M([-\d.]+),([-\d.]+)L([-\d.]+),([-\d.]+)"/g)]
      .map(([, ...places]) => places.map(Number))
      .filter(([x, y]) => x !== 0 || y !== 0)
    const dots = [...figure.svg.matchAll(/<circle[^>]* cy="([-\d.]+)" cx="([-\d.]+)"/g)].map(([, cy, cx]) => [Number(cx), Number(cy)])
    const [upright, flat] = bars
    expect([bars.length, upright[0], upright[2], flat[1], flat[3]]).toEqual([2, dots[0][0], dots[0][0], dots[0][1], dots[0][1]])
    // Pixels a unit, by the two points.
    const pixels = (dots[1][0] - dots[0][0]) / 2
    expect((flat[2] - flat[0]) / pixels).toBeCloseTo(13, 2)
    // Names can be read over a bar: they have a halo of the paper's colour.
    for (const name of ['a', 'b']) expect(figure.svg).toMatch(new RegExp(`stroke="#fefefe"[^>]*>(<text[^>]*>)${name}<`))
  })

  it('is no figure where nothing is finite', () => {
    const values = [NaN, Infinity]
    expect(shownChartFigure('x', { kind: 'histogram', title: 'None', x: 'value', values }, { draw })).toBeNull()
    expect(
      shownChartFigure('x', { kind: 'lines', title: 'None', x: 'x', lines: [{ name: 'a', x: [1, 2], y: values }] }, { draw }),
    ).toBeNull()
    expect(shownChartFigure('x', { kind: 'bars', title: 'None', bars: [{ name: 'a', value: NaN }] }, { draw })).toBeNull()
    expect(shownChartFigure('x', { kind: 'points', title: 'None', x: 'x', y: 'y', points: [] }, { draw })).toBeNull()
  })
})
