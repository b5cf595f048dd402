/**
 * The wire format between farm processes: frames of a small JSON header and raw numbers.
 *
 *     u32 header bytes | u32 payload bytes | header, UTF-8 | payload: float32, little-endian
 *
 * Numbers are sent as views on the sender's arrays and land in one new buffer at the receiver's:
 * one copy, which cannot be saved since a stream brings them in pieces.
 */

/** Header bytes at most; anything longer is not one of ours. */
const longestHeader = 1 << 16
/** Payload bytes at most (1 GiB). */
const longestPayload = 1 << 30
const prefix = 8

export interface Frame {
  header: unknown
  payload: Float32Array
}

/** A way for bytes to another process, in order and without loss; a socket, in life. */
export interface FarmPort {
  /** Sends the parts as one stretch of bytes. They must not change until they have left. */
  send(parts: readonly Uint8Array[]): void
  onBytes(handler: (bytes: Uint8Array) => void): void
  /** Called once, when no more bytes will come. */
  onClose(handler: () => void): void
  close(): void
}

/** Views of a frame's bytes, ready to be sent. */
export function encodeFrame(header: object, numbers: readonly Float32Array[]): Uint8Array[] {
  const text = new TextEncoder().encode(JSON.stringify(header))
  const start = new Uint8Array(prefix + text.length)
  const view = new DataView(start.buffer)
  view.setUint32(0, text.length, true)
  view.setUint32(
    4,
    numbers.reduce((sum, part) => sum + part.byteLength, 0),
    true,
  )
  start.set(text, prefix)
  return [start, ...numbers.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength))]
}

/** Puts frames together again from bytes as they come. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void
  /** What is being filled: the two lengths, then the header, then the payload. */
  #stage: 'lengths' | 'header' | 'payload' = 'lengths'
  #part = new Uint8Array(prefix)
  #filled = 0
  #payloadLength = 0
  #header: unknown

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame
  }

  /**
   * Takes the next bytes of the stream, and calls back for each frame that they complete.
   * @throws Error when the bytes are no frame; the stream cannot be used any further
   */
  push(bytes: Uint8Array): void {
    let at = 0
    for (;;) {
      const take = Math.min(this.#part.length - this.#filled, bytes.length - at)
      this.#part.set(bytes.subarray(at, at + take), this.#filled)
      this.#filled += take
      at += take
      if (this.#filled < this.#part.length) return
      this.#partFull()
    }
  }

  #partFull(): void {
    const part = this.#part
    if (this.#stage === 'lengths') {
      const view = new DataView(part.buffer)
      const header = view.getUint32(0, true)
      this.#payloadLength = view.getUint32(4, true)
      if (header === 0 || header > longestHeader || this.#payloadLength > longestPayload || this.#payloadLength % 4 !== 0) {
        throw new Error(`Not a farm frame: a header of ${header} bytes and a payload of ${this.#payloadLength}.`)
      }
      this.#expect('header', header)
    } else if (this.#stage === 'header') {
      this.#header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(part))
      this.#expect('payload', this.#payloadLength)
    } else {
      this.#expect('lengths', prefix)
      this.#onFrame({ header: this.#header, payload: new Float32Array(part.buffer) })
    }
  }

  #expect(stage: 'lengths' | 'header' | 'payload', length: number): void {
    this.#stage = stage
    this.#part = new Uint8Array(length)
    this.#filled = 0
  }
}
