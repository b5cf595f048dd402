/** The values that services hand out, for whichever door shows them. */
export type { ReportFormat } from '../report/input.ts'
export type { ArtefactRecord, CheckpointRecord, DatasetRecord, RunSummary, StoredResult } from '../store/types.ts'
