/** "Did you mean": the nearest of the names that would have been right. */
import { editDistance } from '../../../shared/edit-distance.ts'
import { maxNameLength } from '../../../shared/names.ts'

/** The known name nearest to what was typed, or undefined when none is near enough to be meant. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  if (typed.length > maxNameLength) return undefined // Nothing is called so, and comparing would take long.
  const wanted = typed.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(typed.length * 0.4)) + 1
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase())
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

/** ` Did you mean "x"?`, or nothing: to be put behind a sentence. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const name = nearest(typed, known)
  return name === undefined ? '' : ` Did you mean "${name}"?`
}
