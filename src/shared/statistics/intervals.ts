/**
 * 95 % intervals: how far a figure could be off because it was measured on so many images or networks and no more.
 * All are of what would be found on endlessly many like them; null: what is known is too little for one.
 */
import { meanOf, type Moments } from './moments.ts'
import { studentT } from './student-t.ts'

export interface Interval {
  low: number
  high: number
}

/** 97.5th percentile of the normal distribution. */
export const z = 1.959963984540054

/** Wilson's score interval of a proportion (Wilson 1927, equation 4 solved for p). @param trials need not be whole */
export function wilson(proportion: number, trials: number): Interval | null {
  if (!(trials > 0) || !Number.isFinite(proportion)) return null
  const scale = 1 + (z * z) / trials
  const centre = (proportion + (z * z) / (2 * trials)) / scale
  const half = (z / scale) * Math.sqrt((proportion * (1 - proportion)) / trials + (z * z) / (4 * trials * trials))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/**
 * Of a share that each image has, such as the share of networks that are right on it: Wilson's interval with as many
 * trials as would vary as much (Korn and Graubard 1998). For one network these are the images; all right or all wrong
 * is no more certain than for one network.
 */
export function shareInterval({ mean, square }: Moments, images: number): Interval | null {
  const [ours, oneNetwork] = [square - mean * mean, mean * (1 - mean)]
  return wilson(mean, ours > 0 && oneNetwork > 0 ? images * Math.max(1, oneNetwork / ours) : images)
}

/** Student's interval of a mean, over networks or seeds. @param least and most: what there can be, such as 0 and 1 of shares */
export function meanInterval(values: readonly number[], least = -Infinity, most = Infinity): Interval | null {
  const n = values.length
  if (n < 2 || !values.every(Number.isFinite)) return null
  const mean = meanOf(values)
  const half = studentT(n - 1) * (standardDeviation(values) / Math.sqrt(n))
  return { low: Math.max(least, mean - half), high: Math.min(most, mean + half) }
}

/**
 * Of the difference of two means, the second less the first, of values that have nothing to do with each other (Welch 1947).
 * Of two values Welch's degrees of freedom hold too seldom, in 90 of 100 cases where the others vary less: there are then as few
 * as the smaller has, which hold in 95 at least, and mostly in 98 (Mickey and Brown 1966). Null where one's values are all alike,
 * too: so few tell nothing of others.
 */
export function differenceInterval(first: MeanOfFew, second: MeanOfFew): Interval | null {
  const [a, b] = [first.variance, second.variance]
  if (!(a > 0 && b > 0)) return null
  const freedom = (a + b) ** 2 / (a ** 2 / (first.n - 1) + b ** 2 / (second.n - 1))
  const fewest = Math.min(first.n, second.n) - 1
  const half = studentT(fewest < 2 ? fewest : freedom) * Math.sqrt(a + b)
  const difference = second.mean - first.mean
  return { low: difference - half, high: difference + half }
}

/** A mean of n values. */
interface MeanOfFew {
  n: number
  mean: number
  /** Of the mean; NaN: there are not two values. */
  variance: number
}

export const meanOfFew = (values: readonly number[]): MeanOfFew => ({
  ...{ n: values.length, mean: meanOf(values), variance: standardDeviation(values) ** 2 / values.length },
})

/** A figure, and its 95 % interval where it has one. */
interface Figured {
  value: number
  interval?: Interval | null | undefined
}

/**
 * Of the difference of two figures that have nothing to do with each other, the first less the second, from the interval of each
 * (Newcombe 1998, method 10, of shares; Zou and Donner 2008 in general). Too wide for two on the same images.
 */
export function unpairedInterval(first: Figured, second: Figured): Interval | null {
  const [ours, theirs] = [first.interval, second.interval]
  if (ours === null || ours === undefined || theirs === null || theirs === undefined) return null
  const difference = first.value - second.value
  const below = Math.hypot(first.value - ours.low, theirs.high - second.value)
  const above = Math.hypot(ours.high - first.value, second.value - theirs.low)
  return { low: difference - below, high: difference + above }
}

/**
 * Of a figure of n networks that is no mean of single ones, such as a mean over their pairs: by leaving each out in turn (Tukey's
 * jackknife). Of nearest neighbours it is too wide rather than too narrow.
 * @param figure of the networks of these indices
 */
export function jackknifeInterval(n: number, figure: (networks: readonly number[]) => number): Interval | null {
  const all = Array.from({ length: n }, (_, i) => i)
  if (n < 3) return null
  const half = (studentT(n - 1) * (n - 1) * standardDeviation(all.map((i) => figure(all.toSpliced(i, 1))))) / Math.sqrt(n)
  const value = figure(all)
  return Number.isFinite(half) && Number.isFinite(value) ? { low: value - half, high: value + half } : null
}

/** Of the values as a sample of others: the squares are divided by one less than their number; NaN: there are not two. */
export function standardDeviation(values: readonly number[]): number {
  const n = values.length
  const mean = meanOf(values)
  return n < 2 ? NaN : Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1))
}

