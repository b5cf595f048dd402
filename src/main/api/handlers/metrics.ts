/** Metrics and filters: what was measured, and what is measured now. */
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Series } from '../../../shared/contract/runs.ts'
import type { Lab } from '../../lab/lab.ts'
import { MetricSource } from './metric-source.ts'
import type { MethodHandlers, StreamHandlersOf } from './split.ts'
import { watchLatest } from './watching.ts'

/** Ends and one pair of extremes: what the store needs at least. */
const fewestPoints = 4

export function metricHandlers(
  lab: Lab,
): MethodHandlers<'metrics.names' | 'metrics.read' | 'filters.read'> & StreamHandlersOf<'metrics.watch' | 'filters.watch'> {
  const { metrics } = lab.store
  return {
    'metrics.names': ({ run }) => metrics.names(lab.runs.idOf(run)),
    'metrics.read': ({ run, names, from, to, maxPoints }) => {
      const id = lab.runs.idOf(run)
      lab.live.settle(id)
      const options = omitUndefined({ from, to, maxPoints: maxPoints === undefined ? undefined : Math.max(fewestPoints, maxPoints) })
      return names.map((name): Series => ({ name, ...metrics.curve(id, name, options) }))
    },
    'metrics.watch': ({ run, names, from }, listener) => new MetricSource(lab, lab.runs.idOf(run), { names, from }, listener),
    'filters.read': ({ run, at }) => lab.filters.ofRun(run, at),
    'filters.watch': ({ run }, listener) => {
      const id = lab.runs.idOf(run)
      return watchLatest(lab.live.newestFilters(id), (filters) => lab.live.listen(id, { filters }), listener)
    },
  }
}
