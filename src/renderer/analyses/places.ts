/** Where results of each kind of analysis are looked at. */
import type { AnalysisResult } from '../../shared/contract/analyses.ts'

/** The run's view that shows a kind, and the question in its address that names a result of it. */
const views: Readonly<Record<string, { view: string; query: string }>> = {
  ensemble: { view: '/ensemble', query: 'ensemble' },
  distillation: { view: '/ensemble', query: 'student' },
  map: { view: '/manifold', query: 'map' },
}

/** The view of a run that shows results of a kind; empty: the run itself. */
export const viewOfKind = (kind: string): string => views[kind]?.view ?? ''

/** Null: there is no view of it. */
export function placeOfResult({ run, kind, id }: Pick<AnalysisResult, 'run' | 'kind' | 'id'>): string | null {
  const place = views[kind]
  return place === undefined ? null : `/runs/${encodeURIComponent(run)}${place.view}?${place.query}=${id}`
}
