/** What the window's budgets are held against. */

export interface Measured {
  what: string
  unit: 'ms' | 'MB' | 'points'
  /** At most. */
  budget: number
  median: number
  /** Nineteen of twenty are no greater; of few values, none is. */
  p95: number
  count: number
}

/** @param values in any order; at least one */
export function measured(what: string, unit: Measured['unit'], budget: number, values: readonly number[]): Measured {
  if (values.length === 0) throw new Error(`Nothing was measured of: ${what}`)
  return { what, unit, budget, median: percentile(values, 0.5), p95: percentile(values, 0.95), count: values.length }
}

/** The least value that a share of the values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}

export const isWithin = ({ p95, budget }: Measured): boolean => p95 <= budget
