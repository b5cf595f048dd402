/**
 * The pages of a column, decoded one at a time. Sizes, numbers of values and lengths of runs are checked before anything is made
 * of them: any of these could make a decoder work without end on a few bytes.
 */
import type { ColumnMetaData, Compressors, PageHeader, SchemaTree } from 'hyparquet'
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { decompressPage } from 'hyparquet/src/datapage.js'
import { deltaBinaryUnpack, deltaLengthByteArray } from 'hyparquet/src/delta.js'
import { byteStreamSplit } from 'hyparquet/src/encoding.js'
import { readPlain } from 'hyparquet/src/plain.js'

/** One column of a file: what a value of it stands in, from the outermost on, and where it lies in a group of rows. */
export interface StoredColumn {
  path: readonly SchemaTree[]
  meta: ColumnMetaData
  compressors: Compressors
}

export interface Page {
  /** Places of values, with those that are missing. */
  count: number
  /** Values that are there, or the dictionary that `places` name them in; of a number as a number, where that is exact. */
  values: ArrayLike<unknown>
  places: Uint8Array | Uint32Array | null
  /** 1 of each place that has a value; null: all have one. */
  there: Uint8Array | null
  /** Of each place, the repeated structure that it goes on; 0: a row begins. Null: a row each. */
  repetition: Uint8Array | null
}

/** Bits of the largest place in a dictionary, and of a byte. */
const mostBits = 32
const bitsOfByte = 8

/**
 * @param body as it is stored
 * @param dictionary values that places of this column name; null: there was none
 * @param most places that there may be
 * @throws Error saying what is wrong
 */
export function decodePage(
  header: PageHeader,
  body: Uint8Array,
  column: StoredColumn,
  dictionary: ArrayLike<unknown> | null,
  most: number,
): Page {
  const size = header.uncompressed_page_size
  const two = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : undefined
  const data = header.type === 'DATA_PAGE' ? header.data_page_header : two
  if (data === undefined) throw new Error(`a page is of the kind ${header.type}, which is not read`)
  const { num_values: count, encoding } = data
  if (!(count >= 0 && count <= most)) throw new Error(`a page declares ${count} values where ${most} are left`)
  const deepest = levelsOf(column.path, 'REQUIRED')
  const repeated = column.path.filter(({ element }) => element.repetition_type === 'REPEATED').length
  const unpack = (part: Uint8Array, length: number) => decompressPage(part, length, column.meta.codec, column.compressors)
  const levels: { repetition: Uint8Array | null; definition: Uint8Array | null } = { repetition: null, definition: null }
  let rest: Uint8Array
  if (two === undefined) {
    const page = unpack(body, size)
    let at = 0
    for (const [kind, highest] of [
      ['repetition', repeated],
      ['definition', deepest],
    ] as const) {
      if (highest === 0) continue
      const length = page.length < at + 4 ? -1 : viewOf(page).getUint32(at, true)
      if (length < 0 || length > page.length - at - 4) throw new Error('the levels of a page are longer than the page')
      levels[kind] = readLevels(page.subarray(at + 4, at + 4 + length), highest, count)
      at += 4 + length
    }
    rest = page.subarray(at)
  } else {
    const { repetition_levels_byte_length: first, definition_levels_byte_length: second } = two
    const both = first + second
    if (!(first >= 0 && second >= 0 && both <= body.length && both <= size))
      throw new Error('the levels of a page are longer than the page')
    if (repeated > 0) levels.repetition = readLevels(body.subarray(0, first), repeated, count)
    if (deepest > 0) levels.definition = readLevels(body.subarray(first, both), deepest, count)
    // Of nothing, some writers store nothing, packed or not.
    rest = two.is_compressed === false || size === both ? body.subarray(both) : unpack(body.subarray(both), size - both)
  }
  const there = levels.definition === null ? null : isThere(levels.definition, deepest)
  const values = there?.count ?? count
  return {
    count,
    ...decodeValues(rest, encoding, values, column, dictionary),
    there: there === null || values === count ? null : there.each,
    repetition: levels.repetition,
  }
}

/** @throws Error saying what is wrong */
export function decodeDictionary(header: PageHeader, body: Uint8Array, column: StoredColumn): ArrayLike<unknown> {
  const { uncompressed_page_size: size } = header
  const count = header.dictionary_page_header?.num_values ?? -1
  if (!(count >= 0 && count <= size)) throw new Error(`a dictionary declares ${count} values in ${size} bytes`)
  const page = decompressPage(body, size, column.meta.codec, column.compressors)
  const { type, type_length: length } = elementOf(column)
  return plainly(convert(readPlain({ view: viewOf(page), offset: 0 }, type!, count, length), decoderOf(column)))
}

/** Structures that are not of a kind. */
function levelsOf(path: readonly SchemaTree[], kind: string): number {
  return path.filter(({ element }) => element.repetition_type !== kind).length
}

function decodeValues(
  bytes: Uint8Array,
  encoding: string,
  count: number,
  column: StoredColumn,
  dictionary: ArrayLike<unknown> | null,
): Pick<Page, 'values' | 'places'> {
  if (encoding !== 'PLAIN_DICTIONARY' && encoding !== 'RLE_DICTIONARY')
    return { values: decodePlain(bytes, encoding, count, column), places: null }
  if (count === 0) return { values: [], places: null }
  if (dictionary === null) throw new Error('a page names values of a dictionary that is not there')
  const places = readRuns(bytes.subarray(1), bytes[0] ?? 0, count)
  const most = largest(places)
  if (most >= dictionary.length) throw new Error(`a page names the ${most + 1}th value of a dictionary of ${dictionary.length}`)
  return { values: dictionary, places }
}

