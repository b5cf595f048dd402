/** One connection of a window: reads its messages, has them done, answers. */
import { methods, streams } from '../../shared/contract.ts'
import type { MethodName, StreamName } from '../../shared/contract.ts'
import { LabError, toErrorValue } from '../../shared/errors.ts'
import { decodeFrame, encodeFrame, fromWindow } from '../../shared/rpc/frame.ts'
import { protocolVersion, windowMessageSchema } from '../../shared/rpc/messages.ts'
import type { LabMessage, WindowMessage } from '../../shared/rpc/messages.ts'
import { check } from './check.ts'
import type { CallContext, ApiRouter } from './handlers.ts'
import type { Session, Sessions } from './sessions.ts'
import { StreamPump } from './stream-pump.ts'

/** The other end, as a transport gives it. */
export interface Peer {
  send(frame: ArrayBuffer): void
  /** Bytes that were sent and have not left this process. */
  buffered(): number
  close(reason: string): void
}

/** What a transport tells. */
export interface Incoming {
  receive(frame: ArrayBuffer): void
  closed(): void
}

const maxCalls = 500
const maxStreams = 200
/** Bytes that may wait for a window that does not read. */
const maxBuffered = 128 << 20

const effects = Object.entries(methods).flatMap(([method, { effect }]) => (effect ? [method] : []))

type Answer = Extract<LabMessage, { type: 'reply' | 'failed' }>

export interface ConnectionOptions {
  router: ApiRouter
  sessions: Sessions
  /** Names this lab among all that ever run. */
  lab: string
  /** Something is about to wait for a window: there may be too much for all of them together. */
  onWaiting(): void
}

export class Connection implements Incoming {
  readonly #options: ConnectionOptions
  readonly #peer: Peer
  /** Under way. Effects are the session's: they outlive the connection. */
  readonly #queries = new Map<number, AbortController>()
  readonly #pumps = new Map<number, StreamPump<unknown>>()
  #session: Session | undefined
  #closed = false

  constructor(options: ConnectionOptions, peer: Peer) {
    this.#options = options
    this.#peer = peer
  }

