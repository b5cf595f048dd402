/**
 * Least and greatest of stretches of a metric, kept beside its points on several levels: a curve of a million
 * points is thinned from four thousand rows, one of ten million from no more, and no peak is lost.
 */
import type { Database } from '../database/database.ts'

/** Steps a part, by level; as in the migration that made the table. */
export const partSteps = [64, 256, 1024, 4096, 16_384] as const
/** Parts of one level in a part of the next. */
const fanIn = 4

/** What a part says; of equal values, the first. */
export interface Extremes {
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
  /** Null: NaN. */
  value: number | null
}

interface Visit {
  part: (part: Extremes) => void
  point: (point: Point) => void
}

export function metricExtremes(db: Database) {
  const points = db.query<Point>(
    'read a part of a series',
    'SELECT step, value FROM metric WHERE series = ? AND step BETWEEN ? AND ? ORDER BY step',
  )
  const put = db.command(
    'keep extremes of a series',
    'INSERT OR REPLACE INTO metric_extremes (series, level, part, low_step, low, high_step, high, absent_step) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const erase = db.command('forget extremes of a part', 'DELETE FROM metric_extremes WHERE series = ? AND level = ? AND part = ?')
  const eraseAfter = db.command('forget extremes of a series', 'DELETE FROM metric_extremes WHERE series = ? AND level = ? AND part > ?')
  const parts = db.query<Extremes>(
    'read extremes of a series',
    `SELECT low_step, low, high_step, high, absent_step FROM metric_extremes
     WHERE series = ? AND level = ? AND part BETWEEN ? AND ? ORDER BY part`,
  )

  function keep(series: number, level: number, part: number, found: readonly Extremes[]): void {
    if (found.length === 0) {
      erase.run(series, level, part)
      return
    }
    const { low_step, low, high_step, high, absent_step } = found.reduce(joined)
    put.run(series, level, part, low_step, low, high_step, high, absent_step)
  }

  /**
   * Goes through all there is between two steps, in order: by parts of a level where they lie wholly
   * within, at the ends by smaller ones, and by points where no part fits.
   */
  function each(series: number, level: number, from: number, to: number, visit: Visit): void {
    if (from > to) return
    if (level < 0) {
      points.each([series, from, to], visit.point)
      return
    }
    const width = partSteps[level]
    const begin = Math.ceil(from / width)
    const end = Math.floor((to + 1) / width)
    if (begin >= end) {
      each(series, level - 1, from, to, visit)
      return
    }
    each(series, level - 1, from, begin * width - 1, visit)
    parts.each([series, level, begin, end - 1], visit.part)
    each(series, level - 1, end * width, to, visit)
  }

  return {
    /** Brings the parts that hold these steps up to date, after points were written or removed. */
    renew(series: number, steps: Iterable<number>) {
      let touched = new Set<number>()
      for (const step of steps) touched.add(Math.floor(step / partSteps[0]))
      for (const part of touched) {
        keep(series, 0, part, points.all(series, part * partSteps[0], (part + 1) * partSteps[0] - 1).map(alone))
      }
      for (let level = 1; level < partSteps.length; level++) {
        touched = new Set([...touched].map((part) => Math.floor(part / fanIn)))
        for (const part of touched) keep(series, level, part, parts.all(series, level - 1, part * fanIn, (part + 1) * fanIn - 1))
      }
    },
    each,
    /** Forgets parts that begin after a step. */
    truncate(series: number, afterStep: number) {
      for (const [level, width] of partSteps.entries()) eraseAfter.run(series, level, Math.floor(afterStep / width))
    },
  }
}

/** Of one point. */
function alone({ step, value }: Point): Extremes {
  if (value === null) return { low_step: null, low: null, high_step: null, high: null, absent_step: step }
  return { low_step: step, low: value, high_step: step, high: value, absent_step: null }
}

/** Of two neighbours together. */
function joined(left: Extremes, right: Extremes): Extremes {
  const lower = left.low === null || (right.low !== null && right.low < left.low) ? right : left
  const higher = left.high === null || (right.high !== null && right.high > left.high) ? right : left
  return {
    low_step: lower.low_step,
    low: lower.low,
    high_step: higher.high_step,
    high: higher.high,
    absent_step: left.absent_step ?? right.absent_step,
  }
}
