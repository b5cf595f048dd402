/** Which size of ensemble is enough. */
import type { EnsembleResult, EnsembleSize } from '../../../analyses/ensemble/definition.ts'
import { count, percent } from '../../../shared/wording.ts'

/** No one would pay ten times the networks for less than this: 0.1 percentage points. */
export const worthwhile = 0.001

/** The smallest size whose mean vote is as good as the largest's, within 0.1 percentage points; undefined: nothing was tried. */
export function enough({ sizes }: Pick<EnsembleResult, 'sizes'>): EnsembleSize | undefined {
  const ordered = sizes.toSorted((a, b) => a.size - b.size)
  const largest = ordered.at(-1)
  // A hair more, so that 0.985 against 0.984 is not lost to rounding.
  return ordered.find((one) => one.meanProbability >= (largest?.meanProbability ?? 0) - worthwhile - 1e-12)
}

/** The answer in a sentence or two. */
export function enoughInWords(result: Pick<EnsembleResult, 'sizes'>): string {
  const size = enough(result)
  const largest = result.sizes.toSorted((a, b) => a.size - b.size).at(-1)
  const single = result.sizes.find((one) => one.size === 1)
  if (size === undefined || largest === undefined) return 'Nothing was tried.'
  const all = percent(largest.meanProbability)
  if (largest.size === 1) return `One network alone is right on ${all}: an ensemble needs more.`
  const gain = single === undefined ? '' : ` One alone: ${percent(single.meanProbability)}.`
  if (size.size === largest.size) {
    return `All ${count(largest.size)} are needed: no smaller size tried comes within 0.1 percentage points of their ${all}, and more may do better still.${gain}`
  }
  if (size.size === 1) return `One network is enough: it is within 0.1 percentage points of all ${count(largest.size)}, which reach ${all}.`
  return `${count(size.size)} networks are enough: their mean vote reaches ${percent(size.meanProbability)}, within 0.1 percentage points of all ${count(largest.size)} (${all}).${gain}`
}
