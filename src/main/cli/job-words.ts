/** What is said of a job at a glance. */
import type { JobStatus } from '../lab/context/job-queue.ts'
import { percent } from '../../shared/wording.ts'

/** How jobs are called, and what they count. */
export const jobNames: Record<JobStatus['kind'], { doing: string; unit: string }> = {
  train: { doing: 'training', unit: 'steps' },
  sample: { doing: 'sampling', unit: 'networks' },
  evaluate: { doing: 'evaluating', unit: 'networks' },
  ensemble: { doing: 'voting', unit: 'parts' },
  distil: { doing: 'distilling', unit: 'steps' },
  map: { doing: 'mapping', unit: 'iterations' },
  verify: { doing: 'verifying', unit: 'checks' },
}

/** What a glance at a training run should tell. */
export function glance({ metrics, note }: JobStatus): string {
  const parts: string[] = []
  if (metrics.crossEntropy !== undefined) parts.push(`cross-entropy ${metrics.crossEntropy.toFixed(3)}`)
  if (metrics.trainingAccuracy !== undefined) parts.push(`accuracy ${percent(metrics.trainingAccuracy)}`)
  if (parts.length === 0 && note !== '') parts.push(note)
  return parts.join(', ')
}
