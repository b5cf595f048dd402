/** Labels in a file of numbers: whole numbers, rows with a single 1, or texts. */
import { badInput } from '../../bad-input.ts'
import type { ImportContext } from '../../context.ts'
import { isText, numbersOf, type ArrayHeader, type NumberArray } from './array-header.ts'

/**
 * The class of each image, by its name or number; rows with a single 1 stand for its place.
 * @throws LabError `bad-input` naming the label that is none
 */
export async function readLabels(
  { file, header }: NumberArray,
  { limits }: ImportContext,
  remedy: string,
): Promise<readonly (string | number)[]> {
  const [count, columns = 1] = header.shape
  const length = count * columns * header.size
  if (length > limits.wholeFileBytes)
    throw badInput(file.path, `it has ${length} bytes of labels; at most ${limits.wholeFileBytes} are read.`, remedy)
  const bytes = await file.slice(header.offset, length)
  if (isText(header)) return textsOf(bytes, header, file.path, remedy)
  const numbers = numbersOf(bytes, header)
  const [across, down] = header.fortran ? [count, 1] : [1, columns]
  return Array.from({ length: count }, (_, i) => {
    const value = columns === 1 ? numbers[i] : placeOfOne(numbers, i * down, across, columns)
    if (Number.isSafeInteger(value)) return value
    throw badInput(
      file.path,
      columns === 1
        ? `the label ${i} is ${numbers[i]}; labels are whole numbers or texts.`
        : `its row ${i} of ${columns} numbers is no label: a single 1 among zeros would be.`,
      remedy,
    )
  })
}

/** @param across how far the numbers of a row are apart */
function placeOfOne(numbers: ArrayLike<number>, from: number, across: number, columns: number): number {
  let place = NaN
  for (let i = 0; i < columns; i++) {
    const value = numbers[from + i * across]
    if (value === 0) continue
    if (value !== 1 || !Number.isNaN(place)) return NaN
    place = i
  }
  return place
}

function textsOf(bytes: Uint8Array, header: ArrayHeader, name: string, remedy: string): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  // Labels are few texts many times.
  const known = new Map<string, string>()
  return Array.from({ length: header.shape[0] }, (_, i) => {
    const item = buffer.subarray(i * header.size, (i + 1) * header.size)
    const key = item.toString('latin1')
    const before = known.get(key)
    if (before !== undefined) return before
    const text = header.kind === 'S' ? new TextDecoder().decode(item) : fromCodePoints(item, header.bigEndian)
    if (text === null) throw badInput(name, `the label ${i} is no text: its bytes are no characters.`, remedy)
    const label = text.replace(/\0+$/, '').trim()
    if (label === '') throw badInput(name, `the label ${i} is empty.`, remedy)
    known.set(key, label)
    return label
  })
}

/** Characters of four bytes; null: some are none. */
function fromCodePoints(item: Buffer, bigEndian: boolean): string | null {
  const points = Array.from({ length: item.length / 4 }, (_, i) => (bigEndian ? item.readUInt32BE(4 * i) : item.readUInt32LE(4 * i)))
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : null
}
