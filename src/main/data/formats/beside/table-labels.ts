/** Which column of a table holds the classes of the images that it names, and what is to be asked about it. */
import type { Doubt, Part } from '../../../../shared/import-options.ts'
import { acceptable } from '../../doubts.ts'
import { shown } from '../../tree/names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { classNameOf } from '../table/table-cells.ts'
import { askedBy } from '../table/table-columns.ts'
import type { ImageTable } from './image-table.ts'
import { labelColumns, oneHot } from './label-columns.ts'

/** Different values of a column from which on it holds no classes. */
export const mostClasses = 256
/** Columns that a question names. */
export const mostAsked = 60
export interface LabelsBeside {
  /** Each image has a file of its own for its class: nothing else can be meant. */
  each: boolean
  /** That say them, or the parts. */
  files: readonly TreeFile[]
  /** Where the classes stand, in words. */
  from: string
  /** Null: it has none. */
  classOf: (image: TreeFile) => string | null
  /** What a column of the table says of an image's part; null: no column says parts. */
  splitOf: ((image: TreeFile) => Part | null) | null
  labelColumn: { chosen: string; candidates: string[] } | null
  doubts: Doubt[]
  /** Of tables that say classes: images that they name and that are not there. */
  absent: { table: string; names: readonly string[]; of: number }[]
  /** About parts: whoever takes the parts from folders asks none of them. */
  partDoubts: Doubt[]
}

/** By one table. */
export interface LabelsByTable extends LabelsBeside {
  path: string
  labelColumn: { chosen: string; candidates: string[] }
  /** A single column is called like labels, or all of them are the classes. */
  sure: boolean
  /** What may be asked for, each with what it is. */
  possible: readonly { column: string; words: string }[]
}

/** @returns null: no column of it can hold the classes */
export function labelsOf(
  file: Pick<TreeFile, 'path'>,
  files: readonly TreeFile[],
  table: ImageTable,
  labelColumn: string | undefined,
): LabelsByTable | null {
  const { rows, nameColumn, facts, placeOf, own, partColumns } = table
  const possible = facts
    .map(({ name, column, values }) => ({ name, column, values: values.size }))
    .filter(({ column, values }) => values >= 2 && values <= mostClasses && values < rows.length && !partColumns.includes(column))
  const wanted = labelColumn?.trim()
  const called = (name: string) => possible.find((one) => one.name === name || String(one.column + 1) === name)
  const listed = wanted?.includes(',') === true ? wanted.split(',').map((name) => called(name.trim())) : []
  const named = listed.filter((one) => one !== undefined)
  const hot = wanted === undefined ? oneHot(possible, rows) : named.length > 0 && named.length === listed.length ? named : null
  const { byLabelName, apart } = labelColumns(possible, rows)
  const chosen = wanted === undefined ? apart[0] : (hot?.[0] ?? called(wanted))
  if (chosen === undefined) return null
  const hotOf = (row: readonly string[]) => hot?.find(({ column }) => Number(row[column]) === 1)?.name ?? ''
  const several = new Map<string, Set<string>>()
  for (const row of rows) {
    const name = hot === null ? classNameOf(row[chosen.column] ?? '') : hotOf(row)
    const place = placeOf(row[nameColumn]?.trim() ?? '')
    const before = several.get(place)
    if (before === undefined) several.set(place, new Set([name]))
    else before.add(name)
  }
  // Rows of one image that say different classes make a class of their own, which is asked about.
  const classes = new Map([...several].map(([place, all]) => [place, all.size === 1 ? [...all][0] : [...all].sort().join(', ')]))
  const torn = [...several].filter(([, all]) => all.size > 1)
  const asks = hot === null && wanted === undefined && apart.length > 1
  const askedFor = ({ column }: { column: number }) => askedBy(facts, column)
  const words = (one: (typeof possible)[number]) =>
    `${shown(one.name)} (${one.values} values${askedFor(one) === one.name ? '' : `, column ${askedFor(one)}`})`
  const hotNames = hot?.map(({ name }) => name).join(',') ?? ''
  return {
    each: false,
    path: file.path,
    files,
    from:
      hot === null
        ? `the column ${shown(chosen.name)} of ${file.path}`
        : `the columns ${hot.map(({ name }) => shown(name)).join(', ')} of ${file.path}, of which one is 1 in each row`,
    // Only its own images: another part may use the same names.
    classOf: (image) => (own.has(image) ? classes.get(placeOf(image.path)) || null : null),
    splitOf: table.splitOf,
    labelColumn: { chosen: askedFor(chosen), candidates: possible.map(askedFor) },
    sure: hot !== null || byLabelName.length === 1 || wanted !== undefined,
    possible:
      hot === null
        ? (byLabelName.length === 1 ? byLabelName : possible).map((one) => ({
            column: askedFor(one),
            words: `${words(one)} of ${file.path}`,
          }))
        : [{ column: hotNames, words: `${shown(hotNames)} of ${file.path}` }],
    partDoubts: table.partDoubts,
    absent: [],
    doubts: [
      ...table.doubts,
      ...(torn.length === 0
        ? []
        : [
            acceptable(
              'odd-labels',
              `${file.path}: ${torn.length} of ${several.size} images stand in several rows that say different classes (${shown(torn[0][0])}: ${shown([...torn[0][1]].join(', '))}): each combination would be a class of its own.`,
              'They are the classes.',
            ),
          ]),
      ...(asks
        ? [
            {
              code: 'label-column' as const,
              message: `${file.path}: several columns may hold the classes of the images: ${possible.map(words).join(', ')}.`,
              choices: [chosen, ...possible.filter((one) => one !== chosen)].slice(0, mostAsked).map((one) => ({
                words: `The classes are in ${words(one)}.`,
                options: { labelColumn: askedFor(one) },
              })),
            },
          ]
        : []),
    ],
  }
}
