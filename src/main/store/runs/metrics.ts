/** What was measured while a run trained: one series a name, one value a step. */
import type { MetricPoint } from '../../../shared/engine-protocol.ts'
import { LabError } from '../../../shared/errors.ts'
import { runKeys } from '../context.ts'
import type { StoreContext } from '../context.ts'
import { downsampler } from './downsample.ts'
import type { CurvePoint } from './downsample.ts'
import { metricExtremes, partSteps } from './metric-extremes.ts'
import type { Curve, MetricSample } from '../types.ts'

interface Row {
  step: number
  value: number | null
  at: number
}

export function metricStore(context: StoreContext) {
  const { db } = context
  const keyOf = runKeys(context)
  const seriesOf = db.query<{ key: number }>('find a series', 'SELECT key FROM series WHERE run = ? AND name = ?')
  const seriesOfRun = db.query<{ key: number }>('find the series of a run', 'SELECT key FROM series WHERE run = ?')
  const insertSeries = db.command('begin a series', 'INSERT INTO series (run, name) VALUES (?, ?)')
  const put = db.command('write metrics', 'INSERT OR REPLACE INTO metric (series, step, value, at) VALUES (?, ?, ?, ?)')
  const names = db.query<{ name: string }>('list series', 'SELECT name FROM series WHERE run = ? ORDER BY name')
  const first = db.query<Row>(
    'find where a series begins',
    'SELECT step, value, at FROM metric WHERE series = ? AND step BETWEEN ? AND ? ORDER BY step LIMIT 1',
  )
  const last = db.query<Row>(
    'find where a series ends',
    'SELECT step, value, at FROM metric WHERE series = ? AND step BETWEEN ? AND ? ORDER BY step DESC LIMIT 1',
  )
  // No more are counted than matter: counting a million would take longer than thinning them.
  const hasMore = db.query(
    'see whether a series is longer than wanted',
    'SELECT 1 FROM metric WHERE series = ? AND step BETWEEN ? AND ? ORDER BY step LIMIT 1 OFFSET ?',
  )
  const points = db.query<Row>(
    'read a series',
    'SELECT step, value, at FROM metric WHERE series = ? AND step BETWEEN ? AND ? ORDER BY step',
  )
  const latest = db.query<Row & { name: string }>(
    'read the latest metrics',
    `SELECT name, step, value, at FROM series JOIN metric ON metric.series = series.key
     WHERE run = ? AND step = (SELECT max(step) FROM metric WHERE series = series.key)`,
  )
  const forget = db.command('forget metrics', 'DELETE FROM metric WHERE series = ? AND step > ?')
  const extremes = metricExtremes(db)

  /** Least and greatest of each part of a range that has more points than are wanted. */
  function thin(series: number, ends: readonly [CurvePoint, CurvePoint], maxPoints: number): CurvePoint[] {
    const thinned = downsampler(ends, maxPoints, partSteps)
    extremes.each(series, thinned.grid, ends[0].step, ends[1].step, {
      point: (row) => thinned.take(toPoint(row)),
      part({ low_step, low, high_step, high, absent_step }) {
        if (low_step !== null) thinned.take({ step: low_step, value: low! })
        if (high_step !== null) thinned.take({ step: high_step, value: high! })
        if (absent_step !== null) thinned.take({ step: absent_step, value: Number.NaN })
      },
    })
    return thinned.finish()
  }

  return {
    /** One transaction; a point of a step and name already there is replaced (a resumed run repeats steps). */
    append(run: string, batch: readonly MetricPoint[]) {
      if (batch.length === 0) return
      db.transaction('write metrics', () => {
        const runKey = keyOf(run)
        const series = new Map<string, number>()
        const written = new Map<number, number[]>()
        for (const { name, step, value, at } of batch) {
          const key = series.get(name) ?? seriesOf.get(runKey, name)?.key ?? insertSeries.run(runKey, name).key
          series.set(name, key)
          put.run(key, step, Number.isNaN(value) ? null : value, at)
          const steps = written.get(key) ?? []
          written.set(key, steps)
          steps.push(step)
        }
        for (const [key, steps] of written) extremes.renew(key, steps)
      })
    },
    names: (run: string) => names.all(keyOf(run)).map((row) => row.name),
    /** Every point, in order of step. */
    read(run: string, name: string, { from = 0, to = Number.MAX_SAFE_INTEGER } = {}): MetricSample[] {
      const series = seriesOf.get(keyOf(run), name)?.key
      return series === undefined ? [] : points.all(series, from, to).map((row) => ({ ...toPoint(row), at: row.at }))
    },
    /**
     * In order of step. With `maxPoints` (at least 4), at most so many: the range is cut into equal parts, and
     * each gives its least and greatest value, so that no peak is lost; first and last point always stay.
     */
    curve(run: string, name: string, options: { from?: number; to?: number; maxPoints?: number } = {}): Curve {
      const { from = 0, to = Number.MAX_SAFE_INTEGER, maxPoints } = options
      if (maxPoints !== undefined && !(maxPoints >= 4)) {
        throw new LabError(
          'invalid-argument',
          `maxPoints is ${maxPoints}: the ends and one pair of extremes need 4.`,
          'Ask for at least 4 points.',
        )
      }
      const series = seriesOf.get(keyOf(run), name)?.key
      if (series === undefined) return toCurve([])
      const begin = first.get(series, from, to)
      const end = last.get(series, from, to)
      if (begin === undefined || end === undefined) return toCurve([])
      const isShort = maxPoints === undefined || hasMore.get(series, from, to, maxPoints) === undefined
      return toCurve(isShort ? points.all(series, from, to).map(toPoint) : thin(series, [toPoint(begin), toPoint(end)], maxPoints))
    },
    /** The last point of each name. */
    latest: (run: string): Record<string, MetricSample> =>
      Object.fromEntries(latest.all(keyOf(run)).map((row) => [row.name, { ...toPoint(row), at: row.at }])),
    /** Forgets points after a step (before a run goes on from an earlier checkpoint). */
    truncate(run: string, afterStep: number) {
      db.transaction('forget metrics', () => {
        for (const { key } of seriesOfRun.all(keyOf(run))) {
          forget.run(key, afterStep)
          extremes.truncate(key, afterStep)
          extremes.renew(key, [afterStep])
        }
      })
    },
  }
}

const toPoint = ({ step, value }: Pick<Row, 'step' | 'value'>): CurvePoint => ({ step, value: value ?? Number.NaN })

const toCurve = (points: readonly CurvePoint[]): Curve => ({
  steps: Float64Array.from(points, ({ step }) => step),
  values: Float64Array.from(points, ({ value }) => value),
})
