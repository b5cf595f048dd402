/** What {@link file://./words.svelte.ts} loads late. */
export { findAnalysis, findAnalysisByCommand } from '../../analyses/registry.ts'
export { inLabels, remedyToShow } from './remedy.ts'
