/** How good single networks are, where they were evaluated. */
import { ofKind } from '../../../analyses/registry.ts'
import type { RunDetails } from '../../../shared/contract/runs.ts'
import { testOf } from '../../views/run-page/choice.ts'
import type { Source } from '../../views/run-page/choice.ts'

/** Share of images on which a network is right, on as many as it was tried on; undefined: it was not. */
export function accuracyOf(details: RunDetails, source: Source, index: number): number | undefined {
  const on = testOf(details, source, index)
  return ofKind(details.results, 'evaluation')
    .filter(({ checkpoint, seed }) => checkpoint === source.checkpoint && seed === source.seed)
    .findLast(({ count, split, images }) => count > index && split === on?.split && images === on.images)?.result.accuracies[index]
}
