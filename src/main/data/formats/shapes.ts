/** What a row of numbers, or an array of many, is as images. */
export interface ImageShape {
  height: number
  width: number
  channels: number
}

/** Channels an image can have. */
export const mostChannels = 4

/** A square, grey or else colour. @returns null where no square has so many pixels */
export function squareOf(numbers: number): ImageShape | null {
  for (const channels of [1, 3, 4]) {
    const side = Math.sqrt(numbers / channels)
    if (Number.isInteger(side) && side > 0) return { height: side, width: side, channels }
  }
  return null
}

/** `28 x 28 x 1` */
export function shapeWords({ height, width, channels }: ImageShape): string {
  return `${height} x ${width} x ${channels}`
}
