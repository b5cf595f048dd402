/** Columns that say which rows are for training, validation and test. */
import type { Doubt, ImportOptions, Part } from '../../../../shared/import-options.ts'
import { accepting } from '../../doubts.ts'
import { partWords } from '../../parts.ts'
import { shown } from '../../tree/names.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { splitOfFolder } from '../../split-names.ts'
import { classNameOf } from './table-cells.ts'
import { isLabelName, type ColumnFacts } from './table-columns.ts'

export interface SplitColumns {
  /** Their places; several where each tells one part (`is_valid`, `is_test`). */
  columns: readonly number[]
  /** Of a row's cells in these columns; null: none. */
  splitOf: (cells: readonly string[]) => Part | null
}

/** Names of columns of parts or folds, whatever their values are. */
const partNames = /^((data|image)[-_ ]?)?(split|partition|k?[-_ ]?fold|subset|phase|usage|set)s?([-_ ]?(id|name|no|num(ber)?|index))?$/i

/** Whether a name alone says that a column holds parts. */
export function isPartName(name: string): boolean {
  return partNames.test(name.trim())
}

type Facts = Pick<ColumnFacts, 'name' | 'values'>

/** Splits that the values of a column say, whatever it is called, or that the person said; null: they are others. */
function splitsOfValues({ name, values }: Facts, { parts = {} }: Pick<ImportOptions, 'parts'>): ((cell: string) => Part | null) | null {
  if (values === null || values.size < 2 || values.size > mostValues) return null
  const known = new Map([...values].map((value) => [value, splitOfValue(value)]))
  const found = new Set(known.values())
  if (found.has('train') && !found.has(null) && found.size > 1) return (cell) => known.get(classNameOf(cell)) ?? null
  if (!maySayParts(name, values) || ![...values].some((value) => Object.hasOwn(parts, value))) return null
  return (cell) => {
    const value = classNameOf(cell)
    if (!values.has(value)) return null
    return Object.hasOwn(parts, value) ? parts[value] : (known.get(value) ?? 'train')
  }
}

/** What stands beside `train` in columns of parts, and says no part by itself. */
const otherParts = /^(extra|unlabell?ed|public|private|held?[-_ ]?out|query|gallery|probe|calib(ration)?|none|unused|pool)$/i

/** Whether a column may say parts: by its name, or as one of its values is `train` and another of this kind too. */
function maySayParts(name: string, values: ReadonlySet<string>): boolean {
  if (isPartName(name)) return true
  const all = [...values]
  return (
    all.some((value) => /^train(ing)?$/i.test(value)) &&
    all.some((value) => otherParts.test(value) || (splitOfValue(value) ?? 'train') !== 'train')
  )
}

/** A column that may say parts, with values of which nobody knows what they mean: 0, 1 and 2, numbers of folds, or others beside `train`. */
export function unknownSplits(file: string, name: string, values: ReadonlySet<string> | null): Doubt[] {
  if (values === null || values.size < 2 || values.size > mostValues || !maySayParts(name, values)) return []
  const all = [...values].sort()
  const others = all.filter((value) => splitOfValue(value) === null)
  // The values of parts are what they are called; what the others are is asked.
  const asked = others.length === all.length || others.length === 0 ? all : others
  const several =
    all.join() === '0,1,2'
      ? [
          {
            words: '0 is for training, 1 for validation, 2 for test.',
            options: { parts: { '0': 'train', '1': 'validation', '2': 'test' } },
          } as const,
        ]
      : []
  const rest = asked.length === 1 ? '' : `, ${asked.length === 2 ? 'the other' : 'the others'} for training`
  const lone = asked.length === 1 && all.length > 1 ? (['validation', 'train', 'none'] as const) : []
  return [
    {
      code: 'parts-unknown',
      message: `${file}: the column ${shown(name)} may say which images are for training and which for test, in values that are not known: ${asked.map(shown).join(', ')}.`,
      choices: [
        ...several,
        ...asked.map((value) => ({
          words: `${shown(value)} is for test${rest}.`,
          options: { parts: { [value]: 'test' as const } },
        })),
        ...lone.map((part) => ({ words: `${shown(asked[0])} is ${partWords[part]}.`, options: { parts: { [asked[0]]: part } } })),
        accepting('parts-unknown', 'It says no parts: cut validation and test from all images.'),
      ],
    },
  ]
}

/** The part that truth values are of, by the name of their column; null: they are others. */
function flagged({ name, values }: Facts, bare: boolean): Split | null {
  if (values === null || values.size < 2 || !isTruth(values)) return null
  const [, is = '', asked] =
    /^(?:(is)|used?[-_ ]?(?:for|in)|for|in)?[-_ ]?(\w+?)(?:[-_ ]?(?:image|img|sample|row|item|flag))?$/i.exec(name.trim()) ?? []
  if (asked === undefined) return null
  if (is !== '') return splitOfFolder(asked)
  // `valid` alone says that a row is sound.
  return bare && /^(train|test|validation|val|training|testing)([-_ ]?(set|split|data))?$/i.test(asked) ? splitOfFolder(asked) : null
}

function isTruth(values: ReadonlySet<string>): boolean {
  return [...values].every((value) => truth.test(value) || untruth.test(value))
}

/** Of so many columns of truth values, one called `train` may be a class: trains among cars and ships. */
const manyFlags = 3

/** @returns null: no column says parts */
export function splitColumns(columns: readonly Facts[], options: Pick<ImportOptions, 'parts'>): SplitColumns | null {
  for (const [column, facts] of columns.entries()) {
    const splitOf = splitsOfValues(facts, options)
    if (splitOf !== null) return { columns: [column], splitOf: ([cell]) => splitOf(cell) }
  }
  const truths = columns.filter(({ name, values }) => values !== null && values.size > 1 && isTruth(values) && !isLabelName(name))
  const bare = truths.length < manyFlags || truths.every((facts) => flagged(facts, true) !== null)
  const flags = columns.flatMap((facts, column) => {
    const part = flagged(facts, bare)
    return part === null ? [] : [{ column, part }]
  })
  const parts = flags.map(({ part }) => part)
  return flags.length === 0
    ? null
    : { columns: flags.map(({ column }) => column), splitOf: (cells) => ofFlags(parts, cells.map(classNameOf)) }
}

/** What no column claims is for training, or else of the part that has none. */
function ofFlags(parts: readonly Split[], cells: readonly string[]): Split | null {
  if (!cells.every((cell) => truth.test(cell) || untruth.test(cell))) return null
  const said = new Set(parts.filter((_, i) => truth.test(cells[i])))
  if (said.size > 0) return said.size === 1 ? [...said][0] : null
  return parts.includes('train') ? (splits.findLast((split) => !parts.includes(split)) ?? null) : 'train'
}

const truth = /^(true|1|yes)$/i
const untruth = /^(false|0|no)$/i

/** Names of parts that a column may have: `train`, `Training`, `PublicTest`, ... */
const mostValues = 12

/** FER2013 calls what a competition showed its scores on a public test, and what decided it a private one. */
function splitOfValue(value: string): Split | null {
  const plain = value.toLowerCase().replace(/[-_ ]/g, '')
  if (plain === 'publictest') return 'validation'
  if (plain === 'privatetest') return 'test'
  return splitOfFolder(value)
}
