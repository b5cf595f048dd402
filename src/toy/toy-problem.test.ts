import { describe, expect, it, test } from 'vitest'
import { drawingDocument } from '../main/report/figures/draw.ts'
import { toyFigure, toyFigures, toyRows } from './figure.ts'
import { initialParameters, parameterCount } from './generator.ts'
import { surfaceOf, surfaces, type SurfaceKind } from './surface.ts'
import { ToyProblem, toyRate, toySettings } from './toy-problem.ts'

const settings = (more: object = {}) => toySettings.parse(more)

describe.each(Object.keys(surfaces) as SurfaceKind[])('the surface %s', (kind) => {
  it('has the slope that differences have', () => {
    const surface = surfaceOf(kind, 3)
    const h = 1e-6
    for (const [x, y] of [
      [0.3, -0.7],
      [-3, 2.5],
      [3.9, 0.4],
    ]) {
      const { dx, dy } = surface.at(x, y)
      expect(dx).toBeCloseTo((surface.at(x + h, y).value - surface.at(x - h, y).value) / (2 * h), 6)
      expect(dy).toBeCloseTo((surface.at(x, y + h).value - surface.at(x, y - h).value) / (2 * h), 6)
    }
  })
})

test('surfaces are high where their formulas say, and that of bumps depends on the seed', () => {
  expect(surfaceOf('ring', 1).at(0, -4).value).toBe(7)
  expect(surfaceOf('valley', 1).at(0, -3).value).toBe(7)
  expect(surfaceOf('four-peaks', 1).at(3, 2).value).toBe(7)
  expect(surfaceOf('bumps', 1).at(1, 1).value).not.toBe(surfaceOf('bumps', 2).at(1, 1).value)
  // The mean over the plane of a bump is p (2 pi s^2)^2: a sum over a fine grid comes near that of them all.
  let sum = 0
  for (let x = -12; x < 12; x += 0.25) for (let y = -12; y < 12; y += 0.25) sum += surfaceOf('bumps', 1).at(x, y).value / 16
  expect(sum).toBeGreaterThan((2 * Math.PI) ** 2)
  expect(sum).toBeLessThan((2 * Math.PI) ** 2 * 1.1 ** 4)
})

test('the generator begins with the variance that the authors give it, and without biases', () => {
  const parameters = initialParameters(5)
  const second = parameters.subarray(60, 60 + 300)
  const variance = second.reduce((sum, one) => sum + one ** 2, 0) / 300
  expect(variance).toBeGreaterThan(0.16)
  expect(variance).toBeLessThan(0.24)
  expect(parameters.subarray(30, 60)).toEqual(new Float64Array(30))
  expect(parameterCount).toBe(60 + 310 + 110 + 22)
})

test('its gradient is that of the loss: mean f, entropy of nearest neighbours and the pull to the middle', () => {
  const problem = new ToyProblem(settings({ seed: 2 }))
  const parameters = initialParameters(2)
  const latents = [-0.9, -0.2, 0.1, 0.15, 0.8]
  const { gradient } = problem.lossOf(parameters, latents)
  const h = 1e-6
  for (let i = 0; i < parameterCount; i += 7) {
    const at = (by: number) =>
      problem.lossOf(
        parameters.map((value, j) => value + (j === i ? by : 0)),
        latents,
      ).loss
    expect(gradient[i]).toBeCloseTo((at(h) - at(-h)) / (2 * h), 4)
  }
})

test('diversity spreads the points, and without it they go up to a peak', () => {
  const trained = (diversity: number) => {
    const problem = new ToyProblem(settings({ surface: 'valley', diversity }))
    problem.train(1500)
    return toyFigures(problem.curve(200))
  }
  const [bare, spread] = [trained(0), trained(2.2)]
  expect(spread.length).toBeGreaterThan(3 * bare.length)
  expect(bare.mean).toBeGreaterThan(spread.mean)
})

test('its figure has the curve over the surface, and its table a row a point', () => {
  const problem = new ToyProblem(settings({ surface: 'ring' }))
  problem.train(300)
  const curve = problem.curve(50)
  expect(curve.distance[0]).not.toBeCloseTo(curve.distance[48], 3)
  const svg = toyFigure(problem, curve, drawingDocument)
  expect(svg).toMatch(/^<svg [^>]*>.*<\/svg>$/s)
  expect(svg.match(/<path [^>]*d="M/g)?.length).toBeGreaterThan(9)
  // Where there is room, what goes along z stands beside the surface: wider than high.
  const sides = (of: string) => /viewBox="0 0 (\d+) (\d+)"/.exec(of)!.slice(1).map(Number)
  expect(sides(svg)).toEqual([640, 660])
  expect(sides(toyFigure(problem, curve, drawingDocument, undefined, true))).toEqual([1070, 400])
  const [header, ...rows] = toyRows(curve)
  expect([header.length, rows.length, rows[0][0], rows[49][0]]).toEqual([5, 50, -1, 1])
  const [first, second] = rows as number[][]
  expect(first[3]).toBe(problem.surface.at(first[1], first[2]).value)
  expect(first[4]).toBeCloseTo(Math.hypot(second[1] - first[1], second[2] - first[2]), 12)
  expect(toyFigures(curve).length).toBeCloseTo(
    (rows as number[][]).slice(0, 49).reduce((sum, row) => sum + row[4], 0),
    9,
  )
})

test('its learning rate falls by 0.004 % a step, as the authors have it', () => {
  expect(toyRate(100_000)).toBeCloseTo(0.001 * 0.99996 ** 100_000, 9)
  expect(toyRate(0)).toBeCloseTo((0.001 * Math.sqrt(1 - 0.999)) / (1 - 0.9), 9)
})

test('the same settings give the same curve, in one go or in parts', () => {
  const [one, other] = [new ToyProblem(settings()), new ToyProblem(settings())]
  one.train(50)
  for (const steps of [20, 30]) other.train(steps)
  expect(other.curve(10)).toEqual(one.curve(10))
  expect(one.step).toBe(50)
})
