/** What stored ensembles are called where one is chosen. */
import { networksInWords } from '../../../analyses/networks-in-words.ts'
import type { AnalysisResult } from '../../../shared/contract/analyses.ts'
import { ago, plural } from '../../../shared/wording.ts'
import { now } from '../../state/now.svelte.ts'

type Ensemble = AnalysisResult<'ensemble'>

export function ensembleName({ count: n, networks, result: { split, images }, createdAt }: Ensemble): { label: string; note: string } {
  return { label: `${networksInWords(n, networks)}, ${plural(images, `${split} image`)}`, note: ago(createdAt, now.minute) }
}
