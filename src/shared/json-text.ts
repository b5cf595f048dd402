/** JSON that people and their tools write. */

/** Strings, and what opens, closes and follows objects and lists; numbers and words lie between them. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g

/**
 * What a text says, as `JSON.parse`, which keeps the last of two members of one name and says nothing of the other.
 * @throws SyntaxError where it is no JSON; RepeatedKey
 */
export function parseJson(text: string): unknown {
  const value = JSON.parse(text) as unknown
  const repeated = repeatedKey(text)
  if (repeated !== null) throw new RepeatedKey(repeated)
  return value
}

/** Which of its values is meant nobody can tell. */
export class RepeatedKey extends Error {
  constructor({ name, line }: { name: string; line: number }) {
    super(`it has ${JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name)} twice in one place, at line ${line} again`)
    this.name = 'RepeatedKey'
  }
}

/** @param text that is JSON */
function repeatedKey(text: string): { name: string; line: number } | null {
  /** Names in each object that is open; null: a list. */
  const open: (Set<string> | null)[] = []
  let last = ''
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(null)
    else if (token === '}' || token === ']') open.pop()
    else if (token === ':') {
      // As it is meant: a letter may be written as its number, too.
      const name = last.includes('\\') ? (JSON.parse(last) as string) : last.slice(1, -1)
      const names = open.at(-1)
      if (names?.has(name) === true) return { name, line: text.slice(0, index).split('\n').length }
      names?.add(name)
    }
    last = token
  }
  return null
}
