/** A link over a WebSocket: a browser's, or Node's. */
import type { Link } from './link.ts'

/** As much of a WebSocket as is used. */
export interface SocketLike {
  binaryType: string
  onopen: ((event: never) => void) | null
  onmessage: ((event: { data: unknown } & never) => void) | null
  onclose: ((event: { reason: string } & never) => void) | null
  onerror: ((event: never) => void) | null
  readonly readyState: number
  send(data: ArrayBuffer): void
  close(): void
}

/** `WebSocket.OPEN`. */
const open = 1

/** @param connect makes a new WebSocket to the lab, as `() => new WebSocket(...)` */
export function socketLink(connect: () => SocketLike): Link {
  return (events) => {
    const socket = connect()
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => events.opened()
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (data instanceof ArrayBuffer) events.message(data)
    }
    socket.onclose = ({ reason }: { reason: string }) => events.closed(reason === '' ? 'The lab cannot be reached.' : reason)
    // It closes then, which is all that matters; unheard, it would end a Node process.
    socket.onerror = () => undefined
    return {
      send: (frame) => {
        if (socket.readyState === open) socket.send(frame)
      },
      close: () => socket.close(),
    }
  }
}

/** Where the page that was loaded from `origin` finds the lab: `ws://127.0.0.1:PORT/lab`. */
export function labAddress(origin: string): string {
  return `${origin.replace(/^http/, 'ws')}/lab`
}
