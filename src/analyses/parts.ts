/** The files of an analysis's folder that only some processes have use for, loaded there by name. */
import { findAnalysis, unknownKind } from './registry.ts'
import { LabError } from '../shared/errors.ts'

/** What a file must hold is said where it is loaded; that it does, `analyses.test.ts` shows for every kind. */
export const analysisParts = {
  /** In engine processes: `run` does the job. */
  engine: <Run>(kind: string) => load<{ run: Run }>(kind, () => import(`./${kind}/engine.ts`)),
  /** In the lab: `prepare` finds what must be there before the job. */
  lab: <Prepare>(kind: string) => load<{ prepare: Prepare }>(kind, () => import(`./${kind}/lab.ts`)),
  /** Where reports are set: `blocks` shows a result. */
  report: <Blocks>(kind: string) => load<{ blocks: Blocks }>(kind, () => import(`./${kind}/report.ts`)),
}

/** @throws LabError `invalid-argument`: the name of a file is made only of a kind that there is */
async function load<Part>(kind: string, read: () => Promise<unknown>): Promise<Part> {
  if (findAnalysis(kind) === undefined) throw new LabError('invalid-argument', unknownKind(kind), 'Use that newer version.')
  return (await read()) as Part
}
