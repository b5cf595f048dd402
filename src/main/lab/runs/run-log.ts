/** What a run's log says of things that were found about it. What the store decides (states, checkpoints) it writes down itself. */
import { LabError } from '../../../shared/errors.ts'
import { findAnalysis, unknownKind } from '../../../analyses/registry.ts'
import { plural } from '../../../shared/wording.ts'
import type { Store } from '../../store/open-store.ts'
import type { ArtefactRecord, NewRunEvent, StoredResult } from '../../store/types.ts'

export const lines = {
  /** What an analysis found; in words of its own, for a kind that is known here. */
  result: (result: StoredResult): NewRunEvent => ({
    kind: result.kind === 'evaluation' ? 'evaluation' : 'result',
    ...(result.kind === 'evaluation' ? { step: result.step } : {}),
    text: findAnalysis(result.kind)?.headline(result) ?? unknownKind(result.kind),
  }),
  report: (files: number, formats: readonly string[]): NewRunEvent => ({
    kind: 'result',
    text: `Report (${formats.join(', ')}), ${plural(files, 'file')}`,
  }),
  file: ({ name, checked }: ArtefactRecord): NewRunEvent => ({
    kind: 'result',
    text: `File made: ${name}${checked === null ? '' : ` (checked: ${checked})`}`,
  }),
}

/** Writes down what a job warned of. A warning is not worth the job: where the disk does not take it, it is only shown. */
export function warnOf(store: Store, run: string | null, text: string): void {
  if (run === null) return
  try {
    store.events.add(run, { kind: 'warning', level: 'warn', text })
  } catch (error) {
    if (!(error instanceof LabError)) throw error
  }
}
