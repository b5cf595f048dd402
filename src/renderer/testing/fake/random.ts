/** Numbers that are the same each time (mulberry32). */

export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** About normal, by the sum of a few uniform ones. */
export function normal(next: () => number): number {
  let sum = -3
  for (let part = 0; part < 6; part++) sum += next()
  return sum * 1.41
}
