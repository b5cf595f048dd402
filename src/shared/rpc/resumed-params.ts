/** Where a stream that must not repeat itself goes on after a lost connection. */
import type { ItemOf, StreamName, StreamParamsOf } from '../contract.ts'

type GoOn = { readonly [S in StreamName]?: (params: StreamParamsOf<S>, item: ItemOf<S>) => StreamParamsOf<S> }

const ways: GoOn = {
  // All points of a step come in one item. The newest item counts, not the greatest step: a run may have gone back.
  'metrics.watch': (params, { series }) => {
    const last = Math.max(...series.map(({ steps }) => steps.at(-1) ?? -1))
    return last >= 0 ? { ...params, from: last } : params
  },
}

/** Parameters to open a stream with again, once this item has come. */
export function resumedParams(stream: StreamName, params: unknown, item: unknown): unknown {
  const way = ways[stream] as ((params: unknown, item: unknown) => unknown) | undefined
  return way === undefined ? params : way(params, item)
}
