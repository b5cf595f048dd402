/**
 * The parent's end of the channel to a child: calls with events and one answer each. A child that dies,
 * hangs, takes too much memory or says what it should not is ended, and whoever waits for it gets an error.
 */
import type { z } from 'zod'
import { LabError, type ErrorValue, errorSchema, messageOf } from '../../shared/errors.ts'
import type { Child, ProcessExit } from './child.ts'
import { check, fromChild, type Calls, type Stop, type ToChild } from './messages.ts'
import { OutputTail } from './output-tail.ts'
import { cpuTimeOf, residentBytesOf } from './process-usage.ts'
import type { Watchdog, Watched } from './watchdog.ts'

/** What is the matter with a child that is lost; its last lines are beside it. */
export type Loss =
  | { how: 'ended'; exit: ProcessExit }
  | { how: 'hung'; silentMilliseconds: number }
  | { how: 'too-large' }
  | { how: 'nonsense'; reason: string; cause: unknown }

/** What events and results of each method must look like. */
export type Schemas<C extends Calls<C>> = { [M in keyof C]: { event: z.ZodType; result: z.ZodType } }

export interface ChannelOptions<C extends Calls<C>> {
  schemas: Schemas<C>
  /** What an error must look like; any of the lab's if not given. */
  errors?: z.ZodType<ErrorValue>
  /** The error for a child that is lost while somebody waits for it: called once. */
  lost(loss: Loss, output: string): LabError
  /** Watches the child while calls are under way. */
  watchdog?: Watchdog
  /** See {@link WatchOptions}; left out: silence alone decides. */
  patience?: number
  /** Resident memory that it may have, bytes. */
  residentLimit?: number
  onHeartbeat?(residentBytes: number): void
  /** Lines of its output that are kept. */
  outputLines?: number
}

export interface Call<Result> {
  /**
   * Settles when every event has been dealt with.
   * @throws LabError what the call failed with, or what the child's loss is; or what dealing with an event threw
   */
  readonly result: Promise<Result>
  /** Asks it to end. */
  stop(how: Stop): void
  /** Cancels it without waiting for its end: `result` rejects now. */
  abandon(reason: LabError): void
}

interface OpenCall {
  schemas: { event: z.ZodType; result: z.ZodType }
  onEvent(event: unknown): void | Promise<void>
  /** Resolves when every event so far has been dealt with. */
  handled: Promise<void>
  resolve: (result: unknown) => void
  reject: (reason: unknown) => void
}

export class Channel<C extends Calls<C>> {
  /** Resolves when the child is gone, and all are told who waited for it. */
  readonly gone: Promise<void>
  readonly #child: Child
  readonly #options: ChannelOptions<C>
  readonly #output: OutputTail
  readonly #calls = new Map<number, OpenCall>()
  #lastId = 0
  #watched: Watched | undefined
  /** Why it is ended, where it is us who end it. */
  #reason: LabError | undefined
  #isGone = false

  constructor(child: Child, options: ChannelOptions<C>) {
    this.#child = child
    this.#options = options
    this.#output = new OutputTail(options.outputLines)
    child.onOutput((text) => this.#output.add(text))
    child.onMessage((message) => this.#hear(message))
    this.gone = new Promise((resolve) => child.onExit((exit) => resolve(this.#end(exit))))
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Whether it can be asked anything. */
  get isOpen(): boolean {
    return !this.#isGone && this.#reason === undefined
  }

  /**
   * Asks something of a child that is open.
   * @param onEvent called in order; a promise it gives is waited for before the next event, and what it throws fails the call
   */
  call<M extends keyof C & string>(
    method: M,
    params: C[M]['params'],
    onEvent: (event: C[M]['event']) => void | Promise<void> = () => undefined,
  ): Call<C[M]['result']> {
    const id = ++this.#lastId
    const { promise: result, resolve, reject } = Promise.withResolvers<C[M]['result']>()
    const call: OpenCall = { schemas: this.#options.schemas[method], onEvent, handled: Promise.resolve(), resolve, reject }
    this.#calls.set(id, call)
    this.#watched ??= this.#watch()
    this.#watched?.heard()
    this.#post({ type: 'call', id, method, params })
    return {
      result,
      stop: (how) => {
        if (this.#calls.has(id)) this.#post({ type: 'stop', id, how })
      },
      abandon: (reason) => {
        this.#post({ type: 'stop', id, how: 'cancel' })
        this.#close(id)
        reject(reason)
      },
    }
  }

  /** It has loaded: from now on the watchdog's shorter limits hold. */
  ready(): void {
    this.#watched?.ready()
  }

  /** Ends the child at once; calls under way reject with the reason when it is gone. */
  kill(reason: LabError): void {
    if (!this.isOpen) return
    this.#reason = reason
    this.#child.kill()
  }

  #post(message: ToChild): void {
    if (this.isOpen) this.#child.postMessage(message)
  }

  #hear(value: unknown): void {
    if (!this.isOpen) return
    this.#watched?.heard()
    try {
      this.#take(check(fromChild, value))
    } catch (cause) {
      this.#lose({ how: 'nonsense', reason: messageOf(cause), cause })
    }
  }

  /** @throws Error when it is not what was asked for */
  #take(message: z.infer<typeof fromChild>): void {
    if (message.type === 'heartbeat') {
      this.#options.onHeartbeat?.(message.residentBytes)
      return
    }
    const { id } = message
    const call = this.#calls.get(id)
    if (call === undefined) return // nobody waits for it any more
    if (message.type === 'event') {
      const event = check(call.schemas.event, message.event)
      call.handled = call.handled.then(() => call.onEvent(event)).then(() => this.#post({ type: 'ack', id }))
      call.handled.catch(call.reject)
      return
    }
    const answer = message.type === 'result' ? check(call.schemas.result, message.result) : null
    const error = message.type === 'failed' ? LabError.from(check(this.#options.errors ?? errorSchema, message.error)) : null
    this.#close(id)
    call.handled.then(() => {
      this.#post({ type: 'ack', id })
      if (error === null) call.resolve(answer)
      else call.reject(error)
    }, call.reject)
  }

  #close(id: number): void {
    this.#calls.delete(id)
    if (this.#calls.size === 0) this.#unwatch()
  }

  #watch(): Watched | undefined {
    const { watchdog, patience, residentLimit } = this.#options
    return watchdog?.watch({
      onHung: (silentMilliseconds) => this.#lose({ how: 'hung', silentMilliseconds }),
      ...(patience === undefined ? {} : { patience, cpuTime: () => cpuTimeOf(this.#child.pid) }),
      onLook: () => {
        if (residentLimit !== undefined && (residentBytesOf(this.#child.pid) ?? 0) > residentLimit) this.#lose({ how: 'too-large' })
      },
    })
  }

  #unwatch(): void {
    this.#watched?.stop()
    this.#watched = undefined
  }

  /** Ends a child that is of no use any more. */
  #lose(loss: Loss): void {
    if (this.isOpen) this.kill(this.#options.lost(loss, this.#output.text))
  }

  #end(exit: ProcessExit): Promise<void> {
    this.#unwatch()
    const waiting = [...this.#calls.values()]
    this.#calls.clear()
    this.#isGone = true
    if (waiting.length === 0) return Promise.resolve()
    const reason = this.#reason ?? this.#options.lost({ how: 'ended', exit }, this.#output.text)
    const told = waiting.map(({ handled, reject }) => handled.then(() => reject(reason), reject))
    return Promise.all(told).then(() => undefined)
  }
}
