/** A client's link over Node's own kind of WebSocket, with the headers that a browser would send. */
import { WebSocket } from 'ws'
import type { Link } from '../../../shared/rpc/link.ts'

/** @param origin where the page would come from: `http://127.0.0.1:PORT` */
export function nodeSocketLink(origin: string, cookie: string): Link {
  return (events) => {
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/lab`, { headers: { origin, cookie } })
    socket.binaryType = 'arraybuffer'
    socket.on('open', () => events.opened())
    socket.on('message', (data) => events.message(data as ArrayBuffer))
    socket.on('close', (_code, reason) => events.closed(reason.toString() || 'The lab cannot be reached.'))
    socket.on('error', () => undefined) // a close follows
    return { send: (frame) => socket.send(frame, () => undefined), close: () => socket.close() }
  }
}
