/** Whether an analysis can be asked of a run. */
import type { Analysis } from '../../analyses/analysis.ts'
import { newestFirst } from '../../analyses/registry.ts'
import { methodOf } from '../../methods/registry.ts'
import type { RunDetails } from '../../shared/contract/runs.ts'
import { count, plural } from '../../shared/wording.ts'
import { newestCheckpoint } from '../views/run-page/choice.ts'

/** Why it cannot, as yet; null: it can. */
export function obstacle({ networks: { min } }: Analysis, details: RunDetails): string | null {
  if (newestCheckpoint(details) === undefined) return 'Needs a checkpoint: train the run first.'
  const { method } = details.run.document
  const networks = methodOf(method).networks(method)
  return networks === 'any' || networks >= min ? null : `Needs ${plural(min, 'network')}; this run has ${count(networks)}.`
}

/** The first sentence of what it is. */
export const gist = ({ description }: Analysis): string => /^.*?[.:](?=\s|$)/.exec(description)?.[0].replace(/:$/, '.') ?? description

/** Results of a kind, newest first. */
export const resultsOf = ({ results }: RunDetails, { kind }: Analysis): RunDetails['results'] =>
  newestFirst(results.filter((one) => one.kind === kind))
