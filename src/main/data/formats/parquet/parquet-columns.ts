/** Which columns of a parquet file hold images and labels, and what the labels are called. */
import { shown } from '../../tree/names.ts'
import { noLabel } from '../../image-buffer.ts'
import { isLabelName, isOtherName } from '../table/table-columns.ts'
import type { Column, ParquetFile } from './parquet-file.ts'

const imageNames = /^(image|img|picture)s?$/i
const numberTypes = new Set(['INT32', 'INT64', 'FLOAT', 'DOUBLE'])

/** Columns of files of images: structures with bytes, then bytes by themselves; one that is called so comes first. */
export function imageColumnsOf({ columns }: ParquetFile): Column[] {
  const bytes = columns.filter(({ path }) => last(path).type === 'BYTE_ARRAY' && !isText(last(path)) && !isList({ path }))
  const structured = bytes.filter(({ path }) => path.length === 2 && last(path).name === 'bytes')
  return namedFirst([...structured, ...bytes.filter(({ path }) => path.length === 1)])
}

/** Columns of a list of numbers a row, or of lists of lists; one that is called like images comes first. */
export function listColumnsOf({ columns }: ParquetFile): Column[] {
  const alone = (column: Column) => columns.every((other) => other === column || other.name !== column.name)
  return namedFirst(columns.filter((column) => isList(column) && alone(column) && numberTypes.has(last(column.path).type ?? '')))
}

/** Columns of whole numbers or texts, those that are called like labels first. */
export function labelColumnsOf({ columns }: ParquetFile): Column[] {
  const rank = ({ name }: Column) => (isLabelName(name) ? 0 : /label|class|target/i.test(name) ? 1 : isOtherName(name) ? 3 : 2)
  return columns
    .filter((column) => isPlain(column) && !/^(__index_level_\d+__|unnamed: ?\d+)$/i.test(column.name))
    .sort((a, b) => rank(a) - rank(b))
}

/** Whether a column holds a number, a truth value or a text a row. */
export function isPlain({ path }: Pick<Column, 'path'>): boolean {
  const element = last(path)
  return path.length === 1 && !isList({ path }) && (numberTypes.has(element.type ?? '') || element.type === 'BOOLEAN' || isText(element))
}

/** A column of lists that is called like labels: several labels a row. */
export function labelListOf({ columns }: ParquetFile): Column | undefined {
  return columns.find((column) => isList(column) && isLabelName(column.name))
}

function isList({ path }: Pick<Column, 'path'>): boolean {
  return path.some(({ element }) => element.repetition_type === 'REPEATED')
}

function namedFirst(columns: Column[]): Column[] {
  return columns.sort((a, b) => Number(imageNames.test(b.name)) - Number(imageNames.test(a.name)))
}

/** Whether a name alone says that a column holds the images. */
export function isImageName(name: string): boolean {
  return imageNames.test(name)
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

type Element = Column['path'][number]['element']

function last(path: Column['path']): Element {
  return path[path.length - 1].element
}

function isText({ converted_type: converted, logical_type: logical }: Element): boolean {
  return converted === 'UTF8' || converted === 'ENUM' || logical?.type === 'STRING'
}
