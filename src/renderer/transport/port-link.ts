/** A link over a MessagePort, which the app's preload script brings on request. */
import type { Bridge } from '../../shared/bridge.ts'
import { portMessage } from '../../shared/bridge.ts'
import type { Link } from '../../shared/rpc/link.ts'

export function portLink(bridge: Pick<Bridge, 'requestPort'>, window: Window): Link {
  return (events) => {
    let port: MessagePort | null = null
    const take = (event: MessageEvent<unknown>) => {
      // Only the preload script of this very window can speak to it as itself.
      if (event.source !== window || event.data !== portMessage || event.ports.length !== 1) return
      window.removeEventListener('message', take)
      port = event.ports[0]
      port.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (data instanceof ArrayBuffer) events.message(data)
      }
      port.addEventListener('close', () => events.closed('The lab has ended.'))
      port.start()
      events.opened()
    }
    window.addEventListener('message', take)
    bridge.requestPort()
    return {
      // Not transferred: Electron's main process gets a message without data then.
      send: (frame) => port?.postMessage(frame),
      close: () => {
        window.removeEventListener('message', take)
        port?.close()
        queueMicrotask(() => events.closed('The window closed the connection.'))
      },
    }
  }
}
