/** What a row of numbers, or an array of many, is as images. */
export interface ImageShape {
  height: number
  width: number
  channels: number
}

/** Channels an image can have. */
export const maxChannels = 4

/** A square, grey or else colour. @returns null where no square has so many pixels */
export function squareOf(numbers: number): ImageShape | null {
  for (const channels of [1, 3, 4]) {
    const side = Math.sqrt(numbers / channels)
    if (Number.isInteger(side) && side > 0) return { height: side, width: side, channels }
  }
  return null
}

/**
 * Whether [a, b, c] is [height, width, channels] or [channels, height, width]: channels are few, and
 * 1 or 3 rather than 2 or 4. @returns null where neither can be
 */
export function planesOf(a: number, b: number, c: number): (ImageShape & { channelsFirst: boolean }) | null {
  const usual = (channels: number) => channels === 1 || channels === 3
  const last = c <= maxChannels
  const first = a <= maxChannels
  if (last && (usual(c) || !first || !usual(a))) return { height: a, width: b, channels: c, channelsFirst: false }
  return first ? { height: b, width: c, channels: a, channelsFirst: true } : null
}

/** `28 x 28 x 1` */
export function shapeWords({ height, width, channels }: ImageShape): string {
  return `${height} x ${width} x ${channels}`
}
