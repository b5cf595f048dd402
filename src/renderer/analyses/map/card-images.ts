/** Which images a network's card is about, and whether the map's colours are about the same. */
import type { AnalysisResult } from '../../../shared/contract/analyses.ts'
import type { Images } from '../../views/run-page/choice.ts'
import { count } from '../../../shared/wording.ts'

/** @param coloured what the map's colours were measured on; null: nothing, or it is not known */
export function imagesInWords({ result }: Pick<AnalysisResult<'evaluation'>, 'result'>, coloured: Images | null): string {
  const own = `On the first ${count(result.images)} ${result.split} images`
  if (coloured === null) return `${own}.`
  if (coloured.split === result.split && coloured.images === result.images) return `${own}, as the colours of the map.`
  return `${own}; the colours of the map are from ${count(coloured.images)} ${coloured.split} images.`
}
