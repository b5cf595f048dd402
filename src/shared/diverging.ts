/** Colours of weights: blue below zero, white at zero, red above (ColorBrewer's RdBu), the same on every background. */

/** From the least to the greatest, evenly spread. */
const anchors = [
  [5, 48, 97],
  [67, 147, 195],
  [209, 229, 240],
  [247, 247, 247],
  [253, 219, 199],
  [214, 96, 77],
  [103, 0, 31],
] as const

/** @param value from -1 to 1; beyond: as the end @returns red, green and blue, 0 to 255 */
export function diverging(value: number): [number, number, number] {
  const at = ((Math.min(1, Math.max(-1, value)) + 1) / 2) * (anchors.length - 1)
  const below = Math.min(Math.floor(at), anchors.length - 2)
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(anchors[below][channel] + (at - below) * (anchors[below + 1][channel] - anchors[below][channel]))
  return [mix(0), mix(1), mix(2)]
}

/** Sides of a picture of weights: a strip is drawn as high as an eighth of its length, that it be seen. */
export const weightSides = ({ height, width }: { height: number; width: number }): [height: number, width: number] => [
  height === 1 ? Math.ceil(width / 8) : height,
  width,
]

/** Weights as a picture. @param values [height, width] @param largest what is wholly blue or red @returns uint8 [sides, 3] */
export function weightPixels(values: Float32Array, shape: { height: number; width: number }, largest: number): Uint8Array {
  const [height, width] = weightSides(shape)
  const pixels = Array.from({ length: height * width }, (_, pixel) =>
    diverging(values[pixel % values.length] / (largest === 0 ? 1 : largest)),
  )
  return Uint8Array.from(pixels.flat())
}
