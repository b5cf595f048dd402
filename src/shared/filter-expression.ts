/** Filters such as `accuracy > 0.95 and loss <= 0.2`: comparisons of named values, joined by and, or, not and brackets. */

/** A value that can be asked about, by its key or by what it is called where it is shown. */
export interface FilterField {
  key: string
  title?: string
}

/** What a row holds under a key; missing values pass no comparison. */
export type ValueOf = (key: string) => string | number | null
export type Passes = (valueOf: ValueOf) => boolean

/** Looks as if it compared something: all else is words to look for. */
export const isComparison = (text: string): boolean => /[<>=≤≥≠]/.test(text)

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
  '!=': (order) => order !== 0,
  '==': (order) => order === 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '=': (order) => order === 0,
  '≤': (order) => order <= 0,
  '≥': (order) => order >= 0,
  '≠': (order) => order !== 0,
}
/** Longer ones first, so that `<=` is not read as `<`. */
const operator = new RegExp(`^(${Object.keys(comparisons).join('|')})`)

class Refusal extends Error {}

/** @returns the test, or sentences that say what is wrong and what would be right */
export function parseFilter(text: string, fields: readonly FilterField[]): { passes: Passes } | { refusal: string } {
  try {
    return { passes: new Parser(text, fields).parse() }
  } catch (thrown) {
    if (thrown instanceof Refusal) return { refusal: thrown.message }
    throw thrown
  }
}

class Parser {
  #rest: string
  readonly #fields: readonly FilterField[]

  constructor(text: string, fields: readonly FilterField[]) {
    this.#rest = text.trim()
    this.#fields = fields
  }

  parse(): Passes {
    const passes = this.#either()
    if (this.#rest !== '') throw this.#refuse(`“${this.#rest}” is not understood here.`)
    return passes
  }

  #either(): Passes {
    let left = this.#both()
    while (this.#take(/^or\b/i) !== null) {
      const [before, after] = [left, this.#both()]
      left = (valueOf) => before(valueOf) || after(valueOf)
    }
    return left
  }

  #both(): Passes {
    let left = this.#one()
    while (this.#take(/^and\b/i) !== null) {
      const [before, after] = [left, this.#one()]
      left = (valueOf) => before(valueOf) && after(valueOf)
    }
    return left
  }

  #one(): Passes {
    if (this.#take(/^not\b/i) !== null) {
      const inner = this.#one()
      return (valueOf) => !inner(valueOf)
    }
    if (this.#take(/^\(/) === null) return this.#comparison()
    const inner = this.#either()
    if (this.#take(/^\)/) === null) throw this.#refuse('A bracket is not closed.')
    return inner
  }

  #comparison(): Passes {
    const key = this.#name()
    const sign = this.#take(operator)
    if (sign === null) throw this.#refuse(`A sign such as > or <= is missing after “${key}”.`)
    const holds = comparisons[sign]
    const wanted = this.#take(/^("[^"]*"|(?:(?!\b(?:and|or)\b)[^()\s])+)/i)
    if (wanted === null) throw this.#refuse(`A value is missing after “${sign}”.`)
    const number = numberIn(wanted)
    const word = wanted.replace(/^"|"$/g, '').toLowerCase()
    return (valueOf) => {
      const value = valueOf(key)
      if (value === null || Number.isNaN(value)) return false
      if (typeof value === 'number') return number !== null && holds(value - number)
      return holds(value.toLowerCase().localeCompare(word, 'en'))
    }
  }

  /** The longest name that stands here, or a refusal that tells which there are. */
  #name(): string {
    const names = this.#fields.flatMap(({ key, title = key }) => [key, title].map((name) => ({ key, name: name.toLowerCase() })))
    const here = this.#rest.toLowerCase()
    const found = names
      .filter(({ name }) => here.startsWith(name) && !/^[\p{L}\d]/u.test(here.slice(name.length)))
      .toSorted((a, b) => b.name.length - a.name.length)
      .at(0)
    if (found !== undefined) {
      this.#rest = this.#rest.slice(found.name.length).trimStart()
      return found.key
    }
    const typed = /^[^<>=!≤≥≠()]*/.exec(this.#rest)?.[0].trim() ?? ''
    throw this.#refuse(typed === '' ? 'A name is missing.' : `“${typed}” cannot be filtered by.`)
  }

  #take(pattern: RegExp): string | null {
    const found = pattern.exec(this.#rest)
    if (found === null) return null
    this.#rest = this.#rest.slice(found[0].length).trimStart()
    return found[0]
  }

  #refuse(what: string): Refusal {
    const names = [...new Set(this.#fields.map(({ key, title = key }) => title.toLowerCase()))]
    const example = this.#fields.some(({ key }) => key === 'accuracy') ? 'accuracy' : (names.at(-1) ?? 'accuracy')
    return new Refusal(`${what} Write, for example, “${example} > 0.95”, with ${names.join(', ')}.`)
  }
}

/** `0.95`, `1e-3`, `95%`; null: no number. */
function numberIn(text: string): number | null {
  const found = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(%?)$/i.exec(text)
  return found === null ? null : Number(found[1]) / (found[2] === '%' ? 100 : 1)
}