function decodePlain(bytes: Uint8Array, encoding: string, count: number, column: StoredColumn): ArrayLike<unknown> {
  const { type, type_length: length } = elementOf(column)
  const reader = { view: viewOf(bytes), offset: 0 }
  switch (encoding) {
    case 'RLE':
      if (type !== 'BOOLEAN') throw new Error('a page of other values than truth values is encoded by RLE')
      return Array.from(readRuns(bytes.subarray(4), 1, count), (value) => value === 1)
    case 'PLAIN':
      return plainly(convert(readPlain(reader, type!, count, length), decoderOf(column)))
    case 'BYTE_STREAM_SPLIT':
      // It makes room for all values before it looks whether they are there.
      if (count > bytes.length) throw new Error(`a page declares ${count} values in ${bytes.length} bytes`)
      return plainly(convert(byteStreamSplit(reader, count, type!, length), decoderOf(column)))
    case 'DELTA_BINARY_PACKED': {
      const values = type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count)
      if (count > 0) deltaBinaryUnpack(reader, count, values)
      return plainly(convert(values, decoderOf(column)))
    }
    case 'DELTA_LENGTH_BYTE_ARRAY': {
      const values: Uint8Array[] = []
      if (count > 0) deltaLengthByteArray(reader, count, values)
      return convert(values, decoderOf(column))
    }
    default:
      throw new Error(`a page is encoded by ${encoding}, which is not read`)
  }
}

function elementOf({ path }: StoredColumn): SchemaTree['element'] {
  return path[path.length - 1].element
}

/** What hyparquet wants to know of a column. Bytes stay bytes, unless the file says that they are text. */
function decoderOf(column: StoredColumn): Parameters<typeof convert>[1] {
  const { meta, path, compressors } = column
  return {
    ...meta,
    pathInSchema: meta.path_in_schema,
    element: elementOf(column),
    schemaPath: [...path],
    compressors,
    parsers: DEFAULT_PARSERS,
    utf8: false,
  }
}

/** Whole numbers of 64 bits as numbers, where all of them are exact. */
function plainly(values: ArrayLike<unknown>): ArrayLike<unknown> {
  if (!(values instanceof BigInt64Array || values instanceof BigUint64Array)) return values
  const numbers = new Float64Array(values.length)
  for (let i = 0; i < numbers.length; i++) {
    numbers[i] = Number(values[i])
    if (!Number.isSafeInteger(numbers[i])) return values
  }
  return numbers
}

/** @returns 1 of each that is as deep, and how many are */
function isThere(levels: Uint8Array, deepest: number): { each: Uint8Array; count: number } {
  const each = new Uint8Array(levels.length)
  let count = 0
  for (let i = 0; i < levels.length; i++)
    if (levels[i] === deepest) {
      each[i] = 1
      count++
    }
  return { each, count }
}

function largest(numbers: Uint8Array | Uint32Array): number {
  let most = 0
  for (let i = 0; i < numbers.length; i++) if (numbers[i] > most) most = numbers[i]
  return most
}

function readLevels(bytes: Uint8Array, highest: number, count: number): Uint8Array {
  const levels = readRuns(bytes, mostBits - Math.clz32(highest), count)
  if (!(levels instanceof Uint8Array) || levels.some((level) => level > highest))
    throw new Error('a page has levels that its column has not')
  return levels
}

/**
 * Runs of equal values and groups of packed ones, none longer than the values that are left.
 * @param width bits of a value
 * @throws Error saying what is wrong
 */
function readRuns(bytes: Uint8Array, width: number, count: number): Uint8Array | Uint32Array {
  if (width > mostBits) throw new Error(`the places in a dictionary have ${width} bits`)
  const out = width <= bitsOfByte ? new Uint8Array(count) : new Uint32Array(count)
  if (width === 0) return out
  const ended = () => new Error('a page ends within a run')
  let at = 0
  for (let seen = 0; seen < count;) {
    let head = 0
    for (let shift = 0; ; shift += 7) {
      if (shift > 28) throw new Error('the length of a run does not end')
      if (at >= bytes.length) throw ended()
      const byte = bytes[at++]
      head += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const packed = head % 2 === 1
    const length = packed ? bitsOfByte * ((head - 1) / 2) : head / 2
    // Packed values come in groups of eight, and writers may fill up whole blocks.
    if (length > count - seen + (packed ? 504 : 0)) throw new Error(`a run of ${length} values stands where ${count - seen} are left`)
    const end = Math.min(count, seen + length)
    if (packed) {
      // The last group may be cut off behind its last value.
      if (Math.ceil(((end - seen) * width) / bitsOfByte) > bytes.length - at) throw ended()
      unpackBits(bytes, at, width, out, seen, end)
      at += (length * width) / bitsOfByte
    } else {
      const size = Math.ceil(width / bitsOfByte)
      if (size > bytes.length - at) throw ended()
      let value = 0
      for (let i = 0; i < size; i++) value += bytes[at++] * 2 ** (bitsOfByte * i)
      out.fill(value, seen, end)
    }
    seen += length
  }
  return out
}

function unpackBits(bytes: Uint8Array, from: number, width: number, out: Uint8Array | Uint32Array, first: number, end: number): void {
  const range = 2 ** width
  // Below 2^40: at most 7 bits are left when the next byte comes.
  let held = 0
  let bits = 0
  let at = from
  for (let i = first; i < end; i++) {
    for (; bits < width; bits += bitsOfByte) held += bytes[at++] * 2 ** bits
    const value = held % range
    out[i] = value
    held = (held - value) / range
    bits -= width
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
