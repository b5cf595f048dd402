/** Where the names of points stand, so that they can be read. */

export interface NamePlace {
  /** Pixels from the point. */
  dx: number
  dy: number
  textAnchor: 'start' | 'middle' | 'end'
}

/** Of the type that figures are set in, about: pixels. */
const letter = 6.5
const line = 13
const dot = 5

/** In this order they are tried. */
const places: readonly NamePlace[] = [
  { dx: 0, dy: -11, textAnchor: 'middle' },
  { dx: 0, dy: 12, textAnchor: 'middle' },
  { dx: 9, dy: 0, textAnchor: 'start' },
  { dx: -9, dy: 0, textAnchor: 'end' },
  ...[-11, 12].flatMap((dy): NamePlace[] => [
    { dx: 4, dy, textAnchor: 'start' },
    { dx: -4, dy, textAnchor: 'end' },
  ]),
]

interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/**
 * Above its point, else below it, else beside it, else at one of its corners: where a name lies over no other, over no other point, and within the frame.
 * @param points where they lie, in pixels
 * @param across width of the frame, pixels
 * @returns null: there is no such place, and the name is left out
 */
export function placeNames(points: readonly { name: string; x: number; y: number }[], across: number): (NamePlace | null)[] {
  const dots = points.map(({ x, y }): Box => ({ left: x - dot, right: x + dot, top: y - dot, bottom: y + dot }))
  const taken: Box[] = []
  return points.map(({ name, x, y }, own) => {
    const wide = letter * name.length
    for (const place of places) {
      const left = x + place.dx - (place.textAnchor === 'middle' ? wide / 2 : place.textAnchor === 'end' ? wide : 0)
      const box = { left, right: left + wide, top: y + place.dy - line / 2, bottom: y + place.dy + line / 2 }
      if (box.left < 0 || box.right > across || taken.some((other) => overlap(box, other))) continue
      if (dots.some((other, at) => at !== own && overlap(box, other))) continue
      taken.push(box)
      return place
    }
    return null
  })
}
