/** Students that a run has. */
import { networksInWords } from '../../../analyses/networks-in-words.ts'
import { newestFirst, ofKind } from '../../../analyses/registry.ts'
import type { AnalysisResult } from '../../../shared/contract/analyses.ts'
import type { RunDetails } from '../../../shared/contract/runs.ts'
import { percentWithin } from '../../../shared/statistics/in-words.ts'
import { wilson } from '../../../shared/statistics/intervals.ts'
import { ago, plural } from '../../../shared/wording.ts'
import { now } from '../../state/now.svelte.ts'

/** Newest first. */
export const studentsOf = (details: RunDetails): AnalysisResult<'distillation'>[] => newestFirst(ofKind(details.results, 'distillation'))

/** What a student is called where one is chosen. */
export function studentName({ networks, result, createdAt }: AnalysisResult<'distillation'>): { label: string; note: string } {
  const { student, images, split, n } = result
  const found = `${percentWithin(student, wilson(student, images))} of ${plural(images, `${split} image`)}`
  return { label: `Of ${networksInWords(n, networks)}: ${found}`, note: ago(createdAt, now.minute) }
}
