/** Students that a run has. */
import { networksInWords } from '../../../analyses/networks-in-words.ts'
import { ofKind } from '../../../analyses/registry.ts'
import type { AnalysisResult } from '../../../shared/contract/analyses.ts'
import type { RunDetails } from '../../../shared/contract/runs.ts'
import { ago, percent } from '../../../shared/wording.ts'
import { now } from '../../state/now.svelte.ts'

/** Newest first. */
export const studentsOf = (details: RunDetails): AnalysisResult<'distillation'>[] =>
  ofKind(details.results, 'distillation').toSorted((a, b) => b.createdAt - a.createdAt)

/** What a student is called where one is chosen. */
export function studentName({ networks, result, createdAt }: AnalysisResult<'distillation'>): { label: string; note: string } {
  return { label: `Of ${networksInWords(result.n, networks)}: ${percent(result.student)}`, note: ago(createdAt, now.minute) }
}
