/**
 * The lab as one object over a link that may break: calls and streams outlive connections. After a lost
 * one, queries are sent again; effects are sent again only where the lab remembers what it did for this
 * session, so nothing is done twice; streams are opened anew.
 */
import type { ItemOf, LabClient, MethodName, ParamsOf, ResultOf, StreamEvents, StreamName, StreamParamsOf } from '../contract.ts'
import { LabError } from '../errors.ts'
import type { ConnectionState, Observable } from './connection-state.ts'
import { decodeFrame, encodeFrame, fromLab } from './frame.ts'
import { resumedParams } from './resumed-params.ts'
import { ReconnectingLink } from './reconnecting-link.ts'
import type { Link } from './link.ts'
import { labMessageSchema, protocolVersion } from './messages.ts'
import type { LabMessage, WindowMessage } from './messages.ts'
import { ObservableValue } from './observable.ts'

/** Items of one stream that may be on their way: the next is made while this one is drawn. */
const streamCredit = 2

export interface ConnectedClient extends LabClient {
  readonly connection: Observable<ConnectionState>
  /** The machine woke up, or the page is seen again: find out now whether the connection still stands. */
  check(): void
  /** Ends everything; calls under way reject with `cancelled`. */
  close(): void
}

interface PendingCall {
  method: MethodName
  params: unknown
  /** It has left over some connection. */
  sent: boolean
  resolve(result: unknown): void
  reject(error: Error): void
}

interface OpenStream {
  name: StreamName
  params: unknown
  /** It has been open before. */
  opened: boolean
  on: StreamEvents<StreamName>
}

export function createClient(link: Link): ConnectedClient {
  return new Client(link)
}

class Client implements ConnectedClient {
  readonly connection = new ObservableValue<ConnectionState>({ state: 'connecting' })
  readonly #session = randomSession()
  readonly #link: ReconnectingLink
  readonly #calls = new Map<number, PendingCall>()
  readonly #streams = new Map<number, OpenStream>()
  #lastId = 0
  #lab: string | undefined
  #maxBytes = Number.POSITIVE_INFINITY
  #effects: ReadonlySet<string> = new Set()
  #welcomed = false

