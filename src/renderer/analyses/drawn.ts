/** What kinds draw themselves in the generic view, fetched when it is shown. */
import type { Component } from 'svelte'
import type { NamedArrays } from '../../analyses/analysis.ts'
import type { AnalysisResult } from '../../shared/contract/analyses.ts'
import type { RunDetails } from '../../shared/contract/runs.ts'

const drawn = import.meta.glob<{ default: Component<DrawnProps> }>('./*/Drawn.svelte')

/** What the generic view shows of a result that only its own kind can draw. */
export interface DrawnProps {
  result: AnalysisResult
  arrays: NamedArrays
  details: RunDetails
}

/** Undefined: the kind has none. */
export const drawnOf = (kind: string) => drawn[`./${kind}/Drawn.svelte`]?.()
