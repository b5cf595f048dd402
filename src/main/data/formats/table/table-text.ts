/** How the text of a table is written: its encoding, what separates its cells, and a first line that only says so. */
import type { Doubt, Encoding } from '../../../../shared/import-options.ts'
import { accepting } from '../../doubts.ts'
import { throwIfCancelled, type ImportContext } from '../../context.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { numberOf } from './table-cells.ts'
import { encodingsOf } from '../../encodings.ts'

const separators = [',', '\t', ';', '|'] as const
/** A blank stands for any number of blanks and tabs. */
export type Separator = (typeof separators)[number] | ' '
/** Of fewer cells with blanks between, a line may be a sentence. */
const leastCells = 17

export interface TableText {
  file: TreeFile
  encoding: Encoding
  separator: Separator
  /** Bytes before the first row: a mark of the encoding, Excel's line `sep=;`, and lines of remarks. */
  start: number
}

/**
 * Told by the first bytes and, where these say nothing, by whether all of them are UTF-8.
 * @param chosen by the person
 * @returns null: nothing separates cells; it is no table
 */
export async function tableText(
  file: TreeFile,
  chosen: Encoding | undefined,
  context: ImportContext,
): Promise<{ text: TableText; doubts: Doubt[] } | null> {
  const head = await file.head(1 << 16)
  const marked = markOf(head)
  const guessed = marked ?? wideEncoding(head)
  const encoding = chosen ?? guessed ?? ((await isUtf8(file, context)) ? 'utf-8' : 'windows-1252')
  const mark = marked === encoding ? (encoding === 'utf-8' ? 3 : 2) : 0
  const words = new TextDecoder(encoding).decode(head.subarray(mark))
  const said = /^sep=([,;|\t])\r?\n/i.exec(words)
  const rest = words.slice(said?.[0].length ?? 0)
  const remarks = /^(?:[#%][^\n]*\n)*/.exec(rest)![0]
  const separator = said === null ? separatorOf(rest.slice(remarks.length)) : (said[1] as Separator)
  if (separator === null) return null
  const before = words.slice(0, (said?.[0].length ?? 0) + remarksLength(remarks, rest.slice(remarks.length), separator))
  const doubtful = chosen === undefined && encoding === 'windows-1252'
  return {
    text: { file, encoding, separator, start: mark + bytesIn(before, encoding) },
    doubts: doubtful ? [encodingDoubt(file.path, head)] : [],
  }
}

/** Characters of remarks to pass over; where the last of them has as many cells as the rows, it is that of the names, as numpy's savetxt writes it. */
function remarksLength(remarks: string, rest: string, separator: Separator): number {
  const cellsOf = (line: string) => line.trim().split(separator === ' ' ? /[ \t]+/ : separator).length
  const last = /[^\n]*\n$/.exec(remarks)?.[0] ?? ''
  const names = last.replace(/^[#%][ \t]*/, '')
  const row = rest.split(/\r?\n/, 1)[0]
  return remarks.length - (names.trim() !== '' && cellsOf(names) > 1 && cellsOf(names) === cellsOf(row) ? names.length : 0)
}

function bytesIn(text: string, encoding: Encoding): number {
  if (encoding === 'utf-8') return Buffer.byteLength(text)
  if (encoding.startsWith('utf-16')) return 2 * text.length
  // Of other encodings, only what is written in one byte each stands before the rows.
  return text.length
}

/** The file's text in UTF-8, in pieces, with single blanks where blanks are apart. */
export async function* utf8Pieces(text: TableText): AsyncGenerator<Uint8Array> {
  if (text.separator !== ' ') {
    yield* decodedPieces(text)
    return
  }
  const single = new SingleBlanks()
  for await (const piece of decodedPieces(text)) yield single.of(piece)
}

/** Leaves of blanks and tabs one, and none at the ends of lines. */
class SingleBlanks {
  #atStart = true
  #waits = false

  of(piece: Uint8Array): Uint8Array {
    const out = new Uint8Array(2 * piece.length + 1)
    let length = 0
    for (const byte of piece) {
      if (byte === 0x20 || byte === 0x09) {
        this.#waits = !this.#atStart
        continue
      }
      this.#atStart = byte === 0x0a || byte === 0x0d
      if (this.#waits && !this.#atStart) out[length++] = 0x20
      this.#waits = false
      out[length++] = byte
    }
    return out.subarray(0, length)
  }
}

async function* decodedPieces({ file, encoding, start }: TableText): AsyncGenerator<Uint8Array> {
  if (encoding === 'utf-8') {
    yield* file.pieces(start, 1 << 16)
    return
  }
  const decoder = new TextDecoder(encoding)
  for await (const piece of file.pieces(start, 1 << 16)) yield Buffer.from(decoder.decode(piece, { stream: true }))
  yield Buffer.from(decoder.decode())
}

/** What separates the cells, by the first line that is not empty; null: nothing does. */
export function separatorOf(words: string): Separator | null {
  const line = (words.split(/[\r\n]+/).find((one) => one.trim() !== '') ?? '').replace(/"[^"]*"/g, '')
  // Decimal commas may be as many as what separates the numbers.
  const plain = separators.find((separator) => separator !== ',' && separatesNumbers(line, separator))
  if (plain !== undefined && line.includes(',')) return plain
  const [best] = separators.map((separator) => ({ separator, count: line.split(separator).length - 1 })).sort((a, b) => b.count - a.count)
  if (best.count > 0) return best.separator
  const rows = words.split(/[\r\n]+/).filter((one) => one.trim() !== '')
  // Names may stand above, and the second line may be cut off.
  return rows.slice(0, 2).some(isOfNumbers) ? ' ' : null
}

function isOfNumbers(line: string): boolean {
  const cells = line.trim().split(/[ \t]+/)
  return cells.length >= leastCells && cells.filter((cell) => !Number.isFinite(numberOf(cell))).length <= 1
}

function separatesNumbers(line: string, separator: Separator): boolean {
  const cells = line.split(separator)
  return cells.length > 1 && cells.every((cell) => /^\s*[-+]?\d*(,\d+)?\s*$/.test(cell))
}

function markOf(head: Uint8Array): Encoding | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 'utf-8' : null
}

/** Without a mark: Latin text of two bytes a character has zeros in every other one. */
export function wideEncoding(head: Uint8Array): Encoding | null {
  const [even, odd] = [0, 1].map((from) => head.subarray(0, 512).filter((byte, at) => at % 2 === from && byte === 0).length)
  const most = Math.floor(Math.min(head.length, 512) / 2)
  if (most < 2) return null
  if (odd >= 0.9 * most && even === 0) return 'utf-16le'
  return even >= 0.9 * most && odd === 0 ? 'utf-16be' : null
}

async function isUtf8(file: TreeFile, context: ImportContext): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const piece of file.pieces()) {
      throwIfCancelled(context)
      decoder.decode(piece, { stream: true })
    }
    decoder.decode()
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** Bytes around the first letter that is in doubt. */
const around = 24

function encodingDoubt(path: string, head: Uint8Array): Doubt {
  const at = head.findIndex((byte) => byte >= 0x80)
  // Whole cells: from the middle of a letter on, all that follows is another.
  const from = Math.max(head.lastIndexOf(0x0a, at), head.lastIndexOf(0x2c, at), head.lastIndexOf(0x3b, at), head.lastIndexOf(0x09, at)) + 1
  const exampleIn = (decode: (some: Uint8Array) => string): string =>
    at < 0
      ? ''
      : decode(head.subarray(Math.max(from, at - around), at + around))
          .split(/[,;\t\r\n]/, 1)[0]
          .trim()
  const fitting = encodingsOf(head.subarray(0, at < 0 ? 0 : lineEnd(head)), exampleIn).map((one) => ({
    ...one,
    example: one.example === '' ? '' : `: "${one.example}"`,
  }))
  return {
    code: 'encoding',
    message: `${path} is not in UTF-8; it was read as Windows-1252${fitting[0]?.example ?? ''}.`,
    choices: [
      ...fitting.map(({ encoding, words, example }) => ({ words: `It is in ${words}${example}.`, options: { encoding } })),
      accepting('encoding', 'The letters do not matter; else save it in UTF-8.'),
    ],
  }
}

/** Up to the last whole line. */
function lineEnd(head: Uint8Array): number {
  const end = head.lastIndexOf(0x0a)
  return end < 0 ? head.length : end + 1
}
