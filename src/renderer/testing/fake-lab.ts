/**
 * A lab of made-up but plausible values in the page itself, so that views can be looked at and tested
 * without an engine. Never part of the built app.
 */
import type { ItemOf, MethodName, ParamsOf, ResultOf, StreamEvents, StreamName, StreamParamsOf } from '../../shared/contract.ts'
import { methods, streams } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'
import type { ConnectedClient } from '../../shared/rpc/client.ts'
import type { ConnectionState } from '../../shared/rpc/connection-state.ts'
import { ObservableValue } from '../../shared/rpc/observable.ts'

export type FakeMethods = { [M in MethodName]?: (params: ParamsOf<M>) => ResultOf<M> | Promise<ResultOf<M>> }
/** Sends items until the returned function is called. */
export type FakeStreams = { [S in StreamName]?: (params: StreamParamsOf<S>, send: (item: ItemOf<S>) => void) => () => void }

export interface FakeLab extends ConnectedClient {
  readonly connection: ObservableValue<ConnectionState>
}

/**
 * Whatever it is asked to change stands among the page's performance marks: `effect runs.start`.
 * @param delayMs until an answer comes: nothing comes at once from a real lab either
 */
export function fakeLab(answers: FakeMethods, sources: FakeStreams, delayMs = 30): FakeLab {
  return {
    connection: new ObservableValue<ConnectionState>({ state: 'connected' }),
    async call<M extends MethodName>(method: M, params: ParamsOf<M>, options: { signal?: AbortSignal } = {}): Promise<ResultOf<M>> {
      methods[method].params.parse(params)
      if (methods[method].effect) performance.mark(`effect ${method}`)
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      if (options.signal?.aborted === true) throw new LabError('cancelled', `${method} was cancelled.`, 'Ask again when you want it.')
      const answer = answers[method]
      if (answer === undefined) throw new LabError('not-found', `The made-up lab has no ${method}.`, 'Add it to its handlers.')
      return methods[method].result.parse(await answer(params)) as ResultOf<M>
    },
    open<S extends StreamName>(stream: S, params: StreamParamsOf<S>, on: StreamEvents<S>) {
      streams[stream].params.parse(params)
      const close = sources[stream]?.(params, (item) => on.item(streams[stream].item.parse(item) as ItemOf<S>))
      return { close: () => close?.() }
    },
    check: () => undefined,
    close: () => undefined,
  }
}
