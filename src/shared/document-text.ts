/** An experiment's document as the text of a file. */
import { LabError } from './errors.ts'
import type { Experiment } from './experiment.ts'
import { parseJson, RepeatedKey } from './json-text.ts'
import { bytes } from './wording.ts'

/** As it is saved and copied. */
export const documentText = (document: Experiment): string => `${JSON.stringify(document, null, 2)}\n`

/** Characters of the longest document that is read: one has a few thousand. */
export const maxDocumentLength = 1_000_000

const remedy = 'Give a JSON file such as the window saves, or such as is shown of a run under "document".'

/**
 * What a file holds, for the lab to check.
 * @param name of the file, for the sentence
 * @throws LabError `bad-input` where it is no JSON, says a member twice, or is too large
 */
export function parseDocument(text: string, name: string): unknown {
  if (text.length > maxDocumentLength) throw tooLarge(name, text.length)
  try {
    return parseJson(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    if (cause instanceof RepeatedKey)
      throw new LabError('bad-input', `The document ${name} could not be read: ${cause.message}.`, 'Leave one of the two.', { cause })
    const where = text.trim() === '' ? 'it is empty' : placeOf(cause, text)
    throw new LabError('bad-input', `The document ${name} could not be read: ${where}.`, remedy, { cause })
  }
}

/** Said before it is read at all, too. */
export const tooLarge = (name: string, size: number): LabError =>
  new LabError('bad-input', `The document ${name} could not be read: with ${bytes(size)} it is too large to be one.`, remedy)

/** Where V8 says that it met something else than JSON; its words are for programmers. */
function placeOf(thrown: unknown, { length }: string): string {
  const { message } = thrown as Error
  const [, position, line, column] = /position (\d+)(?: \(line (\d+) column (\d+)\))?/.exec(message) ?? []
  if (/Unexpected end|Unterminated/.test(message) || Number(position) >= length) return 'it ends early'
  return line === undefined ? 'it is not JSON' : `it is not JSON at line ${line}, column ${column}`
}
