/** Labels: missing, several in one, numbers that measure, classes with one image or none. */
import type { Doubt } from '../../../shared/import-options.ts'
import { listed } from '../../../shared/split-doubts.ts'
import { plural } from '../../../shared/wording.ts'
import { acceptable, accepting, leavingOut } from '../doubts.ts'

/** What people and programs write where a label is missing. */
const noLabels =
  /^([-_ ]*(unlabell?ed|unlabel|un-?known|no[-_ ]?(label|class)|not[-_ ]?labell?ed|unclassified|undefined|none|null|nil|nan|n\/?a|missing|(\d+\.)?clutter|background_google)[-_ ]*|\?+|-+|-1|#N\/A)$/i

/** Labels that may say that there is none, or are no plain numbers. */
export function labelDoubts(names: readonly string[], labels: Uint8Array, column: string): Doubt[] {
  const doubts: Doubt[] = []
  const missing = names.filter((name) => noLabels.test(name) && !(name === '-1' && names.length === 2))
  if (missing.length > 0) {
    const numbers = new Set(missing.map((name) => names.indexOf(name)))
    const count = labels.reduce((sum, label) => sum + (numbers.has(label) ? 1 : 0), 0)
    doubts.push({
      code: 'labels-missing',
      message: `${plural(count, 'image')} of ${labels.length} ${count === 1 ? 'is' : 'are'} of the class ${listed(missing)}, which may say that they have none.`,
      choices: [
        { words: 'Leave these images out.', options: { missing } },
        accepting('labels-missing', missing.length === 1 ? 'It is a class like the others.' : 'They are classes like the others.'),
      ],
    })
  }
  const several = names.filter((name) => isSeveral(name, names) || (severalNames.test(column) && /\S\s+\S/.test(name)))
  const combined = several.length > 0 ? several : combinations(names)
  if (combined.length > 0)
    doubts.push({
      code: 'odd-labels',
      message: `Labels name several classes at once (${listed(combined)}): each combination would be a class of its own.`,
      choices: [accepting('odd-labels', 'They are the classes.'), ...leavingOut(combined, names)],
    })
  const structured = names.filter((name) => /^(\[.*\]|\{.*\})$/s.test(name))
  if (structured.length > 0) {
    const plain = structured.map((name) => [name, onlyText(name)] as const)
    const named = plain.every(([, text]) => text !== null)
    doubts.push({
      code: 'odd-labels',
      message: `Labels are lists or records in text (${listed(structured)}): each that differs would be a class of its own.`,
      choices: [
        ...(named && new Set(plain.map(([, text]) => text)).size > 1
          ? [{ words: 'What is in them is the class.', options: { rename: Object.fromEntries(plain) as Record<string, string> } }]
          : []),
        accepting('odd-labels', 'They are the classes.'),
      ],
    })
  }
  const numbers = names.filter((name) => !missing.includes(name) && name.trim() !== '').map(Number)
  const fractions = numbers.filter((value) => value % 1 !== 0)
  const whole = numbers.every(Number.isSafeInteger)
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  const second = Math.max(...numbers.filter((value) => value < most))
  if (numbers.length > 0 && !numbers.some(Number.isNaN) && fractions.length > 0)
    doubts.push(
      acceptable(
        'odd-labels',
        `Labels are fractions (${listed(names)}): that is what measures look like, not classes.`,
        'They are the classes.',
      ),
    )
  else if (numbers.length > 1 && whole && ((least < 0 && numbers.length > 2) || most - least + 1 >= 2 * numbers.length))
    doubts.push({
      code: 'odd-labels',
      message: `Labels are numbers far apart (${listed(names)}): some may say that there is none.`,
      choices: [
        accepting('odd-labels', 'They are the classes.'),
        ...(most - second + 1 > numbers.length ? leavingOut([String(most)], names) : []),
      ],
    })
  return doubts
}

/** Columns whose cells hold several names with blanks between. */
const severalNames = /(^|[-_ ])(tags|attributes|findings|keywords|concepts)$/i

/** Names with commas or bars in them, whose parts come again in others: all classes that an image has. */
function combinations(names: readonly string[]): string[] {
  for (const between of [/\s*\|\s*/, /\s*;\s*/, /\s*,\s*/]) {
    const parts = names.map((name) => [...new Set(name.trim().split(between))])
    const counts = new Map<string, number>()
    for (const part of parts.flat()) counts.set(part, (counts.get(part) ?? 0) + 1)
    const found = names.filter((_, i) => parts[i].length > 1 && parts[i].every((part) => counts.get(part)! > 1))
    if (found.length > 1) return found
  }
  return []
}

/** The one text in a list or record as JSON or Python writes it; null: it holds others, or several. */
function onlyText(name: string): string | null {
  const texts = [...name.matchAll(/"([^"]*)"|'([^']*)'/g)].filter(({ index, 0: all }) => !/^\s*:/.test(name.slice(index + all.length)))
  const rest = name.replace(/"[^"]*"|'[^']*'/g, '').replace(/[[\]{}:,\s]/g, '')
  const [one] = texts
  return texts.length === 1 && rest === '' ? one[1] || one[2] || null : null
}

/** Whether a name is made of names of other classes, with blanks, commas or bars between. */
function isSeveral(name: string, names: readonly string[]): boolean {
  return [/\s*[,;|]\s*/, /\s+/].some((between) => {
    const parts = name.trim().split(between)
    return parts.length > 1 && parts.every((part) => part !== name && names.includes(part))
  })
}

export function classDoubts(names: readonly string[], labels: Uint8Array): Doubt[] {
  const counts = new Array<number>(names.length).fill(0)
  for (const label of labels) counts[label]++
  const single = names.filter((_, label) => counts[label] === 1)
  if (single.length === 0) return []
  return [
    {
      code: 'small-class',
      message: `${plural(single.length, 'class', 'classes')} of ${names.length} ${single.length === 1 ? 'has' : 'have'} a single image: ${listed(single)}.`,
      choices: [accepting('small-class', 'Keep them as classes.'), ...leavingOut(single, names)],
    },
  ]
}

/** Classes of which images were given, and none could be read. */
export function emptyDoubt(names: readonly string[], labels: Uint8Array): Doubt[] {
  const there = new Set(labels)
  const empty = names.filter((_, label) => !there.has(label))
  if (empty.length === 0) return []
  return [
    {
      code: 'small-class',
      message: `${plural(empty.length, 'class', 'classes')} of ${names.length} ${empty.length === 1 ? 'has' : 'have'} no image that can be read: ${listed(empty)}.`,
      choices: [...leavingOut(empty, names), accepting('small-class', 'Keep them as classes.')],
    },
  ]
}
