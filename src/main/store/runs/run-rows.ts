/** Rows of runs, and the records that they are read as. */
import type { ErrorValue } from '../../../shared/errors.ts'
import { LabError, readStoredError } from '../../../shared/errors.ts'
import { openDocument } from '../../../shared/open-document.ts'
import { experimentSchema } from '../../../shared/experiment.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { issueWords } from '../../../shared/issue-words.ts'
import { sha256 } from '../files/files.ts'
import { canonicalJson, fromChecksummedJson } from '../files/checksummed-json.ts'
import type { Run, RunSummary } from '../types.ts'

/** What a summary has of the document, which never changes. */
export type OfDocument = Pick<RunSummary, 'seed' | 'family' | 'tested'>

/** As it stands in the table: the rest of a run is made of these. */
export type SummaryRow = Omit<RunSummary, 'parent' | 'tags' | 'error' | keyof OfDocument> & {
  parentRun: string | null
  parentStep: number | null
  tags: string
  error: string | null
}

export const summaryColumns =
  'id, name, state, step, steps, preset, dataset, parent_run AS parentRun, parent_step AS parentStep, tags, note, created_at AS createdAt, ' +
  'started_at AS startedAt, updated_at AS updatedAt, ended_at AS endedAt, seconds, error, ' +
  // Two steps down an index each: the newest point of one curve.
  "(SELECT value FROM metric JOIN series ON series.key = metric.series WHERE series.run = run.key AND series.name = 'sampled.mean' ORDER BY metric.step DESC LIMIT 1) AS accuracy"

export interface RunRow extends SummaryRow {
  document: string
  machine: string | null
  versions: string | null
  farmProcesses: number | null
}

export const runColumns = `${summaryColumns}, document, machine, versions, farm_processes AS farmProcesses`

/** What repeats over seeds have in common: hash of the document without its seed. */
export const familyOf = ({ seed: _seed, ...rest }: { seed: number }): string => sha256(canonicalJson(rest)).slice(0, 16)

/** What a run has in common with its repeats. */
export type Kin = Pick<RunSummary, 'dataset' | 'preset' | 'steps' | 'family'>

export const kinOf = (document: Experiment): Kin => ({
  ...{ dataset: document.data.id, preset: document.preset, steps: document.training.steps },
  family: familyOf(document),
})

type Told = Pick<Experiment, 'seed'> & Partial<Pick<Experiment, 'evaluation'>>

/** What is damaged is said where the document itself is read. @param text of the document, as it is stored */
export function ofDocument(id: string, text: string, isFork: boolean): OfDocument {
  try {
    const document = openDocument(fromChecksummedJson<unknown>(text, `The document of run ${id}`)) as Told
    const { seed, evaluation } = document
    const tested = evaluation === undefined ? null : { networks: evaluation.networks, images: evaluation.images }
    return { seed, family: isFork ? null : familyOf(document), tested }
  } catch (thrown) {
    if (thrown instanceof LabError) return { seed: null, family: null, tested: null }
    throw thrown
  }
}

/** @param orphaned nobody writes in the folder: what says it trains, does not @throws LabError `corrupt` */
export function toSummary({ parentRun: run, parentStep: step, ...row }: SummaryRow, told: OfDocument, orphaned: boolean): RunSummary {
  return {
    ...row,
    ...told,
    state: orphaned && row.state === 'training' ? 'interrupted' : row.state,
    parent: run !== null && step !== null ? { run, step } : null,
    tags: fromChecksummedJson<string[]>(row.tags, `The tags of run ${row.id}`),
    error: row.error === null ? null : readStoredError(fromChecksummedJson<ErrorValue>(row.error, `The error of run ${row.id}`)),
  }
}

/** As `toSummary`, with its document. @throws LabError `corrupt`, `bad-input` where it names what this version does not know */
export function toRun({ document, machine, versions, farmProcesses, ...row }: RunRow, told: OfDocument, orphaned: boolean): Run {
  const parsed = experimentSchema.safeParse(openDocument(fromChecksummedJson<unknown>(document, `The document of run ${row.id}`)))
  if (!parsed.success) {
    throw new LabError(
      'corrupt',
      `The document of run ${row.id} cannot be read by this version: ${issueWords(parsed.error.issues[0])}.`,
      'Use the version of Weightscape that made the run.',
    )
  }
  return {
    ...toSummary(row, told, orphaned),
    document: parsed.data,
    documentHash: sha256(canonicalJson(parsed.data)),
    machine: machine === null ? null : fromChecksummedJson<NonNullable<Run['machine']>>(machine, `The machine of run ${row.id}`),
    versions: versions === null ? null : fromChecksummedJson<Record<string, string>>(versions, `The versions of run ${row.id}`),
    farmProcesses,
  }
}
