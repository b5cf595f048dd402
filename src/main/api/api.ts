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

/** @param now milliseconds since the epoch */
export function createApi(router: ApiRouter, now: () => number = Date.now): Api {
  const options = { router, sessions: new Sessions(now), lab: randomUUID() }
  const peers = new Map<Incoming, Peer>()
  return {
    router,
    connect(peer) {
      const connection = new Connection(options, peer)
      const incoming: Incoming = {
        receive: (frame) => connection.receive(frame),
        closed: () => {
          peers.delete(incoming)
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
