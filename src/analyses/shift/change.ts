/** Changes one image by a kind and a severity. */
import type { RandomStream } from '../../engine/random/stream.ts'
import { changes, type ChangeKind } from './changes.ts'

/** An image, [height, width, channels] from 0 to 1. */
export interface Picture {
  height: number
  width: number
  channels: number
  pixels: Float32Array
}

/** @param severity 1 to 5 @returns pixels that may lie beyond 0 and 1 */
export function changed(picture: Picture, kind: ChangeKind, severity: number, stream: RandomStream): Float32Array {
  const by = changes[kind].at[severity - 1]
  const { height, width, channels, pixels } = picture
  switch (kind) {
    case 'noise':
      return pixels.map((value) => value + by * stream.normal())
    case 'impulses': {
      const hit = Float32Array.from({ length: height * width }, () => stream.uniform() / by)
      return pixels.map((value, at) => {
        const drawn = hit[Math.floor(at / channels)]
        return drawn >= 1 ? value : Number(drawn < 0.5)
      })
    }
    case 'blur':
      return blurred(picture, by)
    case 'rotation':
      return rotated(picture, (stream.uniform() < 0.5 ? 1 : -1) * by * (Math.PI / 180))
    case 'displacement': {
      const angle = 2 * Math.PI * stream.uniform()
      return moved(picture, (y, x) => [y - by * height * Math.sin(angle), x - by * width * Math.cos(angle)])
    }
    case 'contrast': {
      const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length
      return pixels.map((value) => mean + by * (value - mean))
    }
    case 'brightness':
      return pixels.map((value) => value + by)
    case 'occlusion': {
      const [tall, wide] = [Math.round(by * height), Math.round(by * width)]
      const [top, left] = [stream.integer(height - tall + 1), stream.integer(width - wide + 1)]
      return pixels.map((value, at) => {
        const [y, x] = [Math.floor(at / (width * channels)) - top, (Math.floor(at / channels) % width) - left]
        return y >= 0 && y < tall && x >= 0 && x < wide ? 0.5 : value
      })
    }
  }
}

/** About its centre. @param angle radians */
export function rotated(picture: Picture, angle: number): Float32Array {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
  const [y0, x0] = [(picture.height - 1) / 2, (picture.width - 1) / 2]
  return moved(picture, (y, x) => [y0 + cosine * (y - y0) - sine * (x - x0), x0 + sine * (y - y0) + cosine * (x - x0)])
}

/** The pixel at each place is that of another one, between pixels in proportion; beyond the edge it is that of the edge. */
function moved({ height, width, channels, pixels }: Picture, from: (y: number, x: number) => [number, number]): Float32Array {
  const result = new Float32Array(pixels.length)
  const within = (value: number, side: number): number => Math.min(side - 1, Math.max(0, value))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [sy, sx] = from(y, x)
      const [fy, fx] = [within(sy, height), within(sx, width)]
      const [top, left] = [Math.floor(fy), Math.floor(fx)]
      const [below, right] = [within(top + 1, height), within(left + 1, width)]
      for (let c = 0; c < channels; c++) {
        const at = (row: number, column: number): number => pixels[(row * width + column) * channels + c]
        const upper = at(top, left) + (fx - left) * (at(top, right) - at(top, left))
        const lower = at(below, left) + (fx - left) * (at(below, right) - at(below, left))
        result[(y * width + x) * channels + c] = upper + (fy - top) * (lower - upper)
      }
    }
  }
  return result
}

/** By a Gaussian out to three standard deviations, along rows and then along columns; the edge goes on beyond itself. */
function blurred(picture: Picture, share: number): Float32Array {
  const { height, width, channels, pixels } = picture
  const pass = (from: Float32Array, side: number, stride: number, index: (at: number) => number): Float32Array => {
    const sigma = share * side
    const reach = Math.ceil(3 * sigma)
    const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-((k - reach) ** 2) / (2 * sigma * sigma)))
    const total = kernel.reduce((sum, one) => sum + one, 0)
    return from.map((_value, at) => {
      const place = index(at)
      let sum = 0
      for (let k = -reach; k <= reach; k++) {
        const other = Math.min(side - 1, Math.max(0, place + k))
        sum += kernel[k + reach] * from[at + (other - place) * stride]
      }
      return sum / total
    })
  }
  const rows = pass(pixels, width, channels, (at) => Math.floor(at / channels) % width)
  return pass(rows, height, width * channels, (at) => Math.floor(at / (width * channels)))
}
