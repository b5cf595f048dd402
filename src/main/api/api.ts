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
  const peers = new Map<Incoming, Peer>()
  const connections = new Set<Connection>()

  /** Where too much waits in all, the window for which most does is dropped. */
  function relieve(): void {
    const waiting = [...connections].sort((a, b) => b.waiting - a.waiting)
    const all = waiting.reduce((sum, connection) => sum + connection.waiting, 0)
    if (all > maxBufferedInAll) waiting[0].dropUnread()
  }

  return {
    router,
    connect(peer) {
      const connection = new Connection(options, peer)
      connections.add(connection)
      const incoming: Incoming = {
        receive: (frame) => connection.receive(frame),
        closed: () => {
          peers.delete(incoming)
          connections.delete(connection)
          connection.closed()
        },
      }
      peers.set(incoming, peer)
      return incoming
    },
    close(reason) {
      for (const [incoming, peer] of [...peers]) {
        incoming.closed()
        peer.close(reason)
      }
    },
  }
}
