/** Files that a person names: read whole, or refused in a sentence. */
import { readFile, stat } from 'node:fs/promises'
import { assertFits, documentFile, notRead, parseGiven, type GivenKind } from '../../../shared/given-json.ts'
import { unreadable } from '../../data/tree/tree-file.ts'

/** @throws LabError `not-found`, `bad-input` where it is no file, may not be read, or is too large */
export async function readGiven(path: string, kind: GivenKind): Promise<string> {
  try {
    assertFits((await stat(path)).size, path, kind)
    return await readFile(path, 'utf8')
  } catch (error) {
    throw unreadable(path, error, kind.remedy)
  }
}

/** What a file of JSON holds. @throws LabError as {@link readGiven}; `bad-input` where it is no JSON, or says a member twice */
export async function readGivenJson(path: string, kind: GivenKind): Promise<unknown> {
  return parseGiven(await readGiven(path, kind), path, kind)
}

/** An experiment document, not checked but for being an object. @throws LabError as {@link readGivenJson} */
export async function readDocument(path: string): Promise<object> {
  const value = await readGivenJson(path, documentFile)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw notRead(path, documentFile, 'it holds no object')
}
