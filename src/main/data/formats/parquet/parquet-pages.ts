/**
 * Checks the pages of a column before they are decoded: sizes, numbers of values, and the lengths of
 * runs, any of which could make a decoder work without end on a few bytes.
 */
import type { ColumnMetaData, Compressors, PageHeader } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { decompressPage } from 'hyparquet/src/datapage.js'
import { skipStructure } from './parquet-thrift.ts'

/** Encodings whose work is bounded by the number of values. */
const encodings = new Set([
  'PLAIN',
  'PLAIN_DICTIONARY',
  'RLE_DICTIONARY',
  'RLE',
  'DELTA_BINARY_PACKED',
  'DELTA_LENGTH_BYTE_ARRAY',
  'BYTE_STREAM_SPLIT',
])

export interface ChunkToCheck {
  /** The column's pages in one group of rows. */
  bytes: Uint8Array
  column: Pick<ColumnMetaData, 'codec' | 'type'>
  /** Rows of the group. */
  rows: number
  /** Levels of optional structures that values stand in; 0: none. */
  definitionLevels: number
  compressors: Compressors
  /** Bytes of a page, unpacked. */
  maxBytes: number
}

/** @throws Error saying what is wrong */
export function checkPages({ bytes, column, rows, definitionLevels, compressors, maxBytes }: ChunkToCheck): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let seen = 0
  for (let at = 0; at < bytes.length - 1 && seen < rows;) {
    const end = skipStructure(bytes, at)
    const header = parquetHeader({ view, offset: at })
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header
    if (!(packed >= 0 && packed <= bytes.length - end)) throw new Error(`a page declares ${packed} bytes, but ${bytes.length - end} follow`)
    if (!(unpacked >= 0 && unpacked <= maxBytes))
      throw new Error(`a page declares ${unpacked} bytes unpacked; at most ${maxBytes} are read`)
    const body = bytes.subarray(end, end + packed)
    seen += checkPage(header, body, rows - seen, definitionLevels, (part, size) => decompressPage(part, size, column.codec, compressors))
    at = end + packed
  }
}

type Unpack = (part: Uint8Array, size: number) => Uint8Array

/** @returns how many values it has */
function checkPage(header: PageHeader, body: Uint8Array, most: number, definitionLevels: number, unpack: Unpack): number {
  const size = header.uncompressed_page_size
  if (header.type === 'DICTIONARY_PAGE') {
    const count = header.dictionary_page_header?.num_values ?? -1
    if (!(count >= 0 && count <= size)) throw new Error(`a dictionary declares ${count} values in ${size} bytes`)
    return 0
  }
  const one = header.data_page_header
  const two = header.data_page_header_v2
  const data = header.type === 'DATA_PAGE' ? one : header.type === 'DATA_PAGE_V2' ? two : undefined
  if (data === undefined) throw new Error(`a page is of the kind ${header.type}, which is not read`)
  const { num_values: count, encoding } = data
  if (!(count >= 0 && count <= most)) throw new Error(`a page declares ${count} values where ${most} rows are left`)
  if (!encodings.has(encoding)) throw new Error(`a page is encoded by ${encoding}, which is not read`)
  const width = 32 - Math.clz32(definitionLevels)
  let values: Uint8Array
  if (two !== undefined && header.type === 'DATA_PAGE_V2') {
    const levels = two.definition_levels_byte_length
    const before = two.repetition_levels_byte_length
    if (!(before === 0 && levels >= 0 && levels <= body.length && levels <= size))
      throw new Error('the levels of a page are longer than the page')
    if (!(two.num_nulls >= 0 && two.num_nulls <= count)) throw new Error(`a page declares ${two.num_nulls} of ${count} values missing`)
    if (width > 0) checkRuns(body, 0, width, count)
    const rest = body.subarray(levels)
    values = two.is_compressed === false ? rest : unpack(rest, size - levels)
  } else {
    const page = unpack(body, size)
    let at = 0
    if (width > 0) {
      const length = page.length < 4 ? -1 : new DataView(page.buffer, page.byteOffset).getUint32(0, true)
      if (length < 0 || length > page.length - 4) throw new Error('the levels of a page are longer than the page')
      checkRuns(page, 4, width, count)
      at = 4 + length
    }
    values = page.subarray(at)
  }
  if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    const bits = values[0] ?? 0
    if (bits > 32) throw new Error(`the places in a dictionary have ${bits} bits`)
    checkRuns(values, 1, bits, count)
  } else if (encoding === 'RLE') checkRuns(values, 4, 1, count)
  return count
}

/** Runs of equal values and groups of packed ones, none longer than the values that are left. */
function checkRuns(bytes: Uint8Array, from: number, width: number, count: number): void {
  let at = from
  let seen = 0
  while (seen < count && at < bytes.length) {
    let head = 0
    for (let shift = 0; ; shift += 7) {
      if (shift > 28) throw new Error('the length of a run does not end')
      if (at >= bytes.length) return // the decoder says so itself
      const byte = bytes[at++]
      head += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    const packed = head % 2 === 1
    const length = packed ? 8 * ((head - 1) / 2) : head / 2
    // Packed values come in groups of eight, and writers may fill up whole blocks.
    if (length > count - seen + (packed ? 504 : 0)) throw new Error(`a run of ${length} values stands where ${count - seen} are left`)
    at += packed ? Math.ceil((length * width) / 8) : Math.ceil(width / 8)
    seen += length
  }
}
