/** Points drawn by the processor, pixel by pixel: where no graphics processor helps, and for pictures to keep. */
import { toScreen } from './camera.ts'
import type { Camera, Size } from './camera.ts'
import type { PointCloud } from './points.ts'

/** Places within a pixel for which a disc is prepared, each way. */
const phases = 4
const inverse = 1 / (255 * 255)

/** A disc: the pixels it covers, and how much of each. */
interface Stamp {
  columns: Uint8Array
  rows: Uint8Array
  /** From the disc's first pixel, in a picture of the width it was made for. */
  offsets: Int32Array
  /** 1 to 255. */
  coverage: Uint8Array
}

/**
 * Draws discs over what is there.
 * @param pixels uint8 [height, width, 4], opaque
 * @param radius pixels of this picture
 */
export function splat(pixels: Uint8ClampedArray, size: Size, cloud: PointCloud, camera: Camera, radius: number): void {
  const { coordinates, colours, order } = cloud
  const { width, height } = size
  const side = 2 * Math.ceil(radius + 0.5) + 2
  const stamps = stampsOf(radius, side, width)
  const whole = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length >> 2)
  // A colour's four bytes lie as a pixel's do, whatever the machine's order of bytes.
  const inks = new Uint32Array(colours.slice().buffer)
  const origin = toScreen(camera, size, 0, 0)
  const half = side / 2
  for (const i of order) {
    const x = origin.x + coordinates[2 * i] * camera.scale - half
    const y = origin.y - coordinates[2 * i + 1] * camera.scale - half
    if (!(x > -side && y > -side && x < width && y < height)) continue
    const left = Math.floor(x)
    const top = Math.floor(y)
    const { columns, rows, offsets, coverage } = stamps[Math.floor((y - top) * phases) * phases + Math.floor((x - left) * phases)]
    const inside = left >= 0 && top >= 0 && left + side <= width && top + side <= height
    const first = top * width + left
    const opacity = colours[4 * i + 3]
    for (let part = 0; part < offsets.length; part++) {
      if (!inside && !(isWithin(left + columns[part], width) && isWithin(top + rows[part], height))) continue
      const at = first + offsets[part]
      const alpha = coverage[part] * opacity
      if (alpha === 65025) {
        whole[at] = inks[i]
        continue
      }
      const weight = alpha * inverse
      const to = 4 * at
      pixels[to] += (colours[4 * i] - pixels[to]) * weight
      pixels[to + 1] += (colours[4 * i + 1] - pixels[to + 1]) * weight
      pixels[to + 2] += (colours[4 * i + 2] - pixels[to + 2]) * weight
    }
  }
}

const isWithin = (value: number, end: number): boolean => value >= 0 && value < end

/** A disc at each place within a pixel, its edge a pixel wide. */
function stampsOf(radius: number, side: number, width: number): Stamp[] {
  return Array.from({ length: phases * phases }, (_, phase) => {
    const centreX = side / 2 + ((phase % phases) + 0.5) / phases
    const centreY = side / 2 + (Math.floor(phase / phases) + 0.5) / phases
    const parts = Array.from({ length: side * side }, (__, at) => {
      const [column, row] = [at % side, Math.floor(at / side)]
      const distance = Math.hypot(column + 0.5 - centreX, row + 0.5 - centreY)
      return { column, row, coverage: Math.round(255 * Math.min(Math.max(radius + 0.5 - distance, 0), 1)) }
    }).filter(({ coverage }) => coverage > 0)
    return {
      columns: Uint8Array.from(parts, ({ column }) => column),
      rows: Uint8Array.from(parts, ({ row }) => row),
      offsets: Int32Array.from(parts, ({ column, row }) => row * width + column),
      coverage: Uint8Array.from(parts, ({ coverage }) => coverage),
    }
  })
}
