/** Which size of ensemble is enough. */
import { shortfall } from '../../../analyses/ensemble/definition.ts'
import type { EnsembleResult, EnsembleSize } from '../../../analyses/ensemble/definition.ts'
import { noInterval, pointsWithin } from '../../../shared/statistics/in-words.ts'
import { imagesToShow, pairedInterval } from '../../../shared/statistics/intervals.ts'
import { count, plural } from '../../../shared/wording.ts'

/** No one would pay ten times the networks for less than this: 0.1 percentage points. */
export const worthwhile = 0.001

type Tried = Pick<EnsembleResult, 'sizes' | 'n' | 'images'>

/** The smallest size whose mean vote is surely within 0.1 percentage points of that of all; undefined: it is not sure of any. */
export function enough({ sizes, n, images }: Tried): EnsembleSize | undefined {
  return sizes
    .toSorted((a, b) => a.size - b.size)
    .find((one) => {
      const below = one.size < n ? shortfall(one, 'meanProbability') : null
      return below !== null && (pairedInterval(below, images)?.high ?? Infinity) < worthwhile
    })
}

/** The answer in a sentence or two: what is not sure is not said, but what it would take to know. */
export function enoughInWords(result: Tried): string {
  const { n, images } = result
  const smaller = result.sizes.filter(({ size }) => size < n).sort((a, b) => a.size - b.size)
  if (result.sizes.length === 0) return 'Nothing was tried.'
  if (n === 1) return 'One network alone was tried: an ensemble needs more.'
  if (smaller.length === 0) return `Only all ${count(n)} together were tried: give smaller sizes to see whether fewer would do.`
  if (smaller.some((one) => shortfall(one, 'meanProbability') === null)) return `Whether fewer are enough is not told ${noInterval}.`
  const sure = enough(result)
  const against = (one: EnsembleSize): string => {
    const below = shortfall(one, 'meanProbability')!
    const interval = pairedInterval(below, images)
    const told = interval === null ? null : { low: -interval.high, high: -interval.low }
    return `${plural(one.size, 'network')} against all ${count(n)}, on the same ${plural(images, 'image')}: ${pointsWithin(-below.mean, told)}.`
  }
  if (sure !== undefined) {
    return `${sure.size === 1 ? 'One network is' : `${count(sure.size)} networks are`} enough: their mean vote is within 0.1 percentage points of all. ${against(sure)} The size was chosen on these same images.`
  }
  // The first that seems to be enough, were there images to show it.
  const seems = smaller.find((one) => shortfall(one, 'meanProbability')!.mean < worthwhile)
  if (seems === undefined)
    return `No smaller size that was tried is enough (within 0.1 percentage points of all ${count(n)}). ${against(smaller.at(-1)!)}`
  const needed = imagesToShow(shortfall(seems, 'meanProbability')!, worthwhile)
  const take = needed > images ? ` About ${count(Number(needed.toPrecision(2)))} images would be needed.` : ' More images would be needed.'
  return `Too few images to tell which size is enough (within 0.1 percentage points of all ${count(n)}). ${against(seems)}${take}`
}
