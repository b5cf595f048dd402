/** Which column of a table holds the labels, and which the pixels: guessed from names and values. */
import type { Doubt } from '../../../../shared/import-options.ts'
import { LabError } from '../../../../shared/errors.ts'
import { plural } from '../../../../shared/wording.ts'
import { shown } from '../../tree/names.ts'
import { shapeWords, squareOf, type ImageShape } from '../shapes.ts'

/** What is known of a column once all its rows were seen. */
export interface ColumnFacts {
  /** From the first row, or its number from 1. */
  name: string
  min: number
  max: number
  /** All its numbers are whole. */
  whole: boolean
  /** Cells that are no numbers. */
  texts: number
  /** Its first cell. */
  first: string
  /** Its first cell that is no number; null: none is. */
  text: string | null
  /** A cell that is a number but for a comma; null: none is. */
  comma: string | null
  /** Different values; null: more than labels can be, or not counted. */
  values: ReadonlySet<string> | null
}

export interface TableLayout {
  label: number
  pixels: number[]
  shape: ImageShape
  /** Columns that may hold the labels, as they are asked for. */
  candidates: string[]
  notes: string[]
  doubts: Doubt[]
}

/** Fewer are no picture. */
export const leastPixels = 16
/** Of so few, each may be of a class of its own. */
const fewRows = 20

const labelNames = /^(labels?|class(es)?|targets?|y|digits?|categor(y|ies)|species|letters?|emotions?|outputs?)$/i
const pixelNames = /^(pixels?|pix|px|p|x|v|f|features?|attr(ibute)?|columns?|col|input|image)?[ _.-]?\d+([x_,-]\d+)*$/i
const otherNames = /^(id|idx|index|row|rownames|unnamed.*|usage|split|partition|(k[-_ ]?)?folds?|subset|file(name)?|path|)$/i

/**
 * Tables about images say where each lies, and have no pixels.
 * @throws LabError `bad-input`
 */
