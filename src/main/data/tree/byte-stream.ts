/** Bytes that come in pieces, taken from front to back in portions of other sizes. */
import { badInput } from '../bad-input.ts'

/** Bytes that may be taken in one portion. */
const most = 1 << 16

export class ByteStream {
  readonly #pieces: AsyncIterator<Uint8Array>
  readonly #name: string
  #piece: Uint8Array = new Uint8Array(0)
  #position = 0

  /** @param name of the file, for errors */
  constructor(pieces: AsyncIterable<Uint8Array>, name: string) {
    this.#pieces = pieces[Symbol.asyncIterator]()
    this.#name = name
  }

  /** Bytes taken so far. */
  get position(): number {
    return this.#position
  }

  /** @throws LabError `bad-input` when they are not there, or more than are taken at a time */
  async take(length: number): Promise<Uint8Array> {
    if (length > most) throw badInput(this.#name, `a name or a shape declares ${length} bytes.`)
    const parts: Uint8Array[] = []
    for await (const part of this.pieces(length)) parts.push(part)
    return Buffer.concat(parts)
  }

  async skip(length: number): Promise<void> {
    for await (const part of this.pieces(length)) void part
  }

  /** The next bytes as they come. @throws LabError `bad-input` when they end too early */
  async *pieces(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0;) {
      if (!(await this.#more())) throw badInput(this.#name, `it ends within an array: ${left} of ${length} bytes are missing.`)
      const part = this.#piece.subarray(0, left)
      this.#piece = this.#piece.subarray(part.length)
      this.#position += part.length
      left -= part.length
      yield part
    }
  }

  /** @throws LabError `bad-input` when something follows */
  async expectEnd(): Promise<void> {
    if (await this.#more()) throw badInput(this.#name, 'more bytes follow an array than it declares.')
  }

  async #more(): Promise<boolean> {
    while (this.#piece.length === 0) {
      const next = await this.#pieces.next()
      if (next.done === true) return false
      this.#piece = next.value
    }
    return true
  }
}
