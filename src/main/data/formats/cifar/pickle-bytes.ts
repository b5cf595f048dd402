/** Bytes of a pickle, taken one value after the other; never beyond their end. */
import { badInput } from '../../bad-input.ts'

/** Characters of the longest name. */
const longestName = 1000
/** Python 2 wrote the bytes of arrays as strings: what is longer than this is no text. */
const longestText = 1 << 16

export class PickleBytes {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #name: string
  /** Where the next value begins. */
  at = 0

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#name = name
  }

  u8(): number {
    return this.#bytes[this.#skip(1)]
  }

  u16(): number {
    return this.#view.getUint16(this.#skip(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#skip(4), true)
  }

  i32(): number {
    return this.#view.getInt32(this.#skip(4), true)
  }

  f64(): number {
    return this.#view.getFloat64(this.#skip(8))
  }

  /** A size of 8 bytes. */
  size8(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true))
  }

  /** A whole number, not negative, of so many bytes. */
  long(count: number): number {
    if (count > 8) throw badInput(this.#name, `its pickle has a number of ${count} bytes (byte ${this.at}).`)
    return this.take(count).reduceRight((sum, byte) => sum * 256 + byte, 0)
  }

  take(count: number): Uint8Array {
    const at = this.#skip(count)
    return this.#bytes.subarray(at, at + count)
  }

  latin(count: number): string {
    return Buffer.from(this.take(count)).toString('latin1')
  }

  /** A string of Python 2: text, or bytes where it is long. */
  string(count: number): string | Uint8Array {
    return count > longestText ? this.take(count) : this.latin(count)
  }

  text(count: number): string {
    return Buffer.from(this.take(count)).toString('utf8')
  }

  /** A name that ends with its line. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at)
    if (end < 0 || end - this.at > longestName) throw badInput(this.#name, `the name at byte ${this.at} of its pickle does not end.`)
    const text = this.latin(end - this.at)
    this.at++
    return text
  }

  /** Moves on. @returns where it was */
  #skip(count: number): number {
    const { at } = this
    if (at + count > this.#bytes.length) throw badInput(this.#name, `it ends at byte ${this.#bytes.length}, in the middle of its pickle.`)
    this.at += count
    return at
  }
}
