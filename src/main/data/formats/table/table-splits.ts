/** A column that says which rows are for training, validation and test. */
import type { Doubt, ImportOptions } from '../../../../shared/import-options.ts'
import { accepting } from '../../doubts.ts'
import { shown } from '../../tree/names.ts'
import type { Split } from '../../../../shared/split.ts'
import { splitOfFolder } from '../../split-names.ts'
import { classNameOf } from './table-cells.ts'
import type { ColumnFacts } from './table-columns.ts'

export interface SplitColumn {
  column: number
  /** Of a row's cell; null: none. */
  splitOf(cell: string): Split | null
}

/** Names of columns of parts or folds, whatever their values are. */
const partNames = /^((data|image)[-_ ]?)?(split|partition|k?[-_ ]?fold|subset|phase|usage|set)s?([-_ ]?(id|name|no|num(ber)?|index))?$/i

/** Whether a name alone says that a column holds parts. */
export function isPartName(name: string): boolean {
  return partNames.test(name.trim())
}

/**
 * Splits that the values of a column say, whatever it is called, or that its name says where they are truth values (`is_valid`), or
 * that the person said; null: they are others.
 */
export function splitsOfValues(
  values: ReadonlySet<string> | null,
  name = '',
  { parts = {} }: Pick<ImportOptions, 'parts'> = {},
): SplitColumn['splitOf'] | null {
  if (values === null || values.size < 2 || values.size > mostValues) return null
  const asked = /^is[-_ ]?(\w+)$/i.exec(name.trim())?.[1]
  const part = asked === undefined ? null : splitOfFolder(asked)
  if (part !== null && [...values].every((value) => truth.test(value) || untruth.test(value)))
    return (cell) => (truth.test(classNameOf(cell)) ? part : untruth.test(classNameOf(cell)) ? (part === 'train' ? 'test' : 'train') : null)
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

/** @returns null: no column has but names of parts */
export function splitColumn(columns: readonly ColumnFacts[], options: Pick<ImportOptions, 'parts'>): SplitColumn | null {
  for (const [column, { values, name }] of columns.entries()) {
    const splitOf = splitsOfValues(values, name, options)
    if (splitOf !== null) return { column, splitOf }
  }
  return null
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
