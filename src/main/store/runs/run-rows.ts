/** Rows of runs, and the records that they are read as. */
import type { ErrorValue } from '../../../shared/errors.ts'
import { LabError, readStoredError } from '../../../shared/errors.ts'
import { openDocument } from '../../../shared/open-document.ts'
import { experimentSchema } from '../../../shared/experiment.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { sha256 } from '../files/files.ts'
import { canonicalJson, fromChecksummedJson } from '../files/checksummed-json.ts'
import type { Run, RunState, RunSummary } from '../types.ts'

export interface SummaryRow {
  id: string
  name: string
  state: RunState
  step: number
  steps: number
  preset: string
  dataset: string
  parent_run: string | null
  parent_step: number | null
  tags: string
  note: string
  created_at: number
  started_at: number | null
  updated_at: number
  ended_at: number | null
  seconds: number
  error: string | null
  accuracy: number | null
}

export const summaryColumns =
  'id, name, state, step, steps, preset, dataset, parent_run, parent_step, tags, note, created_at, started_at, updated_at, ended_at, seconds, error, ' +
  // Two steps down an index each: the newest point of one curve.
  "(SELECT value FROM metric JOIN series ON series.key = metric.series WHERE series.run = run.key AND series.name = 'sampled.mean' ORDER BY metric.step DESC LIMIT 1) AS accuracy"

export interface RunRow extends SummaryRow {
  document: string
  machine: string | null
  versions: string | null
  farm_processes: number | null
}

export const runColumns = `${summaryColumns}, document, machine, versions, farm_processes`

/** @param orphaned nobody writes in the folder: what says it trains, does not @throws LabError `corrupt` */
export function toSummary(row: SummaryRow, orphaned: boolean): RunSummary {
  const { parent_run: run, parent_step: step } = row
  return {
    id: row.id,
    name: row.name,
    state: orphaned && row.state === 'training' ? 'interrupted' : row.state,
    step: row.step,
    steps: row.steps,
    preset: row.preset,
    dataset: row.dataset,
    parent: run !== null && step !== null ? { run, step } : null,
    tags: fromChecksummedJson<string[]>(row.tags, `The tags of run ${row.id}`),
    note: row.note,
    createdAt: row.created_at,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    endedAt: row.ended_at,
    seconds: row.seconds,
    accuracy: row.accuracy,
    error: row.error === null ? null : readStoredError(fromChecksummedJson<ErrorValue>(row.error, `The error of run ${row.id}`)),
  }
}

/** As `toSummary`, with its document. @throws LabError `corrupt`, `bad-input` where it names what this version does not know */
export function toRun(row: RunRow, orphaned: boolean): Run {
  const parsed = experimentSchema.safeParse(openDocument(fromChecksummedJson<unknown>(row.document, `The document of run ${row.id}`)))
  if (!parsed.success) {
    throw new LabError(
      'corrupt',
      `The document of run ${row.id} cannot be read by this version: ${parsed.error.issues[0]?.message ?? 'unknown'}.`,
      'Use the version of Weightscape that made the run.',
    )
  }
  return {
    ...toSummary(row, orphaned),
    document: parsed.data,
    documentHash: hashDocument(parsed.data),
    machine:
      row.machine === null ? null : fromChecksummedJson<Record<string, string | number>>(row.machine, `The machine of run ${row.id}`),
    versions: row.versions === null ? null : fromChecksummedJson<Record<string, string>>(row.versions, `The versions of run ${row.id}`),
    farmProcesses: row.farm_processes,
  }
}

/** SHA-256 of a document's canonical JSON, hex: equal experiments, equal hash. */
export function hashDocument(document: Experiment): string {
  return sha256(canonicalJson(document))
}
