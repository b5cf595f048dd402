/** WebSockets of windows, connected to the API. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { fromWindow } from '../../shared/rpc/frame.ts'
import type { Api } from '../api/api.ts'

/** Milliseconds between pings; a peer that has answered none since the last one is gone. */
const pingEvery = 20_000
/** Milliseconds for a peer to take leave; one that sleeps does not. */
const farewell = 1000

export interface Sockets {
  /** Takes over a connection that has been admitted. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

export function openSockets(api: Api): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: fromWindow.frame, perMessageDeflate: false, clientTracking: true })
  const answered = new WeakSet<WebSocket>()
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (!answered.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, pingEvery)
  timer.unref()

  function connect(socket: WebSocket): void {
    socket.binaryType = 'arraybuffer'
    answered.add(socket)
    const incoming = api.connect({
      send: (frame) => socket.send(frame),
      buffered: () => socket.bufferedAmount,
      // Behind what nobody reads, no reason arrives: then the end alone does.
      close: (reason) => end(socket, 1000, reason.slice(0, 120)),
    })
    socket.on('pong', () => answered.add(socket))
    socket.on('message', (data, isBinary) => {
      if (isBinary) incoming.receive(data as ArrayBuffer)
      else socket.close(1003, 'Frames are binary.')
    })
    socket.on('close', () => incoming.closed())
    // A `close` follows, which is all that matters.
    socket.on('error', () => undefined)
  }

  /** What waits is kept no longer than a peer may take to leave. */
  function end(socket: WebSocket, code: number, reason: string): void {
    socket.close(code, reason)
    setTimeout(() => socket.terminate(), farewell).unref()
  }

  return {
    accept: (request, socket, head) => server.handleUpgrade(request, socket, head, connect),
    close: () => {
      clearInterval(timer)
      for (const socket of server.clients) end(socket, 1001, 'The lab ends.')
      server.close()
    },
  }
}