function refuseAddresses(columns: readonly ColumnFacts[], pixels: readonly number[], label: number, rows: number, file: string): void {
  if (pixels.length >= leastPixels) return
  const address = columns.find(
    ({ name, texts, first }) =>
      texts > rows / 2 &&
      (/\.(png|jpe?g|bmp|webp|tiff?|gif|dcm|npy)\b/i.test(first) ||
        /^(https?|s3|gs|file):/i.test(first) ||
        /^(image|img|picture|file|path|url)/i.test(name.trim())),
  )
  if (address === undefined) return
  if (/^(data:image|iVBORw0KGgo|\/9j\/|R0lGOD|UklGR)/.test(address.first))
    throw new LabError(
      'bad-input',
      `${file}: its column ${shown(address.name)} holds files of images written as text (base64), which is not read here.`,
      'Write each into a file, in Python: open(name, "wb").write(base64.b64decode(text)), with this table beside them as CSV.',
    )
  if (/^\[.*\.\.\./s.test(address.first))
    throw new LabError(
      'bad-input',
      `${file}: its column ${shown(address.name)} holds arrays as numpy prints them, with "..." in the place of most of their numbers ("${shown(address.first)}").`,
      'Write all numbers, in Python: df["image"] = [a.ravel().tolist() for a in images].',
    )
  throw new LabError(
    'bad-input',
    `${file} is a table about images: its column ${shown(address.name)} says where each lies ("${shown(address.first)}"), and there are no pixels in it.`,
    `Give the images too, with this table${/\.parquet$/i.test(file) ? ', saved as CSV,' : ''} beside them or in one folder a class (${shown(columns[label].name)}).`,
  )
}

/** Where cells are apart by something else, a comma stands within numbers. @throws LabError `bad-input` */
function refuseCommas(columns: readonly ColumnFacts[], rows: number, file: string): void {
  const commas = columns.filter(({ texts, comma }) => comma !== null && texts > rows / 100)
  const [first] = commas
  if (first === undefined || first.comma === null || commas.length < columns.length / 20) return
  throw new LabError(
    'bad-input',
    `${file}: numbers have commas in them, such as "${shown(first.comma)}" in the column ${shown(first.name)}.`,
    'Write them with a decimal point and nothing between the thousands: df.to_csv("set.csv", index=False), or another language in the spreadsheet.',
  )
}

/** Whether a name alone says that a column holds a pixel. */
export function isPixelName(name: string): boolean {
  return pixelNames.test(name.trim())
}

/** Whether a name alone says that a column holds neither labels nor pixels. */
export function isOtherName(name: string): boolean {
  return otherNames.test(name.trim())
}

/** Whether a name alone says that a column may hold labels. */
export function isLabelName(name: string): boolean {
  return labelNames.test(name.trim())
}

/**
 * @param rows that the facts are about
 * @param options `labelColumn`: a name, or a number from 1; `shape` of the images
 * @param apart columns that are known to be neither, or to be labels of 0 and 1
 * @param hot the first of these labels
 * @throws LabError `bad-input` or `invalid-argument` saying what to choose
 */
export function layOutTable(
  columns: readonly ColumnFacts[],
  rows: number,
  options: { labelColumn?: string | undefined; shape?: ImageShape | undefined },
  file: string,
  apart: ReadonlySet<number> = new Set(),
  hot: number | null = null,
): TableLayout {
  // A value of its own in every row is a number or a name of the row.
  const candidates = columns.flatMap(({ values }, column) =>
    !apart.has(column) && values !== null && values.size >= 2 && (values.size < rows || rows <= fewRows) ? [column] : [],
  )
  const label =
    hot ??
    (options.labelColumn === undefined ? guessLabel(columns, candidates, rows, file) : findColumn(columns, options.labelColumn, file))
  const doubts = hot === null && options.labelColumn === undefined ? labelDoubt(columns, label, candidates, file) : []
  const { pixels, notes } = pixelColumns(columns, label, rows, apart)
  refuseAddresses(columns, pixels, label, rows, file)
  refuseCommas(columns, rows, file)
  const { shape, dropped } = shapeOf(columns, pixels, rows, options.shape, file)
  const placed = inPlace(columns, pixels)
  if (placed !== pixels)
    notes.push(
      `The columns of pixels stand in the order of their names (${placed
        .slice(0, 3)
        .map((_, i) => shown(columns[pixels[i]].name))
        .join(', ')}, ...): they were put into that of their numbers.`,
    )
  return {
    label,
    pixels: dropped === null ? placed : placed.filter((column) => column !== dropped),
    shape,
    candidates: candidates.filter((column) => !pixels.includes(column)).map((column) => askedBy(columns, column)),
    doubts,
    notes: dropped === null ? notes : [...notes, `The column ${shown(columns[dropped].name)} only counts the rows: it is left out.`],
  }
}

/** Where no single column is called like labels, several may hold them. */
function labelDoubt(columns: readonly ColumnFacts[], label: number, candidates: readonly number[], file: string): Doubt[] {
  const nameOf = (column: number) => columns[column].name.trim()
  const named = candidates.filter((column) => isLabelName(nameOf(column)))
  const possible =
    named.length > 1 ? named : candidates.filter((column) => !pixelNames.test(nameOf(column)) && !otherNames.test(nameOf(column)))
  if (named.length === 1 || possible.length < 2) return []
  const words = (column: number) => {
    const asked = askedBy(columns, column)
    const number = asked === columns[column].name ? '' : `, column ${asked}`
    return `${shown(nameOf(column))} (${columns[column].values!.size} values${number})`
  }
  const others = possible.filter((column) => column !== label)
  return [
    {
      code: 'label-column',
      message: `${file}: several columns may hold the labels: ${possible.map(words).join(', ')}.`,
      choices: [label, ...others].map((column) => ({
        words: `The labels are in ${words(column)}.`,
        options: { labelColumn: askedBy(columns, column) },
      })),
    },
  ]
}

function guessLabel(columns: readonly ColumnFacts[], candidates: readonly number[], rows: number, file: string): number {
  // What is called like labels holds them: if it cannot, that is what the person should hear of.
  const named = [...candidates, ...columns.keys()].find((column) => isLabelName(columns[column].name))
  if (named !== undefined) return named
  const texts = candidates.filter((column) => columns[column].texts > rows / 2)
  if (texts.length === 1) return texts[0]
  // Labels often are 0, 1, 2, ... without a gap; pixels hardly ever.
  const counting = candidates.filter((column) => {
    const { min, max, whole, values } = columns[column]
    return whole && (min === 0 || min === 1) && values!.size === max - min + 1
  })
  // Behind numbers of the rows, the second column is the first.
  const first = rows > fewRows && countsRows(columns[0], rows) ? 1 : 0
  const [chosen] = [...counting, ...candidates].filter((column) => column === first || column === columns.length - 1)
  if (chosen !== undefined) return chosen
  throw new LabError(
    'bad-input',
    `${file}: no column looks like labels (from 2 to 256 different values, first, last or called "label").`,
    'Say which it is, by its name or its number from 1.',
    { settings: { labelColumn: null } },
  )
}

/** What a column is asked for by: its name, or its number from 1 where an earlier one has the same. */
export function askedBy(columns: readonly { name: string }[], column: number): string {
  const name = columns[column].name
  return columns.findIndex((one) => one.name.trim() === name.trim()) === column ? name : String(column + 1)
}

/** Whether a column numbers the rows. */
function countsRows({ whole, min, max }: ColumnFacts, rows: number): boolean {
  return whole && max - min + 1 === rows
}

/** The column of a name, or of a number from 1. @throws LabError `invalid-argument` */
export function findColumn(columns: readonly ColumnFacts[], wanted: string, file: string): number {
  const byName = columns.findIndex(({ name }) => name.trim() === wanted.trim())
  if (byName >= 0) return byName
  const byNumber = /^\d{1,5}$/.test(wanted) ? Number(wanted) - 1 : -1
  if (byNumber >= 0 && byNumber < columns.length) return byNumber
  const names = columns.slice(0, 8).map(({ name }) => shown(name))
  throw new LabError(
    'invalid-argument',
    `${file} has no column "${shown(wanted)}"; its ${columns.length} columns are ${names.join(', ')}${columns.length > names.length ? ', ...' : ''}.`,
    'Give one of these names, or a number from 1.',
  )
}

/** All columns of numbers but the labels; where some are called like pixels, only these. */
function pixelColumns(
  columns: readonly ColumnFacts[],
  label: number,
  rows: number,
  apart: ReadonlySet<number>,
): { pixels: number[]; notes: string[] } {
  const numbers = columns.flatMap(({ texts }, column) => (column !== label && !apart.has(column) && texts <= rows / 2 ? [column] : []))
  const named = numbers.filter((column) => pixelNames.test(columns[column].name.trim()))
  const pixels =
    named.length > numbers.length / 2
      ? named
      : numbers.filter((column) => !otherNames.test(columns[column].name.trim()) && !isLabelName(columns[column].name))
  const left = columns.flatMap(({ name }, column) =>
    column === label || apart.has(column) || pixels.includes(column)
      ? []
      : [name === '' ? `the one without a name (${column + 1})` : shown(name)],
  )
  const more = left.length > 5 ? `, and ${left.length - 5} more` : ''
  return { pixels, notes: left.length === 0 ? [] : [`Columns that are no pixels were left out: ${left.slice(0, 5).join(', ')}${more}.`] }
}

/**
 * Columns of pixels in the order of the numbers that they are called by: sorted as texts, `pixel10` stands before `pixel2`.
 * Of names with several numbers (`1x1`) nothing else is put in order: which of them is the row is not told.
 */
function inPlace(columns: readonly ColumnFacts[], pixels: number[]): number[] {
  const names = pixels.map((column) => columns[column].name.trim())
  const numbers = names.map((name) => (name.match(/\d+/g) ?? []).map(Number))
  const words = new Set(names.map((name) => name.replace(/\d+/g, '#')))
  if (words.size !== 1 || numbers[0].length === 0 || new Set(names).size < names.length) return pixels
  const compare = (a: readonly number[], b: readonly number[]) => a.map((one, i) => one - b[i]).find((less) => less !== 0) ?? 0
  const order = names.map((_, i) => i).sort((a, b) => compare(numbers[a], numbers[b]))
  if (order.every((at, i) => at === i)) return pixels
  const asTexts = names.every((name, i) => i === 0 || names[i - 1] < name)
  return numbers[0].length === 1 || asTexts ? order.map((at) => pixels[at]) : pixels
}

/** Of columns called like pixels, so many without numbers are no remarks. */
const mostLost = 4

/** Columns that are called like pixels and hold texts: letters of base 16, or nothing where a pixel is 0. @param most of them, and more than of numbers @throws LabError `bad-input` */
function refuseLost(columns: readonly ColumnFacts[], pixels: readonly number[], rows: number, file: string, most: number): void {
  const lost = columns.filter(({ name, texts }, column) => isPixelName(name) && texts > rows / 2 && !pixels.includes(column))
  const [wrong] = lost
  if (wrong === undefined || lost.length < most || (most > 1 && lost.length < pixels.length)) return
  const [are, hold] = lost.length === 1 ? ['is', 'holds'] : ['are', 'hold']
  throw new LabError(
    'bad-input',
    `${file}: ${plural(lost.length, 'column')} of ${lost.length + pixels.length} ${are} called like pixels, but ${hold} no numbers in most rows: ${shown(wrong.name)} is "${shown(wrong.text ?? '')}".`,
    'Write a number into each cell of a pixel, such as 0 where there is none.',
  )
}

/** @returns the shape, and a column to drop so that it fits: one that only counts the rows */
function shapeOf(
  columns: readonly ColumnFacts[],
  pixels: readonly number[],
  rows: number,
  chosen: ImageShape | undefined,
  file: string,
): { shape: ImageShape; dropped: number | null } {
  const fitting = (count: number): ImageShape | null => {
    if (chosen === undefined) return squareOf(count)
    return chosen.height * chosen.width * chosen.channels === count ? chosen : null
  }
  refuseLost(columns, pixels, rows, file, mostLost)
  const shape = fitting(pixels.length)
  if (shape !== null) return { shape, dropped: null }
  const [first] = pixels
  const counts = first !== undefined && countsRows(columns[first], rows)
  const without = counts ? fitting(pixels.length - 1) : null
  if (without !== null) return { shape: without, dropped: first }
  if (chosen !== undefined)
    throw new LabError(
      'invalid-argument',
      `The shape ${shapeWords(chosen)} has ${chosen.height * chosen.width * chosen.channels} pixels, but a row of ${file} has ${pixels.length}.`,
      'Give another shape, or another column of labels.',
    )
  refuseLost(columns, pixels, rows, file, 1)
  throw new LabError(
    'bad-input',
    `${file}: its rows have ${pixels.length} pixels, which are no square.`,
    'Say what they are (height, width, channels), or which column holds the labels.',
    { settings: { shape: null, labelColumn: null } },
  )
}
