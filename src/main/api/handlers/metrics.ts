/** Metrics and filters: what was measured, and what is measured now. */
import type { Series } from '../../../shared/contract/runs.ts'
import type { Lab } from '../../lab/lab.ts'
import { Latest } from '../changes.ts'
import { MetricSource } from './metric-source.ts'
import type { MethodPart, StreamPart } from './part.ts'

/** Ends and one pair of extremes: what the store needs at least. */
const fewestPoints = 4

export function metricHandlers(
  lab: Lab,
): MethodPart<'metrics.names' | 'metrics.read' | 'filters.read'> & StreamPart<'metrics.watch' | 'filters.watch'> {
  const { metrics } = lab.store
  return {
    'metrics.names': ({ run }) => metrics.names(lab.runs.get(run).id),
    'metrics.read': ({ run, names, from, to, maxPoints }) => {
      const { id } = lab.runs.get(run)
      lab.live.settle(id)
      return names.map((name): Series => {
        const samples = metrics.read(id, name, {
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
          ...(maxPoints === undefined ? {} : { maxPoints: Math.max(fewestPoints, maxPoints) }),
        })
        return {
          name,
          steps: Float64Array.from(samples, ({ step }) => step),
          values: Float64Array.from(samples, ({ value }) => value),
        }
      })
    },
    'metrics.watch': ({ run, names, from }, listener) => new MetricSource(lab, lab.runs.get(run).id, { names, from }, listener),
    'filters.read': ({ run, at }) => lab.filters.ofRun(run, at),
    'filters.watch': ({ run }, listener) => {
      const { id } = lab.runs.get(run)
      const latest = new Latest<ReturnType<typeof lab.live.newestFilters>>()
      latest.set(lab.live.newestFilters(id))
      const stop = lab.live.listen(id, {
        filters: (filters) => {
          latest.set(filters)
          listener.changed()
        },
      })
      return { take: () => latest.take(), close: stop }
    },
  }
}
