/** What is said of a job at a glance. */
import { findAnalysisByCommand } from '../../analyses/registry.ts'
import type { JobStatus } from '../lab/context/job-queue.ts'
import { percent } from '../../shared/wording.ts'

/** How jobs are called, and what they count; of an analysis, its own words. */
const jobWords: Readonly<Record<string, { doing: string; unit: string }>> = {
  train: { doing: 'training', unit: 'steps' },
  sample: { doing: 'sampling', unit: 'networks' },
  verify: { doing: 'verifying', unit: 'checks' },
}
export const wordsOf = (kind: string): { doing: string; unit: string } =>
  findAnalysisByCommand(kind)?.words ?? jobWords[kind] ?? { doing: kind, unit: 'parts' }

/** What a glance at a training run should tell. */
export function glance({ metrics, note }: JobStatus): string {
  const parts: string[] = []
  if (metrics.crossEntropy !== undefined) parts.push(`cross-entropy ${metrics.crossEntropy.toFixed(3)}`)
  if (metrics.trainingAccuracy !== undefined) parts.push(`right on ${percent(metrics.trainingAccuracy)} of the step's training images`)
  if (parts.length === 0 && note !== '') parts.push(note)
  return parts.join(', ')
}
