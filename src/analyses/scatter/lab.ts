/** Refuses filters that there are not, before anything is done; points are coloured as those of maps are. */
import type { Prepare } from '../../main/lab/results/analyses.ts'
import { prepare as colours } from '../map/lab.ts'
import { requireFilters, type ScatterOptions } from './definition.ts'

export const prepare: Prepare = async (preparation) => {
  requireFilters(preparation.target, (preparation.options as ScatterOptions).filters)
  return colours(preparation)
}
