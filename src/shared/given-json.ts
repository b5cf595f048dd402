/** JSON files that a person gives: experiments' documents, studies. */
import { LabError } from './errors.ts'
import { parseJson, RepeatedKey } from './json-text.ts'
import { bytes } from './wording.ts'

/** What a file is to be. */
export interface GivenKind {
  /** As people call it: `document`. */
  what: string
  /** Bytes of the longest that is read. */
  most: number
  remedy: string
}

/** A document has a few thousand bytes. */
export const documentFile: GivenKind = {
  what: 'document',
  most: 1_000_000,
  remedy: 'Give a JSON file such as the window saves, or such as is shown of a run under "document".',
}

/** With its table, as it is shown, which grows with its runs. */
export const studyFile: GivenKind = { what: 'study', most: 100_000_000, remedy: 'Give a JSON file with "name" and "study".' }

/** Of the longest latent vector that there may be. */
export const pointFile: GivenKind = {
  what: 'point of the latent cockpit',
  most: 10_000_000,
  remedy: 'Give a file that was saved in the latent cockpit.',
}

export const goldenFile: GivenKind = { what: 'file of golden numbers', most: 100_000_000, remedy: 'Give a JSON file of golden numbers.' }

/**
 * What a file holds, for the lab to check.
 * @param name of the file, for the sentence
 * @throws LabError `bad-input` where it is no JSON, says a member twice, or is too large
 */
export function parseGiven(text: string, name: string, kind: GivenKind): unknown {
  assertFits(text.length, name, kind)
  try {
    return parseJson(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    if (cause instanceof RepeatedKey) throw notRead(name, kind, cause.message, 'Leave one of the two.', cause)
    throw notRead(name, kind, text.trim() === '' ? 'it is empty' : placeOf(cause, text), kind.remedy, cause)
  }
}

/** Before it is read at all. @throws LabError `bad-input` */
export function assertFits(size: number, name: string, kind: GivenKind): void {
  if (size > kind.most) throw notRead(name, kind, `with ${bytes(size)} it is too large to be one`)
}

/** What is said of a file that is not what it should be. @param why without a full stop */
export const notRead = (name: string, { what, remedy }: GivenKind, why: string, help = remedy, cause?: unknown) =>
  new LabError('bad-input', `The ${what} ${name} could not be read: ${why}.`, help, { cause })

/** Where V8 says that it met something else than JSON; its words are for programmers. */
function placeOf(thrown: unknown, { length }: string): string {
  const { message } = thrown as Error
  const [, position, line, column] = /position (\d+)(?: \(line (\d+) column (\d+)\))?/.exec(message) ?? []
  if (/Unexpected end|Unterminated/.test(message) || Number(position) >= length) return 'it ends early'
  return line === undefined ? 'it is not JSON' : `it is not JSON at line ${line}, column ${column}`
}
