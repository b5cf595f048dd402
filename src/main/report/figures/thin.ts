/** Long series made short enough to draw, without hiding what happened between the points drawn. */
import { quantile } from '../../../shared/statistics/quantile.ts'

export interface Point {
  step: number
  value: number
  low?: number
  high?: number
}

export interface Thinned {
  /** At most `most` points in order of step; low and high are the extremes of what each stands for. */
  points: { step: number; value: number; low: number; high: number }[]
  /** Values each point stands for; 1: drawn as they are. */
  each: number
  /** Values left out because they are not finite. */
  dropped: number
}

/**
 * Puts neighbours together until at most `most` points are left.
 * @param how `mean`: the mean with the least and the greatest; `median`: the median with the 5th
 * and 95th percentile, for series with stray outliers such as times.
 */
export function thin(series: readonly Point[], most: number, how: 'mean' | 'median' = 'mean'): Thinned {
  const finite = series.filter((point) => Number.isFinite(point.value) && Number.isFinite(point.step))
  const each = Math.max(1, Math.ceil(finite.length / most))
  const points = []
  for (let start = 0; start < finite.length; start += each) {
    const group = finite.slice(start, start + each)
    const sorted = group.map((point) => point.value).sort((a, b) => a - b)
    const average = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
    // Rounding may carry the average of equal numbers past them.
    const mean = Math.max(sorted[0], Math.min(sorted[sorted.length - 1], average))
    const lows = group.map((point) => point.low ?? point.value).filter(Number.isFinite)
    const highs = group.map((point) => point.high ?? point.value).filter(Number.isFinite)
    points.push({
      step: group[Math.floor((group.length - 1) / 2)].step,
      value: how === 'mean' ? mean : quantile(sorted, 0.5),
      low: how === 'mean' ? Math.min(mean, ...lows) : quantile(sorted, 0.05),
      high: how === 'mean' ? Math.max(mean, ...highs) : quantile(sorted, 0.95),
    })
  }
  return { points, each, dropped: series.length - finite.length }
}
