/** Where each kind of analysis is looked at, and the results of it. */
import type { AnalysisResult } from '../../shared/contract/analyses.ts'

/** Address of a kind's view, after that of a run. */
export const placeOfKind = (kind: string): string => `/analyses/${encodeURIComponent(kind)}`

export function placeOfResult({ run, kind, id }: Pick<AnalysisResult, 'run' | 'kind' | 'id'>): string {
  return `/runs/${encodeURIComponent(run)}${placeOfKind(kind)}?${kind}=${id}`
}
