/** What went wrong, in the one shape that is shown. */
import { LabError, toErrorValue } from '../../shared/errors.ts'

export function asLabError(thrown: unknown): LabError {
  return thrown instanceof LabError ? thrown : LabError.from(toErrorValue(thrown))
}

/** The person asked for it to end: nothing to tell them. */
export const wasCancelled = (thrown: unknown): boolean => thrown instanceof LabError && thrown.code === 'cancelled'
