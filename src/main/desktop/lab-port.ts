/** A window's port, connected to the lab. */
import type { MessagePortMain } from 'electron'
import type { Api } from '../api/api.ts'

export function connectPort(api: Api, port: MessagePortMain): void {
  let open = true
  // A port tells only of an end that the window made.
  const close = (): void => {
    if (!open) return
    open = false
    port.close()
    incoming.closed()
  }
  const incoming = api.connect({
    send: (frame) => {
      if (open) port.postMessage(frame)
    },
    // A port does not tell what waits in it; streams wait for credit, and answers are as many as the questions.
    buffered: () => 0,
    close,
  })
  port.on('message', ({ data }) => {
    if (data instanceof ArrayBuffer) incoming.receive(data)
    else close()
  })
  port.on('close', close)
  port.start()
}
