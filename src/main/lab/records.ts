/** The values that services hand out, for terminal, window and server. */
export type { ReportFormat } from '../report/input.ts'
export type { ArtefactRecord, CheckpointRecord, DatasetRecord, Run, RunSummary, StoredResult } from '../store/types.ts'
