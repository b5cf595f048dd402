/** Checks what a window asks against the contract. */
import type { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { issueWords } from '../../shared/issue-words.ts'

/** @throws LabError `invalid-argument`, naming the fields that are wrong */
export function check<S extends z.ZodType>(schema: S, value: unknown, name: string): z.output<S> {
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  const fields = checked.error.issues.map(issueWords)
  throw new LabError('invalid-argument', `${name}: ${fields.join('; ')}.`, 'Change what was entered, or reload the page if nothing was.')
}
