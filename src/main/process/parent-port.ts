/** The way from a child to its parent: a Node child's, an Electron utility process's or a worker thread's. */
import { parentPort as threadPort } from 'node:worker_threads'
import { yieldToEventLoop } from './yield-to-event-loop.ts'

export interface ParentPort {
  post(message: unknown): void
  onMessage(handler: (message: unknown) => void): void
  /**
   * One turn of the event loop, and as many more as it takes to hand over what was posted, up to a
   * tenth of a second. A pipe takes a fifth of a megabyte a turn, and heartbeats queue behind events:
   * a process that computes between single turns would fall silent for seconds behind each big one.
   */
  readonly yieldToEventLoop: () => Promise<void>
}

/** Milliseconds that a process waits for a parent that does not read. */
const maxWait = 100

/** Electron's `process.parentPort`, as far as it is used here. */
interface ElectronPort {
  postMessage(message: unknown): void
  on(event: 'message', handler: (event: { data: unknown }) => void): void
}

/**
 * Opens it, and sees to it that this process never outlives its parent: when the channel breaks, however
 * the parent ended, it exits.
 * @throws Error when nobody started this process as a child
 */
export function openParentPort(): ParentPort {
  if (threadPort !== null) {
    const port = threadPort
    return { post: (message) => port.postMessage(message), onMessage: (handler) => void port.on('message', handler), yieldToEventLoop }
  }
  const { parentPort: port } = process as unknown as { parentPort?: ElectronPort }
  if (port !== undefined) {
    // Electron ends its utility processes itself when the main process is gone.
    return {
      post: (message) => port.postMessage(message),
      onMessage: (handler) => port.on('message', ({ data }) => handler(data)),
      yieldToEventLoop,
    }
  }
  if (process.send === undefined) throw new Error('This process is started by the lab, not by hand.')
  process.once('disconnect', () => process.exit(1))
  return overPipe(process.send.bind(process))
}

function overPipe(send: NonNullable<typeof process.send>): ParentPort {
  let waiting = 0
  let onSent = Promise.withResolvers<undefined>()
  return {
    post: (message) => {
      waiting++
      send(message, undefined, undefined, () => {
        waiting--
        if (waiting > 0) return
        onSent.resolve(undefined)
        onSent = Promise.withResolvers()
      })
    },
    onMessage: (handler) => void process.on('message', handler),
    yieldToEventLoop: async () => {
      await yieldToEventLoop()
      if (waiting === 0) return
      let timer: NodeJS.Timeout | undefined
      await Promise.race([onSent.promise, new Promise((resolve) => (timer = setTimeout(resolve, maxWait)))])
      clearTimeout(timer)
    },
  }
}