  receive(frame: ArrayBuffer): void {
    if (this.#closed) return
    try {
      this.#handle(windowMessageSchema.parse(decodeFrame(frame, fromWindow)))
    } catch (error) {
      this.#end(error instanceof LabError ? error.message : 'A message is not of the protocol.')
    }
  }

  closed(): void {
    if (this.#closed) return
    this.#closed = true
    const session = this.#session
    // Another connection may have taken the session over.
    if (session?.drop === this.#drop) this.#options.sessions.vanish(session)
    for (const controller of this.#queries.values()) controller.abort()
    for (const pump of this.#pumps.values()) pump.close()
    this.#queries.clear()
    this.#pumps.clear()
  }

  /** Bytes that wait for the window. */
  get waiting(): number {
    return this.#closed ? 0 : this.#peer.buffered()
  }

  /** Its window comes back, and is told anew what it still wants to know. */
  dropUnread(): void {
    this.#end('The window does not read what it asked for.')
  }

  readonly #drop = (): void => this.#end('The window has another connection.')

  #end(reason: string): void {
    this.closed()
    this.#peer.close(reason)
  }

  #send(message: LabMessage): void {
    if (this.#closed) return
    if (this.#peer.buffered() > maxBuffered) this.dropUnread()
    else this.#options.onWaiting()
    if (this.#closed) return
    let frame: ArrayBuffer
    try {
      frame = encodeFrame(message)
    } catch (error) {
      // A handler gave what cannot be sent: its caller hears of it.
      if (message.type !== 'reply' && message.type !== 'item') throw error
      this.#pumps.get(message.id)?.close()
      this.#send({ type: message.type === 'reply' ? 'failed' : 'ended', id: message.id, error: toErrorValue(error) })
      return
    }
    this.#peer.send(frame)
  }

  #handle(message: WindowMessage): void {
    if (message.type === 'hello') {
      this.#hello(message)
      return
    }
    const session = this.#session
    if (session === undefined) {
      this.#end('The first message is not a hello.')
      return
    }
    switch (message.type) {
      case 'call': {
        this.#call(session, message)
        return
      }
      case 'cancel':
        this.#queries.get(message.id)?.abort()
        {
          session.cancel(message.id)
          return
        }
      case 'ack': {
        session.acknowledge(message.id)
        return
      }
      case 'open': {
        this.#open(message)
        return
      }
      case 'credit':
        return this.#pumps.get(message.id)?.addCredit(message.items)
      case 'close': {
        this.#pumps.get(message.id)?.close()
        this.#pumps.delete(message.id)
        return
      }
      case 'ping': {
        this.#send({ type: 'pong' })
        return
      }
    }
  }

  #hello({ protocol, session: id }: Extract<WindowMessage, { type: 'hello' }>): void {
    if (protocol !== protocolVersion) {
      this.#end('The page is of another version than the lab: reload it.')
      return
    }
    if (this.#session !== undefined) {
      this.#end('A second hello.')
      return
    }
    const { session, known } = this.#options.sessions.join(id)
    this.#session = session
    session.reach = (answer) => this.#send(answer)
    session.drop = this.#drop
    this.#send({ type: 'welcome', protocol: protocolVersion, lab: this.#options.lab, known, maxBytes: fromWindow.frame, effects })
  }

  #call(session: Session, { id, method, params }: Extract<WindowMessage, { type: 'call' }>): void {
    if (this.#queries.size + session.underWay >= maxCalls) {
      this.#send(failed(id, tooMany(`${maxCalls} calls are under way`)))
      return
    }
    if (!isMethod(method)) {
      this.#send(failed(id, unknown('method', method)))
      return
    }
    if (methods[method].effect) {
      session.once(id, (signal) => this.#run(id, method, params, signal))
      return
    }
    const controller = new AbortController()
    this.#queries.set(id, controller)
    void this.#run(id, method, params, controller.signal).then((answer) => {
      this.#queries.delete(id)
      if (!controller.signal.aborted) this.#send(answer)
    })
  }

  async #run(id: number, method: MethodName, params: unknown, signal: AbortSignal): Promise<Answer> {
    try {
      const checked = check(methods[method].params, params, method)
      const handler = this.#options.router.handlers[method] as (params: unknown, context: CallContext) => unknown
      const result = await handler(checked, { signal })
      return { type: 'reply', id, result: result === undefined ? {} : result }
    } catch (error) {
      return failed(id, error)
    }
  }

  #open({ id, stream, params, credit }: Extract<WindowMessage, { type: 'open' }>): void {
    const end = (error: unknown): void => {
      this.#pumps.delete(id)
      this.#send({ type: 'ended', id, error: toErrorValue(error) })
    }
    if (this.#pumps.size >= maxStreams) {
      end(tooMany(`${maxStreams} streams are open`))
      return
    }
    if (this.#pumps.has(id)) {
      this.#end('A stream was opened twice.')
      return
    }
    if (!isStream(stream)) {
      end(unknown('stream', stream))
      return
    }
    const pump = new StreamPump<unknown>(credit, { item: (item) => this.#send({ type: 'item', id, item }), failed: end })
    this.#pumps.set(id, pump)
    const open = this.#options.router.streams[stream] as (params: unknown, listener: unknown) => never
    void pump.start((listener) => open(check(streams[stream].params, params, stream), listener))
  }
}

function isMethod(name: string): name is MethodName {
  return Object.hasOwn(methods, name)
}

function isStream(name: string): name is StreamName {
  return Object.hasOwn(streams, name)
}

function failed(id: number, error: unknown): Answer {
  return { type: 'failed', id, error: toErrorValue(error) }
}

function unknown(what: string, name: string): LabError {
  return new LabError(
    'invalid-argument',
    `The lab has no ${what} ${JSON.stringify(name)}.`,
    'Reload the page: it may be older than the lab.',
  )
}

function tooMany(what: string): LabError {
  return new LabError('invalid-argument', `${what} for this window: no more at a time.`, 'Wait for some to end.')
}
