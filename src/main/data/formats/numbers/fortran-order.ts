/** Arrays in Fortran order: the first index, which counts the images, runs fastest. */
import { badInput } from '../../bad-input.ts'
import type { ImportContext } from '../../context.ts'
import type { NumberArray } from './array-header.ts'

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
