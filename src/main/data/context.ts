/** What every step of an import works with. */
import { LabError } from '../../shared/errors.ts'
import type { ImportStep } from '../../shared/dataset-import.ts'
import type { Limits } from './limits.ts'

export interface ImportContext {
  /** Folder for what is unpacked; whoever gives it clears it. */
  scratch: string
  limits: Limits
  progress(progress: ImportStep): void
  /** Aborted when nobody waits for the outcome any more. */
  signal: AbortSignal
}

/** @throws LabError `cancelled` when nobody waits any more */
export function throwIfCancelled({ signal }: ImportContext): void {
  if (signal.aborted) throw importCancelled()
}

export function importCancelled(): LabError {
  return new LabError('cancelled', 'The import was cancelled.', 'Nothing of it was kept; begin it again.')
}
