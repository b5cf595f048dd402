/** What a few typed letters find. */

/**
 * How well a text answers what was typed: each word must begin a word of the text, or at least stand
 * in it; higher is better, 0: it does not.
 */
export function fit(text: string, typed: string): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const lower = text.toLowerCase()
  let score = 1
  for (const word of words) {
    const at = lower.indexOf(word)
    if (at < 0) return 0
    const begins = at === 0 || new RegExp(`[^\\p{L}\\p{N}]${escape(word)}`, 'u').test(lower)
    score += at === 0 ? 4 : begins ? 2 : 1
  }
  return score
}

const escape = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
