/** Refuses what there is not before anything is sampled. */
import type { Prepare } from '../../main/lab/results/analyses.ts'
import { layersShown, type FiltersOptions } from './definition.ts'

export const prepare: Prepare = ({ target, options }) => {
  layersShown(target, options as FiltersOptions)
  return Promise.resolve({})
}
