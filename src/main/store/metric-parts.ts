/**
 * Least and greatest of each stretch of 64 steps of a metric, kept beside its points: a curve of a million
 * points is thinned from sixteen thousand rows, and no peak is lost.
 */
import type { Database } from './database.ts'

/** Steps a part; as in the migration that made the table. */
export const partSteps = 64

export interface MetricPart {
  part: number
  /** Null: every value is NaN. */
  low_step: number | null
  low: number | null
  high_step: number | null
  high: number | null
  /** Of the first NaN. */
  absent_step: number | null
}

interface Point {
  step: number
  value: number | null
}

export interface MetricParts {
  /** Brings the parts that hold these steps up to date, after points were written or removed. */
  renew(series: number, steps: Iterable<number>): void
  /** Parts that lie wholly between two steps, in order. */
  each(series: number, from: number, to: number, visit: (part: MetricPart) => void): void
  /** Forgets parts that begin after a step. */
  truncate(series: number, afterStep: number): void
}

export function metricParts(db: Database): MetricParts {
  const points = db.query<Point>(
    'read a part of a series',
    'SELECT step, value FROM metric WHERE series = ? AND step BETWEEN ? AND ? ORDER BY step',
  )
  const put = db.command(
    'keep extremes of a series',
    'INSERT OR REPLACE INTO metric_part (series, part, low_step, low, high_step, high, absent_step) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const erase = db.command('forget extremes of a part', 'DELETE FROM metric_part WHERE series = ? AND part = ?')
  const eraseAfter = db.command('forget extremes of a series', 'DELETE FROM metric_part WHERE series = ? AND part > ?')
  const range = db.query<MetricPart>(
    'read extremes of a series',
    'SELECT part, low_step, low, high_step, high, absent_step FROM metric_part WHERE series = ? AND part BETWEEN ? AND ? ORDER BY part',
  )

  return {
    renew(series, steps) {
      const touched = new Set<number>()
      for (const step of steps) touched.add(Math.floor(step / partSteps))
      for (const part of touched) {
        const found = points.all(series, part * partSteps, (part + 1) * partSteps - 1)
        if (found.length === 0) {
          erase.run(series, part)
          continue
        }
        let [low, high, absent]: (Point | undefined)[] = []
        for (const point of found) {
          if (point.value === null) absent ??= point
          else {
            if (low === undefined || point.value < low.value!) low = point
            if (high === undefined || point.value > high.value!) high = point
          }
        }
        put.run(series, part, low?.step ?? null, low?.value ?? null, high?.step ?? null, high?.value ?? null, absent?.step ?? null)
      }
    },
    each(series, from, to, visit) {
      range.each([series, Math.ceil(from / partSteps), Math.floor((to + 1) / partSteps) - 1], visit)
    },
    truncate(series, afterStep) {
      eraseAfter.run(series, Math.floor(afterStep / partSteps))
    },
  }
}
