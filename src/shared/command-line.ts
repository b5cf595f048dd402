/** Commands as a person types them. */

/** How the command line is called from a clone of the project. */
export const program = 'npm run lab --'

/** The words as a line to type or copy. */
export const commandLine = (words: readonly string[]) => `${program} ${commandWords(words)}`

export const commandWords = (words: readonly string[]): string => words.map(quote).join(' ')

/** A word as a POSIX shell takes it. */
export function quote(word: string): string {
  return /^[\w.,:=/@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** A value of a setting as `--set` and its like take it. */
export const assigned = (key: string, value: unknown): string => `${key}=${JSON.stringify(value)}`
