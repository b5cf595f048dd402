/** A link over a MessagePort, as the app's window gets one from its main process. */
import type { Link } from './link.ts'

/** As much of a MessagePort as is used. */
export interface PortLike {
  onmessage: ((event: { data: unknown } & never) => void) | null
  onclose?: ((event: never) => void) | null
  postMessage(message: unknown): void
  close(): void
}

/** Sent where a frame would be, by an end that closes: a closed port says nothing by itself in every browser. */
export const portClosed = 'closed'

/** @param request asks for a port to the lab, and gives it to `arrived` once */
export function portLink(request: (arrived: (port: PortLike) => void) => void): Link {
  return (events) => {
    let port: PortLike | undefined
    let over = false
    const end = (reason: string): void => {
      if (over) return
      over = true
      port?.close()
      queueMicrotask(() => events.closed(reason))
    }
    request((arrived) => {
      if (over) return arrived.close()
      port = arrived
      arrived.onclose = () => end('The app closed the connection.')
      // Setting it also starts the port.
      arrived.onmessage = ({ data }: { data: unknown }) => {
        if (data instanceof ArrayBuffer) events.message(data)
        else if (data === portClosed) end('The app closed the connection.')
      }
      events.opened()
    })
    return {
      send: (frame) => {
        if (!over) port?.postMessage(frame)
      },
      close: () => {
        if (!over) port?.postMessage(portClosed)
        end('The window closed the connection.')
      },
    }
  }
}
