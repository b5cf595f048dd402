/**
 * Wilson's 95% score interval of a proportion: how far an accuracy could be off because it was
 * measured on so many images and no more (Wilson 1927, equation 4 solved for p).
 */
export function wilson(proportion: number, trials: number): { low: number; high: number } {
  if (trials <= 0 || !Number.isFinite(proportion)) return { low: NaN, high: NaN }
  const z = 1.959964
  const scale = 1 + (z * z) / trials
  const centre = (proportion + (z * z) / (2 * trials)) / scale
  const half = (z / scale) * Math.sqrt((proportion * (1 - proportion)) / trials + (z * z) / (4 * trials * trials))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}
