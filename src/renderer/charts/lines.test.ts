import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { ends, floor, headingOf, isOfFewSteps, nearest, pointAt, slackOf, smooth, stepFrom, thin, toCsv } from './lines.ts'

const increasing = fc
  .uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 300 })
  .map((steps) => steps.sort((a, b) => a - b))

describe('nearest', () => {
  it('is the step with the least distance', () => {
    fc.assert(
      fc.property(increasing, fc.integer({ min: -10, max: 10_010 }), (steps, x) => {
        const least = Math.min(...steps.map((step) => Math.abs(step - x)))
        expect(Math.abs(steps[nearest(steps, x)] - x)).toBe(least)
      }),
    )
    expect(nearest([], 3)).toBe(-1)
  })
})

it('an axis over few steps names whole ones alone, and one of shares does not', () => {
  const line = (...steps: number[]) => ({ name: '', steps, values: steps, colour: 1 })
  expect([[line(1, 2)], [line(1, 2), line(3, 11)], [line(0, 0.5, 1)], [line(1, 40)], [line()]].map(isOfFewSteps)).toEqual([
    ...[true, true, false, false, false],
  ])
})

describe('the point at a step', () => {
  it('is that of a line only where the line is', () => {
    const steps = [100, 200, 300]
    expect([100, 149, 260, 300, 349, 51].map((x) => pointAt(steps, x))).toEqual([0, 0, 2, 2, 2, 0])
    expect([351, 2000, 49, -5].map((x) => pointAt(steps, x))).toEqual([-1, -1, -1, -1])
    expect([pointAt([7], 7), pointAt([7], 8), pointAt([7], 8, 1), pointAt([], 3)]).toEqual([0, -1, 0, -1])
  })

  it('is there as near as a pointer can tell: within a two-hundredth of the axis', () => {
    const line = (...steps: number[]) => ({ name: '', steps, values: steps, colour: 1 })
    expect([slackOf([line(100, 300), line(1100)]), slackOf([line()])]).toEqual([5, 0])
  })

  it('is the last of each at rest', () => {
    expect([[100, 200, 300], [5], []].map((steps) => pointAt(steps, null))).toEqual([2, 0, -1])
  })

  it('is reached by keys on every line, though another has more points', () => {
    const line = (...steps: number[]) => ({ name: '', steps, values: steps, colour: 1 })
    const lines = [line(1, 2, 3, 4), line(2, 9)]
    expect(stepFrom(lines, 1, Infinity)).toBe(9)
    expect(stepFrom(lines, 4, 1)).toBe(9)
    expect(stepFrom(lines, 9, -2)).toBe(3)
    expect(stepFrom(lines, 9, -Infinity)).toBe(1)
  })
})

it('an axis of nothing but zeros begins at zero: an error rate is never below', () => {
  const line = (...values: number[]) => ({ name: '', steps: values, values, colour: 1 })
  expect(floor([line(0, 0), line()])).toEqual({ min: 0 })
  expect(floor([line(0, 0), line(0, -1)])).toEqual({})
})

describe('ends', () => {
  it('are those of all lines together, and none where there is no stretch', () => {
    const line = (...steps: number[]) => ({ name: '', steps, values: steps, colour: 1 })
    expect(ends([line(6, 12), line(), line(1, 9)])).toEqual({ min: 1, max: 12 })
    expect(ends([line(5)])).toEqual({})
    expect(ends([line()])).toEqual({})
  })
})

describe('thinning', () => {
  it('keeps the greatest, the least, both ends, and the order', () => {
    const curve = increasing.chain((steps) =>
      fc.tuple(fc.constant(steps), fc.array(fc.double({ noNaN: true }), { minLength: steps.length, maxLength: steps.length })),
    )
    fc.assert(
      fc.property(curve, fc.integer({ min: 4, max: 100 }), ([steps, values], most) => {
        const kept = thin(steps, values, null, most)
        expect(kept.length).toBeLessThanOrEqual(Math.max(most, 4))
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b))
        expect(kept[0]).toBe(0)
        expect(kept.at(-1)).toBe(steps.length - 1)
        const seen = kept.map((index) => values[index])
        expect(Math.max(...seen)).toBe(Math.max(...values))
        expect(Math.min(...seen)).toBe(Math.min(...values))
      }),
    )
  })

  it('keeps one point beyond either end of a range', () => {
    expect(thin([0, 1, 2, 3, 4, 5], [0, 0, 0, 0, 0, 0], { min: 2, max: 3 }, 100)).toEqual([1, 2, 3, 4])
  })

  it('passes over what is no number in search of extremes', () => {
    const values = [1, Number.NaN, 5, 2, Number.NaN, 0, 1, 1]
    expect(thin([0, 1, 2, 3, 4, 5, 6, 7], values, null, 4)).toEqual([0, 2, 5, 7])
  })
})

describe('smoothing', () => {
  it('leaves constants and gaps as they are', () => {
    expect([...smooth([3, 3, Number.NaN, 3], 0.9)].map((value) => Number(value.toFixed(9)))).toEqual([3, 3, Number.NaN, 3])
  })

  it('changes nothing without weight', () => {
    expect([...smooth([1, 5, 2], 0)]).toEqual([1, 5, 2])
  })
})

describe('CSV', () => {
  it('joins lines by step and quotes names', () => {
    const csv = toCsv('step', [
      { name: 'a, b', steps: [1, 2], values: [0.5, 0.25], low: [0, 0.1], colour: 1 },
      { name: 'c', steps: [2, 3], values: [7, 8], colour: 2 },
    ])
    expect(csv).toBe('step,"a, b","a, b low",c\n1,0.5,0,\n2,0.25,0.1,7\n3,,,8\n')
  })

  it('lets no name of a run be a formula', () => {
    expect(toCsv('step', [{ name: '=1+1', steps: [1], values: [-2], colour: 1 }])).toBe('step,"\'=1+1"\n1,-2\n')
  })
})

it('a picture of a single line tells its unit, which on the page stands in the legend', () => {
  expect(headingOf('Entropy', [{ name: 'nats' }])).toBe('Entropy (nats)')
  expect(headingOf('Loss', [{ name: 'Loss' }])).toBe('Loss')
  expect(headingOf('Loss', [{ name: 'one' }, { name: 'two' }])).toBe('Loss')
  expect(headingOf('Loss', [{ name: 'one' }, { name: 'two' }], 'nats')).toBe('Loss (nats)')
})
