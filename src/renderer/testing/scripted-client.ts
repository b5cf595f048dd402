/** A client that answers what a test says, when it says so, and lets it send items. */
import type { ItemOf, LabClient, MethodName, StreamEvents, StreamName } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'

interface Asked {
  method: MethodName
  params: unknown
  answer(result: unknown): Promise<void>
  fail(error: Error): Promise<void>
}

export interface ScriptedClient extends LabClient {
  /** Calls that wait for their answer, in order. */
  readonly asked: Asked[]
  /** Every call there was. */
  readonly calls: { method: MethodName; params: unknown }[]
  send<S extends StreamName>(stream: S, item: ItemOf<S>): void
  reopen(stream: StreamName): void
  openStreams(): StreamName[]
  /** What the open ones were opened with. */
  openedWith(): unknown[]
}

export function scriptedClient(): ScriptedClient {
  const asked: Asked[] = []
  const calls: ScriptedClient['calls'] = []
  const open = new Map<number, { name: StreamName; params: unknown; on: StreamEvents<StreamName> }>()
  let last = 0
  /** Lets whoever waits for an answer go on first. */
  const settled = () => new Promise<void>((resolve) => setTimeout(resolve))
  const streamsOf = (name: StreamName) => [...open.values()].filter((stream) => stream.name === name)
  return {
    asked,
    calls,
    call: (method, params, options = {}) => {
      calls.push({ method, params })
      return new Promise((resolve, reject) => {
        const entry: Asked = {
          method,
          params,
          answer: (result) => {
            asked.splice(asked.indexOf(entry), 1)
            resolve(result as never)
            return settled()
          },
          fail: (error) => {
            asked.splice(asked.indexOf(entry), 1)
            reject(error)
            return settled()
          },
        }
        asked.push(entry)
        options.signal?.addEventListener('abort', () => reject(new LabError('cancelled', `${method} was cancelled.`, 'Ask again.')))
      })
    },
    open: (name, params, on) => {
      const id = ++last
      open.set(id, { name, params, on: on })
      return { close: () => void open.delete(id) }
    },
    send: (name, item) => streamsOf(name).forEach(({ on }) => on.item(item)),
    reopen: (name) => streamsOf(name).forEach(({ on }) => on.reopened?.()),
    openStreams: () => [...open.values()].map(({ name }) => name),
    openedWith: () => [...open.values()].map(({ params }) => params),
  }
}
