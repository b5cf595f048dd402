/** The NPY format, version 1.0: numpy/lib/format.py says what its header holds. */

/** Element types, as numpy writes them: order of bytes, kind, bytes or characters. */
export type NpyType = `${'<' | '>' | '|'}${'b' | 'i' | 'u' | 'f' | 'U'}${number}`

/** Magic, version and header of an array; its elements follow. Aligned to 64 bytes, as numpy does. @param fortran the first index runs fastest */
export function npyHeader(type: NpyType, shape: readonly number[], fortran = false): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const text = `{'descr': '${type}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${tuple}, }`
  const prefix = 10
  const padded = text.padEnd(Math.ceil((prefix + text.length + 1) / 64) * 64 - prefix - 1) + '\n'
  const header = Buffer.alloc(prefix + padded.length)
  header.write('\x93NUMPY\x01\x00', 0, 'latin1')
  header.writeUInt16LE(padded.length, 8)
  header.write(padded, prefix, 'latin1')
  return header
}

/** A text as numpy keeps it: an array without dimensions, four bytes a character. */
export function npyText(text: string): { type: NpyType; shape: []; bytes: Uint8Array } {
  const characters = Array.from(text)
  const bytes = Buffer.alloc(4 * Math.max(1, characters.length))
  characters.forEach((character, i) => bytes.writeUInt32LE(character.codePointAt(0)!, 4 * i))
  return { type: `<U${Math.max(1, characters.length)}`, shape: [], bytes }
}
