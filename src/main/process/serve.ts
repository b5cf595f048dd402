/** The child's end of the channel to its parent: answers its calls, one after the other. */
import { flushCompileCache } from 'node:module'
import { toErrorValue } from '../../shared/errors.ts'
import type { Calls, FromChild, Stop, ToChild } from './messages.ts'
import { openParentPort, type ParentPort } from './parent-port.ts'

/** One call, as whoever answers it sees it. */
export interface ServedCall<Event> {
  /** Sends an event; the promise resolves when the parent has dealt with it. */
  emit(event: Event): Promise<void>
  /** Hears when the parent asks for an end, also if it has done so already. */
  onStop(handler: (how: Stop) => void): void
}

export type Handlers<C extends Calls<C>> = {
  [M in keyof C]: (params: C[M]['params'], call: ServedCall<C[M]['event']>) => Promise<C[M]['result']>
}

export interface ServeOptions<M> {
  /** Ends this process when the answer to one of these has arrived. */
  once?: readonly M[]
  /** Says four times a second that its event loop goes round. */
  heartbeat?: boolean
}

const heartbeatMilliseconds = 250

interface State {
  stops: Stop[]
  onStop: (how: Stop) => void
  /** Of what was sent and not yet acknowledged, oldest first. */
  acknowledged: (() => void)[]
}

/**
 * Answers the calls of the parent.
 * @returns what lets messages in and out: see {@link ParentPort}
 * @throws Error when nobody started this process as a child
 */
export function serve<C extends Calls<C>>(
  handlers: Handlers<C>,
  options: ServeOptions<keyof C> = {},
): Pick<ParentPort, 'yieldToEventLoop'> {
  const port = openParentPort()
  const post = (message: FromChild): void => port.post(message)
  const states = new Map<number, State>()
  let last: Promise<unknown> = Promise.resolve()

  async function answer({ id, method, params }: Extract<ToChild, { type: 'call' }>, state: State): Promise<void> {
    const send = (message: FromChild): Promise<void> =>
      new Promise((resolve) => {
        state.acknowledged.push(resolve)
        post(message)
      })
    const call: ServedCall<never> = {
      emit: (event) => send({ type: 'event', id, event }),
      onStop: (handler) => {
        state.onStop = handler
        state.stops.forEach(handler)
      },
    }
    let said: FromChild
    try {
      said = { type: 'result', id, result: await handlers[method as keyof C](params, call) }
    } catch (thrown) {
      said = { type: 'failed', id, error: toErrorValue(thrown) }
    }
    // Its parent may kill it as soon as it has answered: what was compiled is not written at the end, and the next child would do it again.
    flushCompileCache()
    const arrived = send(said)
    // What has not left when a process exits is lost, and over Electron's channel nothing tells when it has: but the acknowledgement.
    if (options.once?.includes(method as keyof C) === true) void arrived.then(() => process.exit(0))
    else states.delete(id)
  }

  port.onMessage((value) => {
    const message = value as ToChild
    const state: State = states.get(message.id) ?? { stops: [], onStop: () => undefined, acknowledged: [] }
    if (message.type === 'call') {
      states.set(message.id, state)
      last = last.then(() => answer(message, state))
    } else if (message.type === 'stop') {
      state.stops.push(message.how)
      state.onStop(message.how)
    } else state.acknowledged.shift()?.()
  })
  if (options.heartbeat === true) {
    setInterval(() => post({ type: 'heartbeat', residentBytes: process.memoryUsage.rss() }), heartbeatMilliseconds)
  }
  return { yieldToEventLoop: port.yieldToEventLoop }
}
