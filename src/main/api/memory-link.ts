/** A link to an API in the same process: frames take a turn of the event loop each way. Tests speak to handlers over it. */
import type { Link } from '../../shared/rpc/link.ts'
import type { Api } from './api.ts'
import type { Incoming } from './connection.ts'

/** A link, and what can happen to one. */
export interface MemoryLink {
  readonly link: Link
  /** Breaks the connection, as a lost network would: frames on their way are lost. */
  cut(): void
  /** Refuses new connections while false. */
  reachable: boolean
}

export function memoryLink(api: () => Api): MemoryLink {
  let cutCurrent: (() => void) | undefined
  const memory: MemoryLink = {
    reachable: true,
    cut: () => cutCurrent?.(),
    link: (events) => {
      let state: 'opening' | 'open' | 'closed' = 'opening'
      let incoming: Incoming | undefined
      const close = (reason: string): void => {
        if (state === 'closed') return
        state = 'closed'
        incoming?.closed()
        queueMicrotask(() => events.closed(reason))
      }
      /** Both ends must still stand when a frame arrives. */
      const later = (act: () => void): void => void setImmediate(() => state === 'open' && act())
      setImmediate(() => {
        if (state === 'closed') return
        if (!memory.reachable) {
          close('The lab is not there.')
          return
        }
        state = 'open'
        incoming = api().connect({
          send: (frame) => later(() => events.message(frame)),
          buffered: () => 0,
          close: (reason) => close(reason),
        })
        cutCurrent = () => close('The connection was cut.')
        events.opened()
      })
      return {
        send: (frame) => later(() => incoming?.receive(frame)),
        close: () => close('The window closed it.'),
      }
    },
  }
  return memory
}
