import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { lineSvg } from './line-svg.ts'

const chart = {
  title: 'Accuracy <of all>',
  lines: [{ name: 'mean & band', steps: [0, 50, 100], values: [0.1, 0.5, 0.9], low: [0, 0.4, 0.8], high: [0.2, 0.6, 1], colour: 1 }],
  x: {
    min: 0,
    max: 100,
    ticks: [
      { value: 0, label: '0' },
      { value: 100, label: '100' },
    ],
  },
  y: {
    min: 0,
    max: 1,
    ticks: [
      { value: 0, label: '0' },
      { value: 1, label: '1' },
    ],
  },
  xLabel: 'step',
  yLabel: undefined,
  log: false,
  logX: false,
  width: 400,
  height: 200,
  colours: ['#0a6ca8'],
}

describe('a chart of vectors', () => {
  it('draws the line through its points and the band around it', () => {
    const { document } = parseHTML(lineSvg(chart))
    const [band, line] = [...document.querySelectorAll('g path')].map((path) => path.getAttribute('d') ?? '')
    expect(line).toBe('M56 147L221 95L386 43')
    expect(band).toMatch(/^M56 .*L.*Z$/)
    expect(band.match(/[ML]/g)).toHaveLength(6)
  })

  it('lets no name break out of its place', () => {
    const svg = lineSvg(chart)
    expect(svg).toContain('Accuracy &lt;of all&gt;')
    expect(svg).toContain('mean &amp; band')
  })

  it('leaves gaps where there is no number', () => {
    const gap = { ...chart, lines: [{ name: 'a', steps: [0, 50, 100], values: [0.1, Number.NaN, 0.9], colour: 1 }] }
    const { document } = parseHTML(lineSvg(gap))
    expect(document.querySelector('g path')?.getAttribute('d')?.match(/M/g)).toHaveLength(2)
  })
})
