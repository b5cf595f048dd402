/** Which images a network's card is about, and whether the map's colours are about the same. */
import type { Images } from '../../views/run-page/choice.ts'
import { plural } from '../../../shared/wording.ts'

/** @param coloured what the map's colours were measured on; null: nothing, or it is not known */
export function imagesInWords({ split, images }: Images, coloured: Images | null): string {
  const own = `On the first ${plural(images, `${split} image`)}`
  if (coloured === null) return `${own}.`
  if (coloured.split === split && coloured.images === images) return `${own}, as the colours of the map.`
  return `${own}; the colours of the map are from ${plural(coloured.images, `${coloured.split} image`)}.`
}
