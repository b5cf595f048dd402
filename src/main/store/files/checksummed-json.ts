/** JSON that knows its own checksum: SQLite notices a page that does not hold together, not a flipped bit within a text. */
import { hash } from 'node:crypto'
import { LabError } from '../../../shared/errors.ts'

const digits = 16
/** At once: thousands are read, most of a few letters. */
const checksumOf = (json: string): string => hash('sha256', json).slice(0, digits)

/** JSON with keys in order at every level, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  )
}

/** The text of a value, behind the first digits of its SHA-256. */
export function toChecksummedJson(value: unknown): string {
  const json = canonicalJson(value)
  return `${checksumOf(json)} ${json}`
}

/**
 * The value of a sealed text. Its type is the writer's promise: only this store writes the column.
 * @param what names it in the error, for instance `The document of run calm-otter`
 * @throws LabError `corrupt`
 */
export function fromChecksummedJson<T>(text: string, what: string): T {
  const json = text.slice(digits + 1)
  if (text[digits] === ' ' && checksumOf(json) === text.slice(0, digits)) return JSON.parse(json) as T
  throw new LabError(
    'corrupt',
    `${what} is damaged: its checksum does not match.`,
    'Put back a copy of the data folder, or make this result again; the rest of the store can still be read.',
  )
}
