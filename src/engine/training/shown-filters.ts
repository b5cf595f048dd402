/** First-layer filters of a few fixed networks: what a person watches while they learn. */
import type { JobEvent } from '../../shared/engine-protocol.ts'
import { filterPictures, hasLocalPictures } from '../../shared/filter-pictures.ts'
import { drawLatents } from '../random/batches.ts'
import type { Sampler } from '../sampling/sampler.ts'

/** Networks shown: those of the first indices of the run's seed. */
const SHOWN = 4

/** Null where the first layer has no filters that are pictures of a part. */
export function shownFilters(sampler: Sampler, seed: number, step: number): Extract<JobEvent, { type: 'filters' }> | null {
  if (!hasLocalPictures(sampler.target)) return null
  const weights = sampler.generate(drawLatents(seed, 'sampling-noise', 0, 0, SHOWN, sampler.latent)) // [SHOWN, weights]
  const pictures = filterPictures(sampler.target, weights, false)
  return pictures && { type: 'filters', step, networks: SHOWN, ...pictures }
}
