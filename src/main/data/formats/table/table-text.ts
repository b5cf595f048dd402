/** How the text of a table is written: its encoding, what separates its cells, and a first line that only says so. */
import type { Doubt, Encoding } from '../../../../shared/import-options.ts'
import { accepting } from '../../doubts.ts'
import { throwIfCancelled, type ImportContext } from '../../context.ts'
import type { TreeFile } from '../../tree/tree-file.ts'

const separators = [',', '\t', ';', '|'] as const
export type Separator = (typeof separators)[number]

export interface TableText {
  file: TreeFile
  encoding: Encoding
  separator: Separator
  /** Bytes before the first row: a mark of the encoding, and Excel's line `sep=;`. */
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
  const separator = said === null ? separatorOf(words) : (said[1] as Separator)
  if (separator === null) return null
  const unit = encoding.startsWith('utf-16') ? 2 : 1
  const doubtful = chosen === undefined && encoding === 'windows-1252'
  return {
    text: { file, encoding, separator, start: mark + (said?.[0].length ?? 0) * unit },
    doubts: doubtful ? [encodingDoubt(file.path, head)] : [],
  }
}

/** The file's text in UTF-8, in pieces. */
export async function* utf8Pieces({ file, encoding, start }: TableText): AsyncGenerator<Uint8Array> {
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
  return best.count > 0 ? best.separator : null
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

function encodingDoubt(path: string, head: Uint8Array): Doubt {
  const at = head.findIndex((byte) => byte >= 0x80)
  const example =
    at < 0 ? '' : ` ("${new TextDecoder('windows-1252').decode(head.subarray(Math.max(0, at - 12), at + 12)).replace(/[\r\n]+/g, ' ')}")`
  return {
    code: 'encoding',
    message: `${path} is not in UTF-8; it was read as Windows-1252${example}.`,
    choices: [
      { words: 'It is in Windows-1252, as Windows writes it in western Europe.', options: { encoding: 'windows-1252' } },
      accepting('encoding', 'The letters do not matter.'),
    ],
  }
}
