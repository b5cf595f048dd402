/** Values counted in equal-width bins. */

export interface Bins {
  /** Lower edge of each bin, then the upper edge of the last. */
  edges: number[]
  counts: number[]
}

/** @param bins how many; values that are not finite are left out, and a lone value gets a bin around it */
export function binned(values: ArrayLike<number>, bins: number): Bins {
  const finite = Array.from(values).filter(Number.isFinite)
  if (finite.length === 0) return { edges: [], counts: [] }
  let min = finite.reduce((least, value) => Math.min(least, value))
  let max = finite.reduce((greatest, value) => Math.max(greatest, value))
  if (min === max) {
    const around = Math.abs(min) * 1e-3 || 1e-3
    min -= around
    max += around
  }
  const counts = Array.from({ length: bins }, () => 0)
  for (const value of finite) counts[Math.min(Math.floor(((value - min) / (max - min)) * bins), bins - 1)]++
  return { edges: Array.from({ length: bins + 1 }, (_, edge) => min + ((max - min) * edge) / bins), counts }
}
