/** What was measured while a run trained: one series a name, one value a step. */
import { LabError } from '../../shared/errors.ts'
import { runKeys } from './context.ts'
import type { StoreContext } from './context.ts'
import { downsampler } from './downsample.ts'
import { metricParts, partSteps } from './metric-parts.ts'
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
  const pointsAt = db.query<Row>(
    'read points of a series',
    'SELECT step, value, at FROM metric WHERE series = ? AND step IN (SELECT value FROM json_each(?)) ORDER BY step',
  )
  const latest = db.query<Row & { name: string }>(
    'read the latest metrics',
    `SELECT name, step, value, at FROM series JOIN metric ON metric.series = series.key
     WHERE run = ? AND step = (SELECT max(step) FROM metric WHERE series = series.key)`,
  )
  const forget = db.command('forget metrics', 'DELETE FROM metric WHERE series = ? AND step > ?')
  const parts = metricParts(db)

  /** Least and greatest of each part of the range, from the parts that are kept and, at both ends, from the points themselves. */
  function thin(series: number, from: Row, to: Row, maxPoints: number): MetricSample[] {
    const thinned = downsampler(from.step, to.step, maxPoints, partSteps)
    const takePoints = (begin: number, end: number): void => {
      points.each([series, begin, end], (row) => thinned.take(toSample(row)))
    }
    if (!thinned.aligned) {
      takePoints(from.step, to.step)
      return thinned.finish()
    }
    const begin = Math.min(to.step + 1, Math.ceil(from.step / partSteps) * partSteps)
    const end = Math.max(begin, Math.floor((to.step + 1) / partSteps) * partSteps)
    takePoints(from.step, begin - 1)
    parts.each(series, begin, end - 1, ({ low_step, low, high_step, high, absent_step }) => {
      const found: MetricSample[] = []
      if (low_step !== null) found.push({ step: low_step, value: low!, at: 0 })
      if (high_step !== null && high_step !== low_step) found.push({ step: high_step, value: high!, at: 0 })
      if (absent_step !== null) found.push({ step: absent_step, value: Number.NaN, at: 0 })
      for (const sample of found.sort((a, b) => a.step - b.step)) thinned.take(sample)
    })
    takePoints(end, to.step)
    // The ends of the range always stay, whatever they are; and the parts do not say when a point was measured.
    const kept = thinned.finish().flatMap(({ step }) => (step !== from.step && step !== to.step ? [step] : []))
    const between = pointsAt.all(series, JSON.stringify(kept))
    return [from, ...between, to].map(toSample)
  }

  return {
    append(run, batch) {
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
        for (const [key, steps] of written) parts.renew(key, steps)
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
      const begin = first.get(series, from, to)
      const end = last.get(series, from, to)
      if (begin === undefined || end === undefined) return []
      if (maxPoints === undefined || hasMore.get(series, from, to, maxPoints) === undefined)
        return points.all(series, from, to).map(toSample)
      return thin(series, begin, end, maxPoints)
    },
    latest: (run) => Object.fromEntries(latest.all(keyOf(run)).map((row) => [row.name, toSample(row)])),
    truncate(run, afterStep) {
      db.transaction('forget metrics', () => {
        for (const { key } of seriesOfRun.all(keyOf(run))) {
          forget.run(key, afterStep)
          parts.truncate(key, afterStep)
          parts.renew(key, [afterStep])
        }
      })
    },
  }
}

function toSample({ step, value, at }: Row): MetricSample {
  return { step, value: value ?? Number.NaN, at }
}
