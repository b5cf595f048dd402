/** What a schema says of a value, in words. */
import type { z } from 'zod'

/** A fault, and where it is: `training.steps: Invalid input`. */
export function issueWords({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}
