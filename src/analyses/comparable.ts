/** Analyses that methods can be compared by: they give a number, and ask for nothing but networks and images of the run. */
import { optionFacts } from './option-facts.ts'
import { otherDataOption } from './other-data.ts'
import { analyses } from './registry.ts'

export const comparable = analyses.filter(
  (analysis) => (analysis.figures ?? []).length > 0 && otherDataOption(optionFacts(analysis)) === undefined,
)
