/** What only a report says so; everything else as in shared/wording.ts. What is not finite becomes a dash. */
/** A moment in UTC, to the minute: 2026-03-01 14:05 UTC. */
export function moment(milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? '\u2013' : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** At most `length` characters as a reader counts them, cut with an ellipsis. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text
  const characters = Array.from(graphemes.segment(text), ({ segment }) => segment)
  return characters.length <= length
    ? text
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`
}
