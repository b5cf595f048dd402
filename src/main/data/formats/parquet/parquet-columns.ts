/** Which columns of a parquet file hold images and labels, and what the labels are called. */
import { shown } from '../../tree/names.ts'
import { noLabel } from '../../image-buffer.ts'
import { isLabelName } from '../table/table-columns.ts'
import type { ParquetFile } from './parquet-file.ts'

/** The column of images: a structure with bytes, or bytes by themselves; null: there is none. */
export function imageColumnOf({ schema }: ParquetFile): string | null {
  const structured = schema.children.filter(({ children }) =>
    children.some(({ element }) => element.name === 'bytes' && element.type === 'BYTE_ARRAY'),
  )
  const plain = schema.children.filter(
    ({ element, children }) => children.length === 0 && element.type === 'BYTE_ARRAY' && !isText(element),
  )
  const named = [...structured, ...plain]
  const best = named.find(({ element }) => /^(image|img|picture)s?$/i.test(element.name)) ?? named[0]
  return best?.element.name ?? null
}

/** Columns of whole numbers or texts, those that are called like labels first. */
export function labelColumnsOf({ schema }: ParquetFile): string[] {
  const names = schema.children
    .filter(
      ({ element, children }) =>
        children.length === 0 &&
        !/^(__index_level_\d+__|unnamed: ?\d+)$/i.test(element.name) &&
        (element.type === 'DOUBLE' ||
          element.type === 'FLOAT' ||
          element.type === 'INT32' ||
          element.type === 'INT64' ||
          element.type === 'BOOLEAN' ||
          isText(element)),
    )
    .map(({ element }) => element.name)
  const rank = (name: string) => (isLabelName(name) ? 0 : /label|class|target/i.test(name) ? 1 : 2)
  return names.sort((a, b) => rank(a) - rank(b))
}

export interface Classes {
  /** All names, where the file lists them. */
  names: string[] | null
  /** From a value of the column of labels. @throws Error where it is none */
  nameOf(value: unknown): string
}

/** Hugging Face's datasets list the names of a column's classes in the file's own notes. */
export function classesOf(file: ParquetFile, label: string): Classes {
  const names = listedNames(file, label)
  const numbered = (place: number): string | undefined => (names === null ? String(place) : names[place])
  const nameOf = (value: unknown): string => {
    const number = typeof value === 'bigint' || typeof value === 'boolean' ? Number(value) : value
    const name = typeof number === 'string' ? number.trim() : Number.isSafeInteger(number) ? numbered(Number(number)) : ''
    if (name === undefined || name === '') throw new Error(`${noLabel} (${shown(String(value))})`)
    return name
  }
  return { names, nameOf }
}

function listedNames({ metadata }: ParquetFile, label: string): string[] | null {
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value
  if (text === undefined) return null
  try {
    const notes = JSON.parse(text) as { info?: { features?: Record<string, { names?: unknown } | undefined> } }
    const features = notes.info?.features
    const names = features !== undefined && Object.hasOwn(features, label) ? features[label]?.names : undefined
    if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) return null
    return new Set(names).size === names.length ? names : null
  } catch {
    return null // notes are a courtesy: without them classes are numbered
  }
}

function isText({ converted_type: converted, logical_type: logical }: ParquetFile['schema']['element']): boolean {
  return converted === 'UTF8' || converted === 'ENUM' || logical?.type === 'STRING'
}
