/** Points of the plane in Morton order: sorted by a code that takes a bit of each coordinate in turn, so that near ones tend to be neighbours. */

/** Bits of a coordinate in a code. */
export const BITS = 16

export class MortonOrder {
  readonly #n: number
  /** Coordinates in order, and the index each point had before. */
  readonly x: Float64Array
  readonly y: Float64Array
  order: Uint32Array
  /** In order. */
  codes: Uint32Array
  #codesOther: Uint32Array
  #orderOther: Uint32Array
  readonly #histogram = new Uint32Array(3 * 2048)

  constructor(n: number) {
    this.#n = n
    this.x = new Float64Array(n)
    this.y = new Float64Array(n)
    this.order = new Uint32Array(n)
    this.codes = new Uint32Array(n)
    this.#codesOther = new Uint32Array(n)
    this.#orderOther = new Uint32Array(n)
  }

  /** Brings points into order, [n] each: radix sort of their codes, 11 bits a pass. */
  sort(x: Float64Array, y: Float64Array): void {
    const n = this.#n
    let left = Infinity
    let right = -Infinity
    let bottom = Infinity
    let top = -Infinity
    for (let i = 0; i < n; i++) {
      if (x[i] < left) left = x[i]
      if (x[i] > right) right = x[i]
      if (y[i] < bottom) bottom = y[i]
      if (y[i] > top) top = y[i]
    }
    const scale = (2 ** BITS - 1) / Math.max(right - left, top - bottom, Number.MIN_VALUE * 2 ** BITS)
    const histogram = this.#histogram.fill(0)
    for (let i = 0; i < n; i++) {
      const code = ((spread((x[i] - left) * scale) << 1) | spread((y[i] - bottom) * scale)) >>> 0
      this.codes[i] = code
      this.order[i] = i
      histogram[code & 2047]++
      histogram[2048 + ((code >>> 11) & 2047)]++
      histogram[4096 + (code >>> 22)]++
    }
    for (let pass = 0; pass < 3; pass++) {
      const base = 2048 * pass
      for (let digit = 0, before = 0; digit < 2048; digit++) {
        const count = histogram[base + digit]
        histogram[base + digit] = before
        before += count
      }
      const codes = this.codes
      const codesOther = this.#codesOther
      const order = this.order
      const orderOther = this.#orderOther
      for (let i = 0; i < n; i++) {
        const to = histogram[base + ((codes[i] >>> (11 * pass)) & 2047)]++
        codesOther[to] = codes[i]
        orderOther[to] = order[i]
      }
      this.codes = codesOther
      this.#codesOther = codes
      this.order = orderOther
      this.#orderOther = order
    }
    for (let i = 0; i < n; i++) {
      this.x[i] = x[this.order[i]]
      this.y[i] = y[this.order[i]]
    }
  }
}

/** Puts a zero between the lower 16 bits of a number. */
function spread(value: number): number {
  let bits = value & 0xffff
  bits = (bits | (bits << 8)) & 0x00ff00ff
  bits = (bits | (bits << 4)) & 0x0f0f0f0f
  bits = (bits | (bits << 2)) & 0x33333333
  return (bits | (bits << 1)) & 0x55555555
}
