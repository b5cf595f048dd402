/**
 * Walks over a structure in Thrift's compact protocol, as parquet's footer and page headers are written,
 * without keeping anything: so that the library that reads it afterwards meets no number without end, no
 * list longer than the bytes and no nesting without bottom.
 */

/** Deepest nesting; parquet's own structures have about six levels. */
const deepest = 32
/** Bytes of the longest number: 64 bits, 7 a byte. */
const longestNumber = 10

/**
 * @returns where the structure ends
 * @throws Error saying what is wrong, and at which byte
 */
export function skipStructure(bytes: Uint8Array, from: number): number {
  let at = from
  const skip = (count: number): void => {
    if (at + count > bytes.length) throw new Error(`it ends within a structure (byte ${at})`)
    at += count
  }
  const byte = (): number => {
    skip(1)
    return bytes[at - 1]
  }
  /** 7 bits a byte; only its lower 32 bits are given. */
  const number = (): number => {
    let value = 0
    for (let i = 0; i < longestNumber; i++) {
      const next = byte()
      if (i < 5) value += (next & 0x7f) * 2 ** (7 * i)
      if (next < 0x80) return value
    }
    throw new Error(`a number at byte ${at - longestNumber} does not end`)
  }
  const list = (depth: number): void => {
    const head = byte()
    const size = head >> 4 === 15 ? number() : head >> 4
    if (size > bytes.length - at) throw new Error(`a list of ${size} at byte ${at} is longer than what follows`)
    const kind = head & 0x0f
    // Truth values stand in the head of a field, but in a byte of a list.
    for (let i = 0; i < size; i++) element(kind === 1 || kind === 2 ? 3 : kind, depth)
  }
  const element = (type: number, depth: number): void => {
    if (type === 3) skip(1)
    else if (type >= 4 && type <= 6) number()
    else if (type === 7) skip(8)
    else if (type === 8) skip(number())
    else if (type === 9) list(depth)
    else if (type === 12) structure(depth + 1)
    else if (type !== 1 && type !== 2) throw new Error(`the type ${type} at byte ${at} is none of parquet's`)
  }
  const structure = (depth: number): void => {
    if (depth > deepest) throw new Error(`a structure at byte ${at} is nested more than ${deepest} deep`)
    for (let head = byte(); (head & 0x0f) !== 0; head = byte()) {
      if (head >> 4 === 0) number()
      element(head & 0x0f, depth)
    }
  }
  structure(0)
  return at
}
