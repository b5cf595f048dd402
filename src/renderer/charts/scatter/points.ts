/** What a renderer of points is given, whichever draws them. */
import type { Camera, Size } from './camera.ts'

export interface PointCloud {
  /** float32 [n, 2] */
  coordinates: Float32Array
  /** uint8 [n, 4]; the opacity counts. */
  colours: Uint8Array
  /** Indices in the order in which they are drawn: what comes last lies above, and what is not among them is hidden. */
  order: Uint32Array
}

export interface PointRenderer {
  show(cloud: PointCloud): void
  /** @param radius of a point, pixels of the page @param ratio pixels of the device in one of the page */
  draw(camera: Camera, size: Size, radius: number, ratio: number): void
  destroy(): void
}

/**
 * Chosen ones last, and the others faded.
 * @param visible the points that are shown at all, in order; null: every one
 * @returns what of a cloud depends on the choice
 */
export function emphasise(
  colours: Uint8Array,
  chosen: ReadonlySet<number>,
  visible: readonly number[] | null = null,
): Pick<PointCloud, 'colours' | 'order'> {
  const all = visible ?? Array.from({ length: colours.length >> 2 }, (_, index) => index)
  const above = all.filter((index) => chosen.has(index))
  if (above.length === 0 || above.length === all.length) return { colours, order: Uint32Array.from(all) }
  const below = all.filter((index) => !chosen.has(index))
  const shown = colours.slice()
  for (const i of below) shown[4 * i + 3] = Math.round(shown[4 * i + 3] * 0.18)
  return { colours: shown, order: Uint32Array.from([...below, ...above]) }
}

/** Radius that shows n points without hiding them, and grows a little as one comes nearer. @param closer than the whole */
export function radiusOf(n: number, closer: number): number {
  const whole = Math.min(Math.max(7.6 - 1.25 * Math.log10(Math.max(n, 1)), 1.4), 5)
  return Math.min(whole * Math.max(closer, 0.5) ** 0.35, 11)
}
