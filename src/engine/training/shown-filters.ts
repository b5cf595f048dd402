/** First-layer filters of a few fixed networks: what a person watches while they learn. */
import type { JobEvent } from '../../shared/engine-protocol.ts'
import { filterPictures, hasLocalPictures } from '../../shared/filter-pictures.ts'
import type { NetworkSource } from '../methods/network-source.ts'

/** Networks shown: those of the first indices of the run's seed. */
const SHOWN = 4

/** Null where the first layer has no filters that are pictures of a part. */
export function shownFilters(source: NetworkSource, seed: number, step: number): Extract<JobEvent, { type: 'filters' }> | null {
  if (!hasLocalPictures(source.target)) return null
  const networks = source.count === 'any' ? SHOWN : Math.min(SHOWN, source.count)
  const weights = source.preview(seed, networks) // [networks, weights]
  const pictures = filterPictures(source.target, weights, false)
  return pictures && { type: 'filters', step, networks, ...pictures }
}
