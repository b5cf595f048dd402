/** Numbers in words, plain enough for a terminal and every other place that has no room for typesetting. */

export const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`

export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** A whole number with thousands separated: 13,000. */
export const count = (value: number): string => Math.round(value).toLocaleString('en-US')

/** 1 network, 2 networks. */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`
