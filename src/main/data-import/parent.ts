/** This process's end of the channel to the lab: a Node child's or an Electron utility process's. */

export interface Parent {
  post(message: unknown): void
  onMessage(handler: (message: unknown) => void): void
}

/** Electron's `process.parentPort`, as far as it is used here. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', handler: (event: { data: unknown }) => void): void
}

/**
 * Opens the channel. When it breaks, however the lab ended, this process exits.
 * @throws Error when nobody started this process as a child
 */
export function openParent(): Parent {
  const port = (process as unknown as { parentPort?: ParentPort }).parentPort
  if (port !== undefined) {
    // Electron ends its utility processes itself when the main process is gone.
    return { post: (message) => port.postMessage(message), onMessage: (handler) => port.on('message', ({ data }) => handler(data)) }
  }
  const send = process.send?.bind(process)
  if (send === undefined) throw new Error('A process that reads files is started by the importer, not by hand.')
  process.once('disconnect', () => process.exit(1))
  return { post: (message) => void send(message), onMessage: (handler) => void process.on('message', handler) }
}
