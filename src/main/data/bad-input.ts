/** Errors about what a file from outside holds. */
import { LabError, type ErrorDetails } from '../../shared/errors.ts'

/**
 * @param name of the file
 * @param found what was found and where, after the name and a colon
 */
export function badInput(
  name: string,
  found: string,
  remedy = 'Fetch the file again from where it came, or see that it is the right one.',
  details?: ErrorDetails,
): LabError {
  return new LabError('bad-input', `${name}: ${found}`, remedy, details)
}

/** What something thrown by a parser says, in one line, without a full stop. */
export function errorText(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return message.split('\n')[0].trim().replace(/\.$/, '').slice(0, 300)
}

/** What a parser threw, as an error about the file; what is one already stays. @param found before what was thrown */
export function damaged(thrown: unknown, name: string, found: string, remedy?: string): LabError {
  if (thrown instanceof LabError) return thrown
  return badInput(name, `${found} (${errorText(thrown)}).`, remedy, { cause: thrown })
}
