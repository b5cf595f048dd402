/** Points drawn by the processor, pixel by pixel: where there is no WebGL, and for pictures to keep. */
import { toScreen } from './camera.ts'
import type { Camera, Size } from './camera.ts'
import type { PointCloud } from './points.ts'

/** Places within a pixel for which a disc is prepared, each way. */
const phases = 4
const inverse = 1 / (255 * 255)

interface Stamp {
  side: number
  /** How much of each pixel the disc covers, 0 to 255: [phases * phases][side * side]. */
  coverage: Uint8Array[]
}

/**
 * Draws discs over what is there.
 * @param pixels uint8 [height, width, 4], opaque
 * @param radius pixels of this picture
 */
export function splat(pixels: Uint8ClampedArray, size: Size, cloud: PointCloud, camera: Camera, radius: number): void {
  const { coordinates, colours, order } = cloud
  const { side, coverage } = stampOf(radius)
  const { width, height } = size
  const origin = toScreen(camera, size, 0, 0)
  const half = side / 2
  for (const i of order) {
    const x = origin.x + coordinates[2 * i] * camera.scale - half
    const y = origin.y - coordinates[2 * i + 1] * camera.scale - half
    if (!(x > -side && y > -side && x < width && y < height)) continue
    const left = Math.floor(x)
    const top = Math.floor(y)
    const stamp = coverage[Math.floor((y - top) * phases) * phases + Math.floor((x - left) * phases)]
    const opacity = colours[4 * i + 3]
    for (let row = Math.max(0, -top); row < side && top + row < height; row++) {
      let to = 4 * ((top + row) * width + Math.max(left, 0))
      for (let column = Math.max(0, -left); column < side && left + column < width; column++, to += 4) {
        const alpha = stamp[row * side + column] * opacity
        if (alpha === 0) continue
        const weight = alpha * inverse
        pixels[to] += (colours[4 * i] - pixels[to]) * weight
        pixels[to + 1] += (colours[4 * i + 1] - pixels[to + 1]) * weight
        pixels[to + 2] += (colours[4 * i + 2] - pixels[to + 2]) * weight
      }
    }
  }
}

/** A disc at each place within a pixel, its edge a pixel wide. */
function stampOf(radius: number): Stamp {
  const side = 2 * Math.ceil(radius + 0.5) + 2
  const coverage = Array.from({ length: phases * phases }, (_, phase) => {
    const centreX = side / 2 + ((phase % phases) + 0.5) / phases
    const centreY = side / 2 + (Math.floor(phase / phases) + 0.5) / phases
    return Uint8Array.from({ length: side * side }, (__, at) => {
      const distance = Math.hypot((at % side) + 0.5 - centreX, Math.floor(at / side) + 0.5 - centreY)
      return Math.round(255 * Math.min(Math.max(radius + 0.5 - distance, 0), 1))
    })
  })
  return { side, coverage }
}
