/** A fixed shuffle: the same number of images always comes into the same order, on every machine. */

/** Seed of the order in which images of one file are dealt out to training, validation and test; of a run's own split where none is named. */
export const shuffleSeed = 1

/** 0 to count - 1 in a fixed random order (Fisher-Yates). */
export function shuffledOrder(count: number, seed: number): Uint32Array {
  const next = mulberry32(seed)
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor((next() * (i + 1)) / 2 ** 32)
    const swapped = order[i]
    order[i] = order[j]!
    order[j] = swapped
  }
  return order
}

/** Numbers from 0 to below 1, the same on every machine. */
export function randomShares(seed: number): () => number {
  const next = mulberry32(seed)
  return () => next() / 2 ** 32
}

/** 32-bit numbers (T. Ettinger's mulberry32): integer arithmetic only, so the same everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return (x ^ (x >>> 14)) >>> 0
  }
}
