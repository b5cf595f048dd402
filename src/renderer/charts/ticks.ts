/** Round values along an axis. */

/** @returns about `wanted` values from min to max, in steps of 1, 2 or 5 times a power of ten; none where there is no room */
export function ticks(min: number, max: number, wanted: number): number[] {
  const span = max - min
  if (!(span > 0) || wanted < 1) return []
  const rough = span / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  const first = Math.ceil(min / step)
  const last = Math.floor(max / step)
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}
