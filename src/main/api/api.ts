/** The lab's API: what every transport connects windows to. */
import { randomUUID } from 'node:crypto'
import { Connection } from './connection.ts'
import type { Incoming, Peer } from './connection.ts'
import type { ApiRouter } from './handlers.ts'
import { Sessions } from './sessions.ts'

export interface Api {
  readonly router: ApiRouter
  /** A window has connected. */
  connect(peer: Peer): Incoming
  /** Ends every connection, with the reason. */
  close(reason: string): void
}

/** Bytes that may wait for all windows together. */
const maxBufferedInAll = 256 << 20

/** @param now milliseconds since the epoch */
export function createApi(router: ApiRouter, now: () => number = Date.now): Api {
  const options = { router, sessions: new Sessions(now), lab: randomUUID(), onWaiting: relieve }
  const connections = new Map<Connection, Peer>()

  /** Where too much waits in all, the window for which most does is dropped. */
  function relieve(): void {
    const open = [...connections.keys()]
    const all = open.reduce((sum, connection) => sum + connection.waiting, 0)
    if (all > maxBufferedInAll) open.reduce((most, one) => (one.waiting > most.waiting ? one : most)).dropUnread()
  }

  return {
    router,
    connect(peer) {
      const connection = new Connection(options, peer)
      connections.set(connection, peer)
      return {
        receive: (frame) => connection.receive(frame),
        closed: () => {
          connections.delete(connection)
          connection.closed()
        },
      }
    },
    close(reason) {
      for (const [connection, peer] of [...connections]) {
        connections.delete(connection)
        connection.closed()
        peer.close(reason)
      }
    },
  }
}
