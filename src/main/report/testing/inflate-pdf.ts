/** What a PDF holds, for tests: its compressed streams unpacked, bytes as Latin-1. */
import { inflateSync } from 'node:zlib'

/** The file's text with every Flate stream unpacked; streams of other kinds are left out. */
export function inflatePdf(bytes: Uint8Array): string {
  const file = Buffer.from(bytes)
  const text = file.toString('latin1')
  const parts: string[] = []
  for (const { index, 0: opening } of text.matchAll(/(?<!end)stream\r?\n/g)) {
    const start = index + opening.length
    const end = text.indexOf('endstream', start)
    try {
      parts.push(inflateSync(file.subarray(start, end)).toString('latin1'))
    } catch {
      parts.push(text.slice(start, end))
    }
  }
  return text + parts.join('\n')
}

/** Pages of a PDF. */
export const pagesOf = (bytes: Uint8Array): number => (inflatePdf(bytes).match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length
