/** How far nested lists of numbers are from golden ones. */
import { flatten, shapeOf } from '../../src/methods/hypernetwork/verification/golden.ts'
import type { Nested } from '../../src/methods/hypernetwork/verification/golden-file.ts'

/** Largest difference over the golden list's largest entry; NaN when the shapes differ or a number is missing. */
export function relativeError(found: Nested, golden: Nested): number {
  if (String(shapeOf(found)) !== String(shapeOf(golden))) return NaN
  const [ours, theirs] = [flatten(found), flatten(golden)]
  let difference = 0
  let largest = 0
  for (let i = 0; i < theirs.length; i++) {
    difference = Math.max(difference, Math.abs(ours[i] - theirs[i]))
    largest = Math.max(largest, Math.abs(theirs[i]))
  }
  return difference / largest
}
