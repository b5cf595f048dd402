import { describe, expect, it } from 'vitest'
import type { RandomStream } from '../../engine/random/stream.ts'
import { changed, type Picture } from './change.ts'

/** @param of a place and a colour */
const picture = (height: number, width: number, of: (y: number, x: number, c: number) => number): Picture => {
  const pixels: number[] = []
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) pixels.push(of(y, x, c))
  return { height, width, channels: 3, pixels: Float32Array.from(pixels) }
}
/** Numbers given in turn, and the bounds that whole ones were asked below. */
const stream = (...given: number[]) => {
  let next = 0
  const bounds: number[] = []
  const one = () => given[next++ % given.length]
  return {
    bounds,
    of: {
      uniform: one,
      integer: (bound: number) => {
        bounds.push(bound)
        return one()
      },
    } as unknown as RandomStream,
  }
}
const close = (found: Float32Array, wanted: Picture) => {
  expect(found).toHaveLength(wanted.pixels.length)
  found.forEach((value, at) => expect(value, `pixel ${Math.floor(at / 3)}, colour ${at % 3}`).toBeCloseTo(wanted.pixels[at], 4))
}
const shapes: [number, number][] = [
  [10, 20],
  [20, 10],
]
const within = (value: number, side: number) => Math.min(side - 1, Math.max(0, value))

describe.each(shapes)('a coloured image of %i x %i', (height, width) => {
  /** Another value at each place and of each colour. */
  const any = (y: number, x: number, c: number) => (((y * width + x) * 3 + c) * 0.377) % 1
  const image = picture(height, width, any)

  it('is displaced by whole pixels, its edge going on', () => {
    // A tenth of each side, to the right, down, and to the left.
    for (const [turn, dy, dx] of [
      [0, 0, width / 10],
      [0.25, height / 10, 0],
      [0.5, 0, -width / 10],
    ]) {
      const wanted = picture(height, width, (y, x, c) => any(within(y - dy, height), within(x - dx, width), c))
      close(changed(image, 'displacement', 3, stream(turn).of), wanted)
    }
  })

  // Between pixels a value that grows evenly is known at any place.
  const even = (y: number, x: number, c: number) => [0.1 + 0.03 * x, 0.9 - 0.02 * y, 0.01 * x + 0.03 * y][c]
  const slope = picture(height, width, even)
  const movedTo = (from: (y: number, x: number) => [number, number]) =>
    picture(height, width, (y, x, c) => {
      const [sy, sx] = from(y, x)
      return even(within(sy, height), within(sx, width), c)
    })

  it('is displaced by parts of pixels', () => {
    const [sine, cosine] = [Math.sin(2 * Math.PI * 0.1), Math.cos(2 * Math.PI * 0.1)]
    close(
      changed(slope, 'displacement', 2, stream(0.1).of),
      movedTo((y, x) => [y - 0.06 * height * sine, x - 0.06 * width * cosine]),
    )
  })

  it('is rotated about its centre', () => {
    const [cy, cx] = [(height - 1) / 2, (width - 1) / 2]
    for (const [side, sine] of [
      [0, 0.5],
      [0.9, -0.5],
    ]) {
      close(
        changed(slope, 'rotation', 3, stream(side).of),
        movedTo((y, x) => [cy + Math.sqrt(0.75) * (y - cy) - sine * (x - cx), cx + sine * (y - cy) + Math.sqrt(0.75) * (x - cx)]),
      )
    }
  })

  it('is grey in every colour where it is occluded, and nowhere else', () => {
    const { of, bounds } = stream(2, 4)
    const [tall, wide] = [0.3 * height, 0.3 * width]
    const wanted = picture(height, width, (y, x, c) => (y >= 2 && y < 2 + tall && x >= 4 && x < 4 + wide ? 0.5 : any(y, x, c)))
    close(changed(image, 'occlusion', 2, of), wanted)
    // Anywhere within.
    expect(bounds).toEqual([height - tall + 1, width - wide + 1])
  })

  it('is black or white in all colours of a pixel', () => {
    // A tenth of them: below half of it white.
    const drawn = [0.04, 0.5, 0.06, 0.11, 0.9]
    const wanted = picture(height, width, (y, x, c) => [1, any(y, x, c), 0, any(y, x, c), any(y, x, c)][(y * width + x) % 5])
    close(changed(image, 'impulses', 3, stream(...drawn).of), wanted)
  })
})

it('is blurred by colour, along each side by its own share', () => {
  const [height, width] = [60, 90]
  // A point in the middle of one colour.
  const { pixels } = picture(height, width, (y, x, c) => (c === 1 ? Number(y === 30 && x === 45) : 0.25 * c))
  const blurred = changed({ height, width, channels: 3, pixels }, 'blur', 4, stream(0).of)
  const [squares, sum] = [{ y: 0, x: 0 }, { all: 0 }]
  blurred.forEach((value, at) => {
    if (at % 3 !== 1) {
      expect(value).toBeCloseTo(pixels[at], 5)
      return
    }
    const [y, x] = [Math.floor(at / (3 * width)) - 30, (Math.floor(at / 3) % width) - 45]
    squares.y += value * y * y
    squares.x += value * x * x
    sum.all += value
  })
  expect(sum.all).toBeCloseTo(1, 4)
  // Cut off at three standard deviations, it spreads a little less.
  for (const [square, side] of [
    [squares.y, height],
    [squares.x, width],
  ]) {
    expect(Math.sqrt(square) / (0.06 * side)).toBeGreaterThan(0.97)
    expect(Math.sqrt(square) / (0.06 * side)).toBeLessThan(1)
  }
})