  constructor(link: Link) {
    this.#link = new ReconnectingLink(link, {
      opened: () => this.#send({ type: 'hello', protocol: protocolVersion, session: this.#session }),
      message: (frame) => this.#receive(frame),
      quiet: () => this.#send({ type: 'ping' }),
      lost: (since, reason) => {
        this.#welcomed = false
        this.connection.set({ state: 'lost', since, reason })
      },
    })
  }

  call<M extends MethodName>(method: M, params: ParamsOf<M>, options: { signal?: AbortSignal } = {}): Promise<ResultOf<M>> {
    const { signal } = options
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true || this.connection.value.state === 'closed') {
        reject(cancelled(method))
        return
      }
      const id = ++this.#lastId
      const abort = (): void => {
        const pending = this.#calls.get(id)
        if (pending?.sent === true) this.#send({ type: 'cancel', id })
        this.#calls.delete(id)
        reject(cancelled(method))
      }
      const settled = (): void => signal?.removeEventListener('abort', abort)
      signal?.addEventListener('abort', abort, { once: true })
      this.#calls.set(id, {
        method,
        params,
        sent: false,
        resolve: (result) => {
          settled()
          resolve(result as ResultOf<M>)
        },
        reject: (error) => {
          settled()
          reject(error)
        },
      })
      if (this.#welcomed) this.#sendCall(id)
    })
  }

  open<S extends StreamName>(stream: S, params: StreamParamsOf<S>, on: StreamEvents<S>): { close(): void } {
    const id = ++this.#lastId
    this.#streams.set(id, { name: stream, params, opened: false, on: on })
    if (this.#welcomed) this.#sendOpen(id)
    return {
      close: () => {
        if (this.#streams.delete(id) && this.#welcomed) this.#send({ type: 'close', id })
      },
    }
  }

  check(): void {
    this.#link.check()
  }

  close(): void {
    this.#link.close()
    this.#welcomed = false
    this.connection.set({ state: 'closed' })
    for (const [id, call] of this.#calls) {
      this.#calls.delete(id)
      call.reject(cancelled(call.method))
    }
    this.#streams.clear()
  }

  #send(message: WindowMessage): void {
    this.#link.send(encodeFrame(message))
  }

  #receive(frame: ArrayBuffer): void {
    const message = labMessageSchema.parse(decodeFrame(frame, fromLab))
    switch (message.type) {
      case 'welcome': {
        this.#welcome(message)
        return
      }
      case 'reply':
      case 'failed': {
        this.#settle(message)
        return
      }
      case 'item': {
        this.#item(message.id, message.item)
        return
      }
      case 'ended': {
        const stream = this.#streams.get(message.id)
        this.#streams.delete(message.id)
        return stream?.on.error?.(LabError.from(message.error))
      }
      case 'pong':
        return
    }
  }

  #welcome({ lab, known, maxBytes, effects }: Extract<LabMessage, { type: 'welcome' }>): void {
    const remembers = known && lab === this.#lab
    this.#lab = lab
    this.#maxBytes = maxBytes
    this.#effects = new Set(effects)
    this.#welcomed = true
    this.#link.established()
    const reopened = [...this.#streams].filter(([, { opened }]) => opened)
    // Streams first: what changes after a list was read must not fall between it and its stream.
    for (const id of this.#streams.keys()) this.#sendOpen(id)
    for (const [id, call] of [...this.#calls]) {
      if (!call.sent || remembers || !this.#effects.has(call.method)) this.#sendCall(id)
      else this.#fail(id, unknownOutcome(call.method))
    }
    this.connection.set({ state: 'connected' })
    for (const [id, { on }] of reopened) if (this.#streams.has(id)) on.reopened?.()
  }

  #sendCall(id: number): void {
    const call = this.#calls.get(id)!
    try {
      const { method, params } = call
      const frame = encodeFrame({ type: 'call', id, method, params } satisfies WindowMessage)
      if (frame.byteLength > this.#maxBytes) throw tooLarge(method, frame.byteLength, this.#maxBytes)
      call.sent = true
      this.#link.send(frame)
    } catch (error) {
      this.#fail(id, error as Error)
    }
  }

  #sendOpen(id: number): void {
    const stream = this.#streams.get(id)!
    stream.opened = true
    this.#send({ type: 'open', id, stream: stream.name, params: stream.params, credit: streamCredit })
  }

  #settle(message: Extract<LabMessage, { type: 'reply' | 'failed' }>): void {
    const { id } = message
    const call = this.#calls.get(id)
    // No longer wanted: it need not be remembered either.
    if (call === undefined) {
      this.#send({ type: 'ack', id })
      return
    }
    this.#calls.delete(id)
    if (this.#effects.has(call.method)) this.#send({ type: 'ack', id })
    if (message.type === 'reply') call.resolve(message.result)
    else call.reject(LabError.from(message.error))
  }

  #fail(id: number, error: Error): void {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    call?.reject(error)
  }

  #item(id: number, item: unknown): void {
    const stream = this.#streams.get(id)
    if (stream === undefined) return
    stream.params = resumedParams(stream.name, stream.params, item)
    try {
      stream.on.item(item as ItemOf<StreamName>)
    } catch (error) {
      // A listener's defect is not the connection's.
      queueMicrotask(() => {
        throw error
      })
    }
    this.#send({ type: 'credit', id, items: 1 })
  }
}

function randomSession(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function cancelled(method: string): LabError {
  return new LabError('cancelled', `${method} was cancelled.`, 'Ask again when you want it.')
}

function tooLarge(method: string, bytes: number, limit: number): LabError {
  return new LabError(
    'invalid-argument',
    `${method} would send ${bytes} bytes, and the lab takes ${limit} at a time.`,
    'Ask for less at a time.',
  )
}

function unknownOutcome(method: string): LabError {
  return new LabError(
    'link-lost',
    `The lab was started anew while it answered ${method}: whether it was done is not known.`,
    'Look whether it was done, and do it again if not.',
  )
}
