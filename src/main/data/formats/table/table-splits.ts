/** Columns that say which rows are for training, validation and test. */
import type { Doubt, ImportOptions } from '../../../../shared/import-options.ts'
import { accepting } from '../../doubts.ts'
import { shown } from '../../tree/names.ts'
import { splits, type Split } from '../../../../shared/split.ts'
import { splitOfFolder } from '../../split-names.ts'
import { classNameOf } from './table-cells.ts'
import type { ColumnFacts } from './table-columns.ts'

export interface SplitColumns {
  /** Their places; several where each tells one part (`is_valid`, `is_test`). */
  columns: readonly number[]
  /** Of a row's cells in these columns; null: none. */
  splitOf: (cells: readonly string[]) => Split | null
}

/** Names of columns of parts or folds, whatever their values are. */
const partNames = /^((data|image)[-_ ]?)?(split|partition|k?[-_ ]?fold|subset|phase|usage|set)s?([-_ ]?(id|name|no|num(ber)?|index))?$/i

/** Whether a name alone says that a column holds parts. */
export function isPartName(name: string): boolean {
  return partNames.test(name.trim())
}

type Facts = Pick<ColumnFacts, 'name' | 'values'>

/** Splits that the values of a column say, whatever it is called, or that the person said; null: they are others. */
function splitsOfValues({ name, values }: Facts, { parts = {} }: Pick<ImportOptions, 'parts'>): ((cell: string) => Split | null) | null {
  if (values === null || values.size < 2 || values.size > mostValues) return null
  const known = new Map([...values].map((value) => [value, splitOfValue(value)]))
  const found = new Set(known.values())
  if (found.has('train') && !found.has(null) && found.size > 1) return (cell) => known.get(classNameOf(cell)) ?? null
  if (!isPartName(name) || ![...values].some((value) => Object.hasOwn(parts, value))) return null
  return (cell) => {
    const value = classNameOf(cell)
    if (!values.has(value)) return null
    const said = Object.hasOwn(parts, value) ? parts[value] : 'train'
    return said === 'none' ? null : said
  }
}

/** A column that is called like parts, with values of which nobody knows what they mean: 0, 1 and 2, or numbers of folds. */
export function unknownSplits(file: string, name: string, values: ReadonlySet<string> | null): Doubt[] {
  if (!isPartName(name) || values === null || values.size < 2 || values.size > mostValues) return []
  const all = [...values].sort()
  const plain = all.join()
  const several =
    plain === '0,1,2'
      ? [
          {
            words: '0 is for training, 1 for validation, 2 for test.',
            options: { parts: { '0': 'train', '1': 'validation', '2': 'test' } },
          } as const,
        ]
      : []
  return [
    {
      code: 'parts-unknown',
      message: `${file}: the column ${shown(name)} may say which images are for training and which for test, in values that are not known: ${all.map(shown).join(', ')}.`,
      choices: [
        ...several,
        ...all.map((value) => ({
          words: `${shown(value)} is for test, ${all.length === 2 ? 'the other' : 'the others'} for training.`,
          options: { parts: { [value]: 'test' as const } },
        })),
        accepting('parts-unknown', 'It says no parts: cut validation and test from all images.'),
      ],
    },
  ]
}

/** The part that truth values are of, by the name of their column; null: they are others. */
function flagged({ name, values }: Facts): Split | null {
  const asked = /^is[-_ ]?(\w+)$/i.exec(name.trim())?.[1]
  if (asked === undefined || values === null || values.size < 2) return null
  return [...values].every((value) => truth.test(value) || untruth.test(value)) ? splitOfFolder(asked) : null
}

/** @returns null: no column says parts */
export function splitColumns(columns: readonly Facts[], options: Pick<ImportOptions, 'parts'>): SplitColumns | null {
  for (const [column, facts] of columns.entries()) {
    const splitOf = splitsOfValues(facts, options)
    if (splitOf !== null) return { columns: [column], splitOf: ([cell]) => splitOf(cell) }
  }
  const flags = columns.flatMap((facts, column) => {
    const part = flagged(facts)
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
