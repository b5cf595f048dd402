/** Arrays in Fortran order, of which the first index runs fastest: it may count the images, or the rows of one. */
import { badInput } from '../../bad-input.ts'
import type { ImportContext } from '../../context.ts'
import type { ArrayHeader, NumberArray } from './array-header.ts'

/**
 * MATLAB counts images by the last index: each then stands by itself, first index fastest. Told by how many labels there are.
 * @param counts of labels
 * @throws LabError `bad-input` where the first index and the last may count them
 */
export function countedLast(header: ArrayHeader, counts: ReadonlySet<number>, name: string): ArrayHeader {
  const { shape, fortran } = header
  const last = shape.at(-1)
  if (!fortran || last === undefined || !counts.has(last)) return header
  if (counts.has(shape[0])) {
    const areLast = shape[2] <= 4
    if (shape.length !== 4 || areLast === shape[1] <= 4)
      throw badInput(
        name,
        `has the shape ${shape.join(' x ')}: its first index and its last may count the images.`,
        'Save it with one image fewer.',
      )
    if (!areLast) return header
  }
  return { ...header, shape: [last, ...shape.slice(0, -1)], fortran: false, columns: true }
}

/** Bytes of the file that are turned at a time. */
const stretch = 1 << 20

/**
 * An image is scattered over the whole file, so that all of them are turned at once, as bytes.
 * @throws LabError `bad-input` when there are too many for memory
 */
export function checkTurnable({ file, header: { fortran, shape } }: NumberArray, { limits }: ImportContext): void {
  if (!fortran) return
  const numbers = shape.reduce((a, b) => a * b, 1)
  if (numbers > limits.wholeFileBytes)
    throw badInput(
      file.path,
      `its numbers are in Fortran order, and there are ${numbers} of them; at most ${limits.wholeFileBytes} are turned in memory.`,
      'Save it with np.ascontiguousarray(array).',
    )
}

/**
 * @param toBytes of numbers as they stand in the file
 * @returns uint8, the last index fastest
 */
export async function turned({ file, header }: NumberArray, toBytes: (piece: Uint8Array) => Uint8Array): Promise<Uint8Array> {
  const { size, offset } = header
  const [count, ...sides] = header.shape
  const numbers = sides.reduce((a, b) => a * b, 1)
  const out = new Uint8Array(count * numbers)
  let image = 0
  let place = 0
  let at = placeOf(0, sides)
  for await (const piece of file.pieces(offset, stretch - (stretch % size))) {
    for (const byte of toBytes(piece)) {
      out[image * numbers + at] = byte
      if (++image < count) continue
      image = 0
      at = placeOf(++place, sides)
    }
  }
  return out
}

/**
 * Images whose numbers have the first index fastest, each by itself.
 * @param sides of one image
 * @returns the last index fastest
 */
export function turnedEach(bytes: Uint8Array, sides: readonly number[]): Uint8Array {
  const numbers = sides.reduce((a, b) => a * b, 1)
  const places = Uint32Array.from({ length: numbers }, (_, place) => placeOf(place, sides))
  const out = new Uint8Array(bytes.length)
  for (let at = 0; at < bytes.length; at += numbers) places.forEach((to, from) => (out[at + to] = bytes[at + from]))
  return out
}

/** From a place with the first index fastest to that with the last one fastest. */
function placeOf(place: number, sides: readonly number[]): number {
  let rest = place
  let out = 0
  for (const side of sides) {
    out = out * side + (rest % side)
    rest = Math.floor(rest / side)
  }
  return out
}
