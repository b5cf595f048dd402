/** What tells documents apart, key by key. */
import type { Experiment } from '../../../shared/experiment.ts'
import { valueAt } from './document.ts'
import { settableKeys } from './document-keys.ts'

/** A JSON value of a document. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

/** Every key with a value of its own in one of the documents; lists are one. */
const keysOf = (documents: readonly Experiment[]): Set<string> =>
  new Set(['preset', 'data.id', 'method.kind', ...documents.flatMap((document) => settableKeys(document))])

export const documentValue = (document: Experiment, key: string): JsonValue => (valueAt(document, key.split('.')) ?? null) as JsonValue

/** Keys whose values are not the same in all documents, with the values in the documents' order. */
export function differences(documents: readonly Experiment[]): { key: string; values: JsonValue[] }[] {
  return [...keysOf(documents)].flatMap((key) => {
    const values = documents.map((document) => documentValue(document, key))
    const texts = new Set(values.map((value) => JSON.stringify(value)))
    return texts.size > 1 ? [{ key, values }] : []
  })
}
