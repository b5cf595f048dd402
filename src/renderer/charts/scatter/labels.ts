/** Words beside points: those that would lie over others are left out. */
import type { Point } from './camera.ts'

export interface PointLabel {
  index: number
  text: string
}

/** Of letters at the size in which labels are written, pixels. */
const letter = { width: 7.5, height: 14 }

/** @param placeOf where a point lies, pixels @returns the labels that have room, the first ones before the later */
export function apart(labels: readonly PointLabel[], placeOf: (index: number) => Point): (PointLabel & Point)[] {
  const placed: (PointLabel & Point)[] = []
  for (const label of labels) {
    const { x, y } = placeOf(label.index)
    const covers = (other: PointLabel & Point) =>
      Math.abs(other.y - y) < letter.height &&
      x < other.x + letter.width * other.text.length &&
      other.x < x + letter.width * label.text.length
    if (!placed.some(covers)) placed.push({ ...label, x, y })
  }
  return placed
}
