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
  const walk = new Walk(bytes, from)
  walk.structure(0)
  return walk.at
}

class Walk {
  readonly #bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes
    this.at = from
  }

  structure(depth: number): void {
    if (depth > deepest) throw new Error(`a structure at byte ${this.at} is nested more than ${deepest} deep`)
    for (;;) {
      const head = this.#byte()
      if ((head & 0x0f) === 0) return
      if (head >> 4 === 0) this.#number()
      this.#element(head & 0x0f, depth)
    }
  }

  #element(type: number, depth: number): void {
    switch (type) {
      case 1: // true
      case 2: // false
        return
      case 3: // byte
        this.#skip(1)
        return
      case 4: // 16, 32 and 64 bits
      case 5:
      case 6:
        this.#number()
        return
      case 7: // double
        this.#skip(8)
        return
      case 8: // binary
        this.#skip(this.#number())
        return
      case 9: {
        // list
        const head = this.#byte()
        const size = head >> 4 === 15 ? this.#number() : head >> 4
        if (size > this.#bytes.length - this.at) throw new Error(`a list of ${size} at byte ${this.at} is longer than what follows`)
        const kind = head & 0x0f
        for (let i = 0; i < size; i++) this.#element(kind === 1 || kind === 2 ? 3 : kind, depth)
        return
      }
      case 12:
        this.structure(depth + 1)
        return
      default:
        throw new Error(`the type ${type} at byte ${this.at} is none of parquet's`)
    }
  }

  /** A number of 7 bits a byte; only its lower 32 bits are given. */
  #number(): number {
    let value = 0
    for (let i = 0; i < longestNumber; i++) {
      const byte = this.#byte()
      if (i < 5) value += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) return value
    }
    throw new Error(`a number at byte ${this.at - longestNumber} does not end`)
  }

  #byte(): number {
    this.#skip(1)
    return this.#bytes[this.at - 1]
  }

  #skip(count: number): void {
    if (this.at + count > this.#bytes.length) throw new Error(`it ends within a structure (byte ${this.at})`)
    this.at += count
  }
}
