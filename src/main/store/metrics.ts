/** What was measured while a run trained: one series a name, one value a step. */
import { LabError } from '../../shared/errors.ts'
import { runKeys } from './context.ts'
import type { StoreContext } from './context.ts'
import { downsampler } from './downsample.ts'
import type { MetricSample, MetricStore } from './types.ts'

interface Row {
  step: number
  value: number | null
  at: number
}

export function metricStore(context: StoreContext): MetricStore {
  const { db } = context
  const keyOf = runKeys(context)
  const seriesOf = db.query<{ key: number }>('find a series', 'SELECT key FROM series WHERE run = ? AND name = ?')
  const insertSeries = db.command('begin a series', 'INSERT INTO series (run, name) VALUES (?, ?)')
  const put = db.command('write metrics', 'INSERT OR REPLACE INTO metric (series, step, value, at) VALUES (?, ?, ?, ?)')
  const names = db.query<{ name: string }>('list series', 'SELECT name FROM series WHERE run = ? ORDER BY name')
  const range = db.query<{ count: number; first: number | null; last: number | null }>(
    'measure a series',
    'SELECT count(*) AS count, min(step) AS first, max(step) AS last FROM metric WHERE series = ? AND step BETWEEN ? AND ?',
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
  const forget = db.command('forget metrics', 'DELETE FROM metric WHERE step > ? AND series IN (SELECT key FROM series WHERE run = ?)')

  return {
    append(run, batch) {
      if (batch.length === 0) return
      db.transaction('write metrics', () => {
        const runKey = keyOf(run)
        const series = new Map<string, number>()
        for (const { name, step, value, at } of batch) {
          const key = series.get(name) ?? seriesOf.get(runKey, name)?.key ?? insertSeries.run(runKey, name).key
          series.set(name, key)
          put.run(key, step, Number.isNaN(value) ? null : value, at)
        }
      })
    },
    names: (run) => names.all(keyOf(run)).map((row) => row.name),
    read(run, name, { from = 0, to = Number.MAX_SAFE_INTEGER, maxPoints } = {}) {
      if (maxPoints !== undefined && !(maxPoints >= 4)) {
        throw new LabError(
          'wrong-use',
          `maxPoints is ${maxPoints}: the ends and one pair of extremes need 4.`,
          'Ask for at least 4 points.',
        )
      }
      const series = seriesOf.get(keyOf(run), name)?.key
      if (series === undefined) return []
      const { count, first, last } = range.get(series, from, to)!
      if (first === null || last === null) return []
      const thinned = maxPoints !== undefined && count > maxPoints ? downsampler(first, last, maxPoints) : null
      if (thinned === null) return points.all(series, from, to).map(toSample)
      points.each([series, from, to], (row) => thinned.take(toSample(row)))
      return thinned.finish()
    },
    latest: (run) => Object.fromEntries(latest.all(keyOf(run)).map((row) => [row.name, toSample(row)])),
    truncate(run, afterStep) {
      forget.run(afterStep, keyOf(run))
    },
  }
}

function toSample({ step, value, at }: Row): MetricSample {
  return { step, value: value ?? Number.NaN, at }
}
