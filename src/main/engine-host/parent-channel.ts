/** The engine process's end of the channel to its host: a Node child's or an Electron utility process's. */
import { flushQuestion, isFlushAnswer } from './flush.ts'
import { letMessagesIn } from './host-context.ts'

export interface ParentChannel {
  post(message: unknown): void
  onMessage(handler: (message: unknown) => void): void
  /** Resolves when everything posted has been handed to the system. */
  flushed(): Promise<void>
  /**
   * One turn of the event loop, and as many more as it takes to hand over what was posted, up to a
   * tenth of a second. A pipe takes a fifth of a megabyte a turn, and heartbeats queue behind events:
   * a process that computes between single turns would fall silent for seconds behind each big one.
   */
  readonly letMessagesThrough: () => Promise<void>
}

/** Milliseconds that a process waits for a host that does not read. */
const mostWait = 100

/** Electron's `process.parentPort`, as far as it is used here. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', handler: (event: { data: unknown }) => void): void
}

/**
 * Opens the channel, and sees to it that this process never outlives its host: when the channel
 * breaks, however the host ended, it exits.
 * @throws Error when nobody started this process as a child
 */
export function openParentChannel(): ParentChannel {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort
  // Electron ends its utility processes itself when the main process is gone.
  if (parentPort !== undefined) return overParentPort(parentPort)
  if (process.send === undefined) throw new Error('An engine process is started by the engine host, not by hand.')
  process.once('disconnect', () => process.exit(1))
  return overProcess(process.send.bind(process))
}

function overParentPort(port: ParentPort): ParentChannel {
  const handlers: ((message: unknown) => void)[] = []
  /** Questions whose answer shows that all posted before has arrived. */
  const asked = new Map<number, () => void>()
  let count = 0
  port.on('message', ({ data }) => {
    if (!isFlushAnswer(data)) {
      handlers.forEach((handler) => handler(data))
      return
    }
    asked.get(data.count)?.()
    asked.delete(data.count)
  })
  const flushed = (): Promise<void> =>
    new Promise((resolve) => {
      asked.set(++count, resolve)
      port.postMessage(flushQuestion(count))
    })
  return {
    post: (message) => port.postMessage(message),
    onMessage: (handler) => void handlers.push(handler),
    flushed,
    letMessagesThrough: letMessagesIn,
  }
}

function overProcess(send: NonNullable<typeof process.send>): ParentChannel {
  let waiting = 0
  let onFlushed = Promise.withResolvers<undefined>()
  const flushed = (): Promise<void> => (waiting === 0 ? Promise.resolve() : onFlushed.promise)
  return {
    post: (message) => {
      waiting++
      send(message, undefined, undefined, () => {
        waiting--
        if (waiting > 0) return
        onFlushed.resolve(undefined)
        onFlushed = Promise.withResolvers()
      })
    },
    onMessage: (handler) => void process.on('message', handler),
    flushed,
    letMessagesThrough: async () => {
      await letMessagesIn()
      if (waiting === 0) return
      let timer: NodeJS.Timeout | undefined
      await Promise.race([flushed(), new Promise((resolve) => (timer = setTimeout(resolve, mostWait)))])
      clearTimeout(timer)
    },
  }
}
