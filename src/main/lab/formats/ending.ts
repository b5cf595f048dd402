/** What a file is to hold, by how its name ends. */
import { LabError } from '../../../shared/errors.ts'

/**
 * @param formats each called as the ending is
 * @param more what else could say the format
 * @throws LabError `invalid-argument` when the ending is none of them
 */
export function formatByEnding<F extends string>(path: string, formats: readonly F[], more: 'format' | null = null): F {
  const format = formats.find((one) => path.toLowerCase().endsWith(`.${one}`))
  if (format !== undefined) return format
  throw new LabError(
    'invalid-argument',
    `The ending of ${path} says no format.`,
    `Name the file with the ending ${formats.map((one) => `.${one}`).join(' or ')}${more === null ? '' : ', or say the format'}.`,
    { settings: { [more ?? 'out']: null } },
  )
}
