import { describe, expect, it } from 'vitest'
import { extended, noPoints } from './series.ts'

const points = (...steps: number[]) => ({ steps: Float64Array.from(steps), values: Float64Array.from(steps, (step) => step / 10) })

describe('a series that grows', () => {
  it('keeps every point', () => {
    let all = noPoints
    for (let step = 1; step <= 3000; step += 3) all = extended(all, points(step, step + 1, step + 2))
    expect(all.steps).toHaveLength(3000)
    expect(all.values[2999]).toBe(300)
    expect(extended(all, noPoints)).toBe(all)
  })

  it('forgets what lies behind a step that comes again', () => {
    expect(extended(points(1, 2, 3, 4), points(3))).toEqual(points(1, 2, 3))
  })
})
