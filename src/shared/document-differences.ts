/** What tells documents apart, key by key: for comparisons, plans, reports and the commands that make a run again. */
import { valueAt } from './document-keys.ts'
import type { Experiment } from './experiment.ts'

/** A JSON value of a document. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

interface Difference {
  /** Dotted; a part of a list (`target.layers.1.size`) where the lists have as many parts of the same kinds. */
  key: string
  /** In the documents' order; null: that one has no such key. */
  values: JsonValue[]
}

export const documentValue = (document: Experiment, key: string): JsonValue => (valueAt(document, key.split('.')) ?? null) as JsonValue

/** Keys whose values are not the same in all documents, in the order of the documents. */
export function differences(documents: readonly Experiment[]): Difference[] {
  const found: Difference[] = []
  const visit = (values: readonly unknown[], key: string): void => {
    // A group that is left out has none of the keys.
    if (values.some(isGroup) && values.every((value) => value === undefined || isGroup(value))) {
      const names = new Set(values.flatMap((value) => Object.keys(value ?? {})))
      for (const name of names)
        visit(
          values.map((value) => value?.[name]),
          key === '' ? name : `${key}.${name}`,
        )
    } else if (values.every(isListOfGroups) && new Set(values.map(kindsOf)).size === 1) {
      values[0].forEach((_, i) =>
        visit(
          values.map((value) => value[i]),
          `${key}.${i}`,
        ),
      )
    } else if (key !== 'version' && new Set(values.map((value) => JSON.stringify(value))).size > 1) {
      found.push({ key, values: values.map((value) => (value ?? null) as JsonValue) })
    }
  }
  visit(documents, '')
  return found
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isListOfGroups = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.length > 0 && value.every(isGroup)
const kindsOf = (list: readonly Record<string, unknown>[]): string => JSON.stringify(list.map(({ kind }) => kind))
