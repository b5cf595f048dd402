import { expect, it } from 'vitest'
import type { StudyDetails } from '../../../shared/contract/studies.ts'
import { drawingDocument } from './draw.ts'
import { meanRanksFigure } from './mean-ranks.ts'

type Shown = Pick<StudyDetails, 'rows' | 'columns'>
const study = (overSeeds: StudyDetails['columns'][number]['overSeeds'], titles = ['wide', 'narrow', 'plain']): Shown =>
  ({
    rows: titles.map((title) => ({ title })),
    columns: [{ label: 'Vote', best: 'highest', overSeeds }],
  }) as unknown as Shown

it('mean ranks stand by their methods, the best first, half a critical difference to either side', () => {
  const svg = meanRanksFigure(study({ means: [2, 1, 3], seeds: 4, critical: 1.2 }), 'Vote', drawingDocument)!
  expect(svg).toContain('Mean ranks over 4 seeds: narrow 1, wide 2, plain 3. Critical difference 1.2.')
  expect(svg).toContain('Vote, highest is best')
  const lowest = { ...study({ means: [2, 1, 3], seeds: 4, critical: 1.2 }) }
  lowest.columns = [{ ...lowest.columns[0], best: 'lowest' }]
  expect(meanRanksFigure(lowest, 'Vote', drawingDocument)).toContain('Vote, lowest is best')
  const dots = [...svg.matchAll(/<circle r="4.5" cy="([\d.]+)" cx="([\d.]+)"/g)].map(([, y, x]) => [Number(x), Number(y)])
  const whiskers = [...svg.matchAll(/<line y2="([\d.]+)" y1="\1" x2="([\d.]+)" x1="([\d.]+)"/g)].map(([, y, to, from]) =>
    [from, to, y].map(Number),
  )
  const names = [...svg.matchAll(/<text x="49" y="([\d.]+)"[^>]*>(\w+)</g)].map(([, y, name]) => [name, Number(y)] as const)
  expect(names.map(([name]) => name)).toEqual(['narrow', 'wide', 'plain'])
  const rank = dots[1][0] - dots[0][0]
  expect(dots[2][0] - dots[1][0]).toBeCloseTo(rank, 1)
  for (const [i, [x, y]] of dots.entries()) {
    expect(whiskers[i].map((at) => Math.round(at))).toEqual([x - 0.6 * rank, x + 0.6 * rank, y].map((at) => Math.round(at)))
    expect(names[i][1] - names[0][1]).toBe(y - dots[0][1])
  }
})

it('of many methods each stands beside its name, and no name is cut off', () => {
  const titles = [...Array.from({ length: 10 }, (_, at) => `method ${at}`), 'Multiplicative normalizing flows (mnist-mnf)', 'x'.repeat(100)]
  const svg = meanRanksFigure(study({ means: titles.map((_, at) => at + 1), seeds: 3, critical: 8.7 }, titles), 'Vote', drawingDocument)!
  const dots = [...svg.matchAll(/<circle r="4.5" cy="([\d.]+)"/g)].map(([, y]) => Number(y))
  const names = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*text-anchor="end"[^>]*>([^<]+)</g)]
  expect(names).toHaveLength(titles.length)
  for (const [at, [, x, y, name]] of names.entries()) {
    // Dots begin at the top of their rows, and are moved to the middle; the foot of a name is 4 below it.
    expect(Number(y)).toBe(dots[at] + 12 + 4)
    expect(name.length).toBeLessThanOrEqual(46)
    // The name above takes 275 in a wide fount of this size, 6.25 a letter.
    expect(6.25 * name.length).toBeLessThanOrEqual(Number(x))
  }
  expect(names[10][3]).toBe('Multiplicative normalizing flows (mnist-mnf)')
})

it('a critical difference that reaches beyond the first and the last rank is drawn within the frame', () => {
  const svg = meanRanksFigure(study({ means: [1, 2, 3], seeds: 3, critical: 4 }), 'Vote', drawingDocument)!
  const [, wide] = /viewBox="0 0 ([\d.]+)/.exec(svg)!.map(Number)
  const [, left] = /<text x="([\d.]+)"[^>]*text-anchor="end"/.exec(svg)!.map(Number)
  const ends = [...svg.matchAll(/<line y2="([\d.]+)" y1="\1" x2="([\d.]+)" x1="([\d.]+)"/g)].flatMap(([, , to, from]) =>
    [to, from].map(Number),
  )
  expect(ends).toHaveLength(6)
  expect(Math.min(...ends)).toBeGreaterThanOrEqual(left)
  expect(Math.max(...ends)).toBeLessThanOrEqual(wide)
})

it('without a critical difference there are dots alone, and without ranks nothing', () => {
  const svg = meanRanksFigure(study({ means: [2, 1, 3], seeds: 2, critical: null }), 'Vote', drawingDocument)!
  expect(svg).not.toContain('stroke-width="3"')
  expect(svg).not.toContain('Critical difference')
  expect(meanRanksFigure(study(null), 'Vote', drawingDocument)).toBeUndefined()
  expect(meanRanksFigure(study({ means: [2, 1, 3], seeds: 2, critical: null }), 'Other', drawingDocument)).toBeUndefined()
})
