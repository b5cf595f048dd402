import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { scatterCsv, scatterSvg } from './scatter-picture.ts'

const picture = {
  cloud: {
    coordinates: Float32Array.of(0, 0, 1, 1, 400, 400),
    colours: Uint8Array.of(12, 20, 28, 255, 13, 21, 31, 255, 1, 2, 3, 255),
    order: Uint32Array.of(0, 1, 2),
  },
  camera: { x: 0, y: 0, scale: 10 },
  size: { width: 400, height: 300 },
  radius: 3,
  title: 'heron & <friends>',
  labels: [
    { index: 1, text: '17' },
    { index: 2, text: 'out of sight' },
  ],
  legend: { title: 'Accuracy', low: '90 %', high: '98 %', colours: ['rgb(0,0,0)', 'rgb(9,9,9)'] },
}

describe('the map as vectors', () => {
  it('draws what is in sight, points that look alike with one path', () => {
    const { document } = parseHTML(scatterSvg(picture))
    const paths = [...document.querySelectorAll('path')]
    expect(paths).toHaveLength(1)
    expect(paths[0].getAttribute('d')).toBe('M200 150h0M210 140h0')
    expect(paths[0].getAttribute('stroke')).toMatch(/^#[0-9a-f]{6}$/)
  })

  it('writes beside a point what it is called', () => {
    const { document } = parseHTML(scatterSvg(picture))
    const [text, ...others] = [...document.querySelectorAll('text')].filter(({ textContent }) => /17|sight/.test(textContent))
    expect([text.getAttribute('x'), text.getAttribute('y')]).toEqual(['218', '144'])
    expect(others).toEqual([])
  })

  it('says what it shows', () => {
    const text = scatterSvg(picture)
    expect(text).toContain('heron &amp; &lt;friends&gt;')
    expect(text).toContain('98 %')
    expect(scatterSvg({ ...picture, legend: null })).not.toContain('linearGradient')
  })
})

describe('the map as a table', () => {
  it('has a row a network', () => {
    const csv = scatterCsv(Float32Array.of(1, 2, 3, 4), { accuracy: Float32Array.of(0.5, 0.25) })
    expect(csv).toBe('network,x,y,accuracy\n0,1,2,0.5\n1,3,4,0.25\n')
    const which = { names: ['run', 'index'], rows: [['heron', 5] as const, ['otter', 0] as const] }
    expect(scatterCsv(Float32Array.of(1, 2, 3, 4), {}, which)).toBe('run,index,x,y\nheron,5,1,2\notter,0,3,4\n')
  })
})
