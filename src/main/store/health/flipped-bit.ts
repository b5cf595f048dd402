/** Finds the one bit that has changed in a database or its log, from their checksums, and puts it back. */

const polynomial = 0xedb88320

/**
 * A file of which one bit has changed. A CRC is linear: what the bit changes in it depends on its place alone, and
 * no two places within 500 MB change it alike.
 * @param found CRC-32 of the bytes
 * @param expected of what they were
 * @returns whether it was put back; false: more than one bit has changed
 */
export function mendFile(bytes: Uint8Array, found: number, expected: number): boolean {
  const wanted = (found ^ expected) >>> 0
  let state = 1
  for (let n = 0; n < 8 * bytes.length; n++) {
    state = state & 1 ? (state >>> 1) ^ polynomial : state >>> 1
    if (state >>> 0 !== wanted) continue
    bytes[bytes.length - 1 - (n >> 3)] ^= 1 << (7 - (n & 7))
    return true
  }
  return false
}

const headerBytes = 32
const frameHeaderBytes = 24

/**
 * SQLite's write-ahead log, in which each frame carries a checksum of all before it: at a frame that does not match,
 * SQLite takes it for the end. https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 * @returns bits that were put back; a frame that cannot be mended, and all behind it, stay as they are
 */
export function mendLog(bytes: Uint8Array): number {
  if (bytes.length < headerBytes) return 0
  const log = new Log(bytes)
  const frame = (at: number, size: number): Part => ({
    at: [
      [at, 8],
      [at + frameHeaderBytes, size - frameHeaderBytes],
    ],
    sums: at + 16,
  })
  // The size of a page may itself be the wrong one: it is a power of two.
  const size = frameHeaderBytes + (bitsOf(log.word(8)) === 1 ? log.word(8) : 4096)
  const last = bytes.length - size
  let mended = log.mend({ at: [[0, 24]], sums: 24 }, [0, 0], frame(headerBytes, size), (places) => places.at(0)) ?? -1
  if (mended < 0) return 0
  for (let at = headerBytes; at <= last; at += size) {
    const salts = log.mendSalts(at + 8)
    if (salts === null) break // of an older log, behind the end of this one
    const before = log.sumsAt(at === headerBytes ? 24 : at - size + 16)
    const next = at + size <= last ? frame(at + size, size) : null
    const bits = log.mend(frame(at, size), before, next, (places) => log.likeliest(places, at, size))
    if (bits === null) break
    mended += salts + bits
  }
  return mended
}

/** The first page of a database as its log has it; null: it has none. */
export function firstPage(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < headerBytes) return null
  const log = new Log(bytes)
  const size = frameHeaderBytes + log.word(8)
  for (let at = headerBytes; at + size <= bytes.length; at += size) {
    if (log.word(at) === 1) return bytes.slice(at + frameHeaderBytes, at + size)
  }
  return null
}

type Sums = readonly [number, number]
type Parts = readonly (readonly [start: number, length: number])[]
interface Part {
  at: Parts
  /** Where its sums stand. */
  sums: number
}
interface Place {
  byte: number
  bit: number
}

class Log {
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  word(at: number): number {
    return this.#view.getUint32(at)
  }

  sumsAt(at: number): Sums {
    return [this.word(at), this.word(at + 4)]
  }

