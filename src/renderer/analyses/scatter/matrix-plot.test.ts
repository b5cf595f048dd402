import { expect, it } from 'vitest'
import { binsOf } from '../../../analyses/scatter/report-matrix.ts'
import { MatrixPlot } from './matrix-plot.ts'

/** Four networks in the corners of the plane of components 1 and 2; component 3 is as 1. */
const data = Float32Array.of(0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1)
const plot = new MatrixPlot({ name: 'all', scores: { shape: [4, 3], data }, explained: [0.5, 0.3, 0.2] })
/** Panels are 100 wide. */
const width = 312

it('lays panels out as a lower triangle, with scatters below the diagonal', () => {
  expect(plot.panels(width).map(({ row, column, x, y }) => [row, column, x, y])).toEqual([
    [0, 0, 0, 0],
    [1, 0, 0, 106],
    [1, 1, 106, 106],
    [2, 0, 0, 212],
    [2, 1, 106, 212],
    [2, 2, 212, 212],
  ])
  expect(plot.panelAt(width, { x: 50, y: 150 })).toMatchObject({ row: 1, column: 0 })
  expect(plot.panelAt(width, { x: 150, y: 150 })).toBeUndefined()
  expect(plot.panelAt(width, { x: 150, y: 50 })).toBeUndefined()
})

it('finds what a lasso encloses: up is more of the row, right more of the column', () => {
  const panel = plot.panelAt(width, { x: 50, y: 150 })!
  const square = (x: number, y: number) => [-10, 10].flatMap((a) => [-a, a].map((b) => ({ x: x + a, y: y + b })))
  expect([...plot.enclosed(panel, square(4, 106 + 96))]).toEqual([0])
  expect([...plot.enclosed(panel, square(96, 106 + 96))]).toEqual([1])
  expect([...plot.enclosed(panel, square(4, 106 + 4))]).toEqual([2])
  expect([...plot.enclosed(panel, square(50, 150))]).toEqual([])
})

it('counts in thirty bins, the greatest in the last', () => {
  const bins = binsOf(Float32Array.of(0, 1, 15, 30, NaN))
  expect([bins.length, bins[0], bins[1], bins[15], bins[29]]).toEqual([30, 1, 1, 1, 1])
  expect([...binsOf(Float32Array.of(15), [0, 30])].indexOf(1)).toBe(15)
})
