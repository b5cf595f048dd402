/** What a renderer of points is given, whichever draws them. */
import type { Camera, Size } from './camera.ts'

export interface PointCloud {
  /** float32 [n, 2] */
  coordinates: Float32Array
  /** uint8 [n, 4]; the opacity counts. */
  colours: Uint8Array
  /** Indices in the order in which they are drawn: what comes last lies above. */
  order: Uint32Array
}

export interface PointRenderer {
  show(cloud: PointCloud): void
  /** @param radius of a point, pixels of the page @param ratio pixels of the device in one of the page */
  draw(camera: Camera, size: Size, radius: number, ratio: number): void
  destroy(): void
}

/** Chosen ones last, and the others faded. @returns what of a cloud depends on the choice */
export function emphasise(colours: Uint8Array, chosen: ReadonlySet<number>): Pick<PointCloud, 'colours' | 'order'> {
  const n = colours.length >> 2
  const above = [...chosen].filter((index) => index < n).sort((a, b) => a - b)
  if (above.length === 0) return { colours, order: Uint32Array.from({ length: n }, (_, index) => index) }
  const order = new Uint32Array(n)
  const shown = colours.slice()
  let below = 0
  for (let i = 0; i < n; i++) {
    if (chosen.has(i)) continue
    order[below++] = i
    shown[4 * i + 3] = Math.round(shown[4 * i + 3] * 0.18)
  }
  order.set(above, below)
  return { colours: shown, order }
}

/** Radius that shows n points without hiding them, and grows a little as one comes nearer. @param closer than the whole */
export function radiusOf(n: number, closer: number): number {
  const whole = Math.min(Math.max(7.6 - 1.25 * Math.log10(Math.max(n, 1)), 1.4), 5)
  return Math.min(whole * Math.max(closer, 0.5) ** 0.35, 11)
}
