/** What stored ensembles and students are called where one is chosen. */
import type { AnalysisResult } from '../../shared/contract/analyses.ts'
import { ago, count, percent } from '../../shared/wording.ts'
import { now } from '../state/now.svelte.ts'

interface Name {
  label: string
  note: string
}

export function ensembleName({ count: n, networks, result: { split, images }, createdAt }: AnalysisResult<'ensemble'>): Name {
  const who = networks === null ? `${count(n)} networks` : `${count(networks.length)} chosen networks`
  return { label: `${who}, ${count(images)} ${split} images`, note: ago(createdAt, now.minute) }
}

export function studentName({ networks, result, createdAt }: AnalysisResult<'distillation'>): Name {
  const who = networks === null ? count(result.n) : `${count(networks.length)} chosen`
  return { label: `Of ${who} networks: ${percent(result.student)}`, note: ago(createdAt, now.minute) }
}
