/** How good single networks are, where they were evaluated. */
import { basisOf, imagesInWords } from '../../../analyses/basis.ts'
import { ofKind } from '../../../analyses/registry.ts'
import type { RunDetails } from '../../../shared/contract/runs.ts'
import { percentWithin } from '../../../shared/statistics/in-words.ts'
import { wilson } from '../../../shared/statistics/intervals.ts'
import { testOf } from '../../views/run-page/choice.ts'
import type { Source } from '../../views/run-page/choice.ts'

/** On how many images a network is right, of those it was tried on: "95.1 % [93.6, 96.3] of 1,000 validation images"; undefined: on none. */
export function accuracyInWords(details: RunDetails, source: Source, index: number): string | undefined {
  const on = testOf(details, source, index)
  const tested = ofKind(details.results, 'evaluation')
    .filter(({ checkpoint, seed }) => checkpoint === source.checkpoint && seed === source.seed)
    .findLast(({ count, split, images }) => count > index && split === on?.split && images === on.images)
  if (tested === undefined) return undefined
  const { accuracies, images } = tested.result
  return `${percentWithin(accuracies[index], wilson(accuracies[index], images))} of ${imagesInWords(basisOf(tested))}`
}
