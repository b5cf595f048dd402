/** "Did you mean": the nearest of the names that would have been right. */

import { maxNameLength } from '../../../shared/names.ts'

/** Edits (insert, delete, replace, swap of neighbours) between two words: the optimal string alignment distance. */
export function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...new Array<number>(b.length).fill(0)])
  for (let j = 0; j <= b.length; j++) rows[0][j] = j
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, rows[i - 2][j - 2] + 1)
      rows[i][j] = best
    }
  }
  return rows[a.length][b.length]
}

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
