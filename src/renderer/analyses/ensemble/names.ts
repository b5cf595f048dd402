/** What stored ensembles are called where one is chosen. */
import type { AnalysisResult } from '../../../shared/contract/analyses.ts'
import { ago, count } from '../../../shared/wording.ts'
import { now } from '../../state/now.svelte.ts'

type Ensemble = AnalysisResult<'ensemble'>

export function ensembleName({ count: n, networks, result: { split, images }, createdAt }: Ensemble): { label: string; note: string } {
  const who = networks === null ? `${count(n)} networks` : `${count(networks.length)} chosen networks`
  return { label: `${who}, ${count(images)} ${split} images`, note: ago(createdAt, now.minute) }
}
