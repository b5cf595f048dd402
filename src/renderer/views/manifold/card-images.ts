/** Which images a network's card is about, and whether the map's colours are about the same. */
import type { Evaluation } from '../../../shared/contract/runs.ts'
import type { ColourImages } from '../../../shared/map-colours.ts'
import { count } from '../../../shared/wording.ts'

/** @param coloured what the map's colours were measured on; null: nothing, or it is not known */
export function imagesInWords({ split, result }: Pick<Evaluation, 'split' | 'result'>, coloured: ColourImages | null): string {
  const own = `On the first ${count(result.images)} ${split} images`
  if (coloured === null) return `${own}.`
  if (coloured.split === split && coloured.images === result.images) return `${own}, as the colours of the map.`
  return `${own}; the colours of the map are from ${count(coloured.images)} ${coloured.split} images.`
}
