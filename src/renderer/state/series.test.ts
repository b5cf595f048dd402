import { describe, expect, it } from 'vitest'
import { SeriesBuffer } from './series.ts'

const points = (...steps: number[]) => ({ steps: Float64Array.from(steps), values: Float64Array.from(steps, (step) => step / 10) })

describe('a series that grows', () => {
  it('keeps every point past its first room', () => {
    const buffer = new SeriesBuffer()
    for (let step = 1; step <= 3000; step += 3) buffer.append(points(step, step + 1, step + 2))
    expect(buffer.points.steps).toHaveLength(3000)
    expect(buffer.points.values[2999]).toBe(300)
    expect(buffer.lastStep).toBe(3000)
  })

  it('forgets what lies behind a step that comes again', () => {
    const buffer = new SeriesBuffer()
    buffer.append(points(1, 2, 3, 4))
    buffer.append(points(3))
    expect([...buffer.points.steps]).toEqual([1, 2, 3])
  })

  it('can be replaced', () => {
    const buffer = new SeriesBuffer()
    buffer.append(points(5, 6))
    buffer.replace(points(1))
    expect([...buffer.points.steps]).toEqual([1])
  })
})