/**
 * Student's interval of a mean over images of anything that is not a share, such as a loss.
 * @param least what it cannot be below: the interval is then that of the logarithm of what lies above, since a few large values make most of it
 */
export function imagesInterval({ mean, square }: Moments, images: number, least = -Infinity): Interval | null {
  if (!(images > 1) || !Number.isFinite(mean) || !Number.isFinite(square)) return null
  const half = studentT(images - 1) * Math.sqrt(Math.max(0, square - mean * mean) / (images - 1))
  const above = mean - least
  if (above === Infinity || above <= 0) return { low: Math.max(least, mean - half), high: mean + half }
  return { low: least + above * Math.exp(-half / above), high: least + above * Math.exp(half / above) }
}

/**
 * Of the mean difference of two that were tried on the same images, from the differences of each image (-1 to 1): half
 * an image is added where one alone is right, and half where the other is (Agresti and Min 2005), so that two that
 * never differ are not called certainly alike.
 */
export function pairedInterval({ mean, square }: Moments, images: number): Interval | null {
  if (!(images > 0) || !Number.isFinite(mean) || !Number.isFinite(square)) return null
  const more = images + 2
  const centre = (mean * images) / more
  const half = z * Math.sqrt(Math.max(0, (square * images + 1) / more - centre * centre) / more)
  return { low: Math.max(-1, centre - half), high: Math.min(1, centre + half) }
}

/** Images that would show a mean difference to lie below a limit, if it is what it seems to be; infinite: none would. */
export function imagesToShow(difference: Moments, limit: number): number {
  const shows = (images: number): boolean => (pairedInterval(difference, images)?.high ?? Infinity) < limit
  let most = 1
  while (!shows(most) && most < Infinity) most *= 2
  if (most === Infinity) return most
  for (let least = most / 2; most - least > 1;) {
    const middle = Math.floor((least + most) / 2)
    if (shows(middle)) most = middle
    else least = middle
  }
  return most
}

/** Means and mean products over images of two values, x and y. */
export interface PairMoments {
  x: Moments
  y: Moments
  product: number
}

/** Of the ratio of two means over the same images, x by y (Fieller 1954); null too where y may be nothing. */
export function ratioInterval({ x, y, product }: PairMoments, images: number): Interval | null {
  if (!(images > 1)) return null
  const scaled = (square: number, a: number, b: number) => a * b - (z * z * (square - a * b)) / (images - 1)
  const [xx, yy, xy] = [scaled(x.square, x.mean, x.mean), scaled(y.square, y.mean, y.mean), scaled(product, x.mean, y.mean)]
  if (!(yy > 0)) return null
  const half = Math.sqrt(Math.max(0, xy * xy - xx * yy))
  return { low: (xy - half) / yy, high: (xy + half) / yy }
}

/**
 * Of a figure that grows by chance alone, such as a calibration error: from what is found when its images are drawn
 * anew, and from what would be found were the figure truly 0. What drawing anew adds lowers both ends: the lower one by
 * sqrt(2) + 1 of it, which is what chance has added where all is chance, the upper one by half. Where the figure could
 * be all chance, the lower end is 0.
 */
export function growingInterval(found: number, redrawn: readonly number[], byChance: readonly number[]): Interval | null {
  const grown = Math.max(0, redrawn.reduce((sum, one) => sum + one, 0) / redrawn.length - found)
  const half = z * standardDeviation(redrawn)
  if (!Number.isFinite(half)) return null
  const all = byChance.toSorted((a, b) => a - b)
  const chance = all[Math.ceil(0.975 * (all.length - 1))]
  return { low: found <= chance ? 0 : Math.max(0, found - half - (1 + Math.SQRT2) * grown), high: Math.min(1, found + half - 0.5 * grown) }
}
