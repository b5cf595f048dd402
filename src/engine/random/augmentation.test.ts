import { describe, expect, it } from 'vitest'
import { augment } from './augmentation.ts'
import { randomStream } from './stream.ts'

const shape = { height: 5, width: 6, channels: 2 }
const size = 5 * 6 * 2
const images = Uint8Array.from({ length: 200 * size }, (_, at) => 1 + (at % size))
const augmented = (randomShift: number, randomFlip: boolean, step = 3, network = 7): Uint8Array => {
  const rows = images.slice()
  augment(rows, shape, { randomShift, randomFlip }, randomStream(8734, 'augmentation', step, network))
  return rows
}

/** An image moved and mirrored by the definition, place by place. */
function moved(down: number, right: number, flip: boolean): number[] {
  return Array.from({ length: size }, (_, at) => {
    const [y, x, channel] = [Math.floor(at / 12), Math.floor(at / 2) % 6, at % 2]
    const [v, u] = [y - down, (flip ? 5 - x : x) - right]
    return v < 0 || v >= 5 || u < 0 || u >= 6 ? 0 : 1 + (v * 6 + u) * 2 + channel
  })
}

describe('augmentation', () => {
  it('leaves images alone where nothing is asked for', () => {
    expect(augmented(0, false)).toEqual(images)
  })

  it('moves and mirrors, every way about as often', () => {
    const rows = augmented(1, true)
    const ways = [-1, 0, 1].flatMap((down) => [-1, 0, 1].flatMap((right) => [false, true].map((flip) => moved(down, right, flip).join())))
    const seen = ways.map(() => 0)
    for (let i = 0; i < 200; i++) seen[ways.indexOf(rows.subarray(i * size, (i + 1) * size).join())]++
    expect(seen.reduce((a, b) => a + b)).toBe(200)
    expect(Math.min(...seen)).toBeGreaterThan(2)
    expect(Math.max(...seen)).toBeLessThan(25)
  })

  it('never mirrors where only shifts are asked for, nor moves where only flips are', () => {
    const flips = augmented(0, true)
    const shifts = augmented(2, false)
    const ways = [-2, -1, 0, 1, 2].flatMap((down) => [-2, -1, 0, 1, 2].map((right) => moved(down, right, false).join()))
    for (let i = 0; i < 200; i++) {
      expect([moved(0, 0, false).join(), moved(0, 0, true).join()]).toContain(flips.subarray(i * size, (i + 1) * size).join())
      expect(ways).toContain(shifts.subarray(i * size, (i + 1) * size).join())
    }
  })

  it('depends on step and network alone', () => {
    expect(augmented(2, true)).toEqual(augmented(2, true))
    expect(augmented(2, true, 4)).not.toEqual(augmented(2, true))
    expect(augmented(2, true, 3, 8)).not.toEqual(augmented(2, true))
  })
})
