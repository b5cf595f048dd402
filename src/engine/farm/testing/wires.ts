/** In-memory ports for tests: what one end sends arrives at the other later, in pieces. */
import type { FarmPort } from '../wire.ts'

class End implements FarmPort {
  other!: End
  #closed = false
  #onBytes: (bytes: Uint8Array) => void = () => undefined
  #onClose: () => void = () => undefined

  send(parts: readonly Uint8Array[]): void {
    setImmediate(() => {
      for (const part of parts) {
        const middle = part.length >> 1
        this.other.#deliver(part.slice(0, middle))
        this.other.#deliver(part.slice(middle))
      }
    })
  }

  onBytes(handler: (bytes: Uint8Array) => void): void {
    this.#onBytes = handler
  }

  onClose(handler: () => void): void {
    this.#onClose = handler
  }

  close(): void {
    setImmediate(() => {
      this.#hangUp()
      this.other.#hangUp()
    })
  }

  #deliver(bytes: Uint8Array): void {
    if (!this.#closed) this.#onBytes(bytes)
  }

  #hangUp(): void {
    if (this.#closed) return
    this.#closed = true
    this.#onClose()
  }
}

/** Two ends of a wire. */
export function wire(): [FarmPort, FarmPort] {
  const [a, b] = [new End(), new End()]
  a.other = b
  b.other = a
  return [a, b]
}

/** One turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
