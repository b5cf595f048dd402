/** Encodings that a text may be in which is not in UTF-8. */
import type { Encoding } from '../../shared/import-options.ts'

/** With whose letters they are. */
const others: readonly [Encoding, string][] = [
  ['windows-1252', 'Windows-1252, as Windows writes it in western Europe'],
  ['windows-1250', 'Windows-1250, of central Europe'],
  ['windows-1251', 'Windows-1251, with Cyrillic letters'],
  ['shift_jis', 'Shift JIS, of Japan'],
  ['gb18030', 'GB 18030, of China'],
  ['big5', 'Big5, of Taiwan'],
  ['euc-kr', 'EUC-KR, of Korea'],
]

/** Those in which the bytes are letters, each with what an example is in it. */
export function encodingsOf(
  bytes: Uint8Array,
  exampleIn: (decode: (some: Uint8Array) => string) => string,
): { encoding: Encoding; words: string; example: string }[] {
  return others.flatMap(([encoding, words]) => {
    try {
      new TextDecoder(encoding, { fatal: true }).decode(bytes)
      return [{ encoding, words, example: exampleIn((some) => new TextDecoder(encoding).decode(some)) }]
    } catch {
      return [] // another encoding: these bytes are no letters of it
    }
  })
}
