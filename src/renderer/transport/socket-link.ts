/** A link over a WebSocket to the lab that served the page. */
import type { Link } from '../../shared/rpc/link.ts'

export function socketLink(location: Pick<Location, 'protocol' | 'host'>): Link {
  const address = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/lab`
  return (events) => {
    const socket = new WebSocket(address)
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => events.opened()
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) events.message(data)
      else socket.close()
    }
    // An error is followed by a close, which says no less.
    socket.onclose = ({ reason }) => events.closed(reason === '' ? 'The lab cannot be reached.' : reason)
    return {
      send: (frame) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(frame)
      },
      close: () => socket.close(),
    }
  }
}
