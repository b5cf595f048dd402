/** Numbers in words, plain enough for a terminal and every other place that has no room for typesetting. */

const missing = 'n/a'

export const percent = (fraction: number): string => (Number.isFinite(fraction) ? `${(100 * fraction).toFixed(2)} %` : missing)

/** A fraction of 1 with three decimals, as accuracies are given in reports: 0.948. */
export const fraction = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : missing)

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
