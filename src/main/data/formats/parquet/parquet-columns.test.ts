import { expect, it } from 'vitest'
import { classesOf } from './parquet-columns.ts'
import type { ParquetFile } from './parquet-file.ts'

/** @param names of classes, as notes of Hugging Face list them; text: all notes */
const fileWith = (names: unknown): ParquetFile => {
  const value = typeof names === 'string' ? names : JSON.stringify({ info: { features: { label: { names } } } })
  return { metadata: { key_value_metadata: [{ key: 'huggingface', value }] } } as unknown as ParquetFile
}

it.each<[what: string, names: unknown, listed: string[] | null, first: string]>([
  ['as notes list them', ['cat', 'dog'], ['cat', 'dog'], 'cat'],
  // Two classes would become one.
  ['numbers where a name comes twice', ['cat', 'cat'], null, '0'],
  ['numbers where some are no names', ['cat', 1], null, '0'],
  ['numbers where none are listed', undefined, null, '0'],
  ['numbers where notes are damaged', '{"info"', null, '0'],
])('classes are called %s', (_what, names, listed, first) => {
  const classes = classesOf(fileWith(names), 'label')
  expect(classes.names).toEqual(listed)
  expect([0, 0n, false].map((value) => classes.nameOf(value))).toEqual([first, first, first])
  expect(classes.nameOf(' eel ')).toBe('eel')
  for (const none of [null, undefined, 1.5, ' ', ...(listed === null ? [] : [2, -1, 7n])])
    expect(() => classes.nameOf(none)).toThrow(/no label/)
  expect(classesOf(fileWith(names), 'toString').names).toBeNull()
})