  /** The magic number says in which order words are summed. */
  #summed(at: number): number {
    return this.#view.getUint32(at, (this.#bytes[3] & 1) === 0)
  }

  /**
   * Compares the sums of a part with those that are stored, and puts back the bit by which they differ.
   * @param next goes on from these sums: it tells whether they or what they are of have changed
   * @param choose among places where one bit would explain it
   * @returns bits put back, 0 or 1; null: it cannot be mended
   */
  mend(part: Part, before: Sums, next: Part | null, choose: (places: Place[]) => Place | undefined): number | null {
    const found = this.#sumUp(part.at, before)
    const stored = this.sumsAt(part.sums)
    const wrong = bitsOf(found[0] ^ stored[0]) + bitsOf(found[1] ^ stored[1])
    if (wrong === 0) return 0
    const isSound = next !== null && isSame(this.#sumUp(next.at, stored), this.sumsAt(next.sums))
    if (wrong === 1 && !isSound) {
      this.#view.setUint32(part.sums, found[0])
      this.#view.setUint32(part.sums + 4, found[1])
      return 1
    }
    const place = choose(this.#places(part.at, [(stored[0] - found[0]) | 0, (stored[1] - found[1]) | 0]))
    if (place === undefined) return null
    this.#bytes[place.byte] ^= place.bit
    return 1
  }

  #sumUp(parts: Parts, [a, b]: Sums): Sums {
    for (const [start, length] of parts) {
      for (let at = start; at < start + length; at += 8) {
        a = (a + this.#summed(at) + b) >>> 0
        b = (b + this.#summed(at + 4) + a) >>> 0
      }
    }
    return [a, b]
  }

  /** Bits that, put back, change the sums by so much: backwards, with what one more in a word adds to both sums at the end. */
  #places(parts: Parts, change: Sums): Place[] {
    const places: Place[] = []
    let [a0, a1, b0, b1] = [1, 0, 0, 1] // sums at the end = [[a0, a1], [b0, b1]] times the sums here
    const look = (at: number, byA: number, byB: number): void => {
      const word = this.#summed(at)
      for (let i = 0; i < 32; i++) {
        const step = word & (1 << i) ? -(1 << i) : 1 << i
        if (Math.imul(step, byA) !== change[0] || Math.imul(step, byB) !== change[1]) continue
        const byte = (this.#bytes[3] & 1) === 0 ? i >> 3 : 3 - (i >> 3)
        places.push({ byte: at + byte, bit: 1 << (i & 7) })
      }
    }
    for (const [start, length] of parts.toReversed()) {
      for (let at = start + length - 8; at >= start; at -= 8) {
        look(at + 4, a1, b1)
        look(at, (a0 + a1) | 0, (b0 + b1) | 0)
        ;[a0, a1, b0, b1] = [(a0 + a1) | 0, (a0 + 2 * a1) | 0, (b0 + b1) | 0, (b0 + 2 * b1) | 0]
      }
    }
    return places
  }

  /**
   * The sums are weak in high bits: several places may explain it. A page that is written again later may be as it likes;
   * else one byte goes back to what it was in the page's version before.
   */
  likeliest(places: readonly Place[], frame: number, size: number): Place | undefined {
    if (places.length <= 1) return places.at(0)
    const inPage = places.filter(({ byte }) => byte >= frame + frameHeaderBytes)
    const isSamePage = (at: number): boolean => this.word(at) === this.word(frame) && this.word(at + 8) === this.word(16)
    for (let at = frame + size; at + size <= this.#bytes.length; at += size) if (isSamePage(at)) return inPage.at(0)
    for (let at = frame - size; at >= headerBytes; at -= size) {
      if (!isSamePage(at)) continue
      const same = inPage.filter(({ byte, bit }) => (this.#bytes[byte] ^ bit) === this.#bytes[byte - frame + at])
      return same.length === 1 ? same[0] : undefined
    }
    return undefined
  }

  /** Each frame repeats the two numbers that tell this log from older ones. @returns bits put back; null: they are others */
  mendSalts(at: number): number | null {
    const [a, b] = this.sumsAt(16)
    const different = bitsOf(this.word(at) ^ a) + bitsOf(this.word(at + 4) ^ b)
    if (different > 1) return null
    this.#view.setUint32(at, a)
    this.#view.setUint32(at + 4, b)
    return different
  }
}

const isSame = (a: Sums, b: Sums): boolean => a[0] === b[0] && a[1] === b[1]

function bitsOf(word: number): number {
  let count = 0
  for (let rest = word >>> 0; rest !== 0; rest >>>= 1) count += rest & 1
  return count
}
