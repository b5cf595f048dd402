/**
 * The one queue of engine jobs: each waits for its turn, tells how far it is, and can be paused or
 * cancelled. Whoever shows jobs (bars, JSON lines, a window) subscribes here.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { EngineHost, JobHandle, JobHandlers } from '../../../shared/engine-host.ts'
import type { JobEvent, JobKind, JobOf, ResultOf } from '../../../shared/engine-protocol.ts'
import { jobName } from '../../../analyses/job-name.ts'
import { LabError } from '../../../shared/errors.ts'
import { requireNetworks } from '../../../shared/network-count.ts'

export type JobState = 'queued' | 'running' | 'pausing' | 'done' | 'failed' | 'cancelled'

/** How a job stands. */
export interface JobStatus {
  /** Unique within this lab. */
  id: string
  /** What is done: the command that asks for it, see `jobName`. */
  kind: string
  /** The run it works on or from. */
  run: string | null
  state: JobState
  /** Steps, networks or iterations done, and how many there are; total 0: not known yet. */
  done: number
  total: number
  /** Seconds since the engine began. */
  seconds: number
  /** What is being done, in words. */
  note: string
  /** Newest measured values by name, while training. */
  metrics: Readonly<Record<string, number>>
}

/** What subscribers hear: a change of a job, or something it has to say. */
export type JobUpdate = { type: 'status'; status: JobStatus } | { type: 'log'; status: JobStatus; level: 'info' | 'warn'; message: string }

/** One piece of work that a person asked for, whatever jobs it takes: it hears them, and they end with it. */
export interface JobScope {
  readonly signal: AbortSignal
  onUpdate(update: JobUpdate): void
  onEvent(event: JobEvent): void
}

export interface SubmitOptions extends JobHandlers {
  run?: string
  total?: number
  /** Its turn has come. Throwing ends it before the engine begins. */
  onStart?(): void
  /** It is wanted to end while it runs: after the step under way, or now. May be called again. */
  onEnd?(how: 'pause' | 'cancel'): void
}

export interface QueuedJob<K extends JobKind> {
  readonly id: string
  /** @throws LabError what the engine failed with; `cancelled` when it was cancelled */
  readonly result: Promise<ResultOf<K>>
}

interface Entry {
  status: JobStatus
  scope: JobScope | undefined
  handle: Omit<JobHandle, 'result'> | null
  wanted: 'run' | 'pause' | 'cancel'
  /** Gives up its place in the queue. */
  leave(): void
  onEnd: SubmitOptions['onEnd']
}

export class JobQueue {
  readonly #engine: EngineHost
  readonly #listeners = new Set<(update: JobUpdate) => void>()
  readonly #entries = new Map<string, Entry>()
  readonly #scopes = new AsyncLocalStorage<JobScope>()
  #tail: Promise<undefined> = Promise.resolve(undefined)
  #count = 0
  #peakBytes = 0

  constructor(engine: EngineHost) {
    this.#engine = engine
  }

  /** Does work whose jobs, however deep in it they are submitted, belong to a scope. */
  within<T>(scope: JobScope, work: () => Promise<T>): Promise<T> {
    return this.#scopes.run(scope, work)
  }

  /** Puts a job at the end of the queue. @throws LabError `invalid-argument` where it asks for networks that there are not */
  submit<K extends JobKind>(job: JobOf<K>, options: SubmitOptions = {}): QueuedJob<K> {
    requireNetworks(job)
    const kind = jobName(job)
    const id = `${kind}-${++this.#count}`
    const scope = this.#scopes.getStore()
    const before = this.#tail
    const turn = Promise.withResolvers<undefined>()
    void before.then(() => turn.resolve(undefined))
    const entry: Entry = {
      scope,
      status: {
        id,
        kind,
        run: options.run ?? null,
        state: 'queued',
        done: 0,
        total: options.total ?? 0,
        seconds: 0,
        note: '',
        metrics: {},
      },
      handle: null,
      wanted: 'run',
      leave: () => turn.reject(neverBegan()),
      onEnd: options.onEnd?.bind(options),
    }
    const abort = () => this.cancel(id)
    scope?.signal.addEventListener('abort', abort)
    this.#entries.set(id, entry)
    this.#change(entry, {})
    const result = this.#run(job, entry, options, turn.promise)
    const over = result.then(noMatter, noMatter).finally(() => scope?.signal.removeEventListener('abort', abort))
    // The next job waits for this one and for all before it: this one may end early, cancelled while it still waited.
    this.#tail = Promise.all([before, over]).then(noMatter)
    if (scope?.signal.aborted === true) this.cancel(id)
    return { id, result }
  }

  /** Resident memory of a job's processes together, at the highest over all jobs that ended well, bytes. */
  get peakBytes(): number {
    return this.#peakBytes
  }

  /** Resident memory of the running job's processes together, bytes; 0: none runs. */
  get engineBytes(): number {
    return [...this.#entries.values()].reduce((sum, { handle }) => sum + (handle?.residentBytes ?? 0), 0)
  }

  /** Jobs that wait or run, oldest first. */
  list(): JobStatus[] {
    return [...this.#entries.values()].map(({ status }) => status)
  }

  subscribe(listener: (update: JobUpdate) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Lets a training job end after its step with a checkpoint; any other job is cancelled, for it would run to its end. */
  pause(id: string): void {
    const entry = this.#entries.get(id)
    if (entry !== undefined) this.#end(entry, entry.status.kind === 'train' && entry.status.state === 'running' ? 'pause' : 'cancel')
  }

  /** Ends a job now. */
  cancel(id: string): void {
    const entry = this.#entries.get(id)
    if (entry !== undefined) this.#end(entry, 'cancel')
  }

  /** Says what a job is doing, in words, until it says something itself. */
  say(id: string, note: string): void {
    const entry = this.#entries.get(id)
    if (entry !== undefined) this.#change(entry, { note })
  }

  /**
   * The person wants everything to end: what trains is paused the first time, and everything is
   * cancelled the second.
   * @returns false when there was nothing to end
   */
  interrupt(): boolean {
    const active = [...this.#entries.values()]
    for (const entry of active) {
      if (entry.wanted === 'run') this.pause(entry.status.id)
      else this.cancel(entry.status.id)
    }
    return active.length > 0
  }

  /** Ends all of them now. */
  close(): void {
    for (const { status } of this.#entries.values()) this.cancel(status.id)
  }

  #end(entry: Entry, how: 'pause' | 'cancel'): void {
    entry.wanted = how
    if (entry.status.state === 'queued') {
      entry.leave()
      return
    }
    if (how === 'pause') {
      this.#change(entry, { state: 'pausing' })
      entry.handle?.pause()
    } else {
      entry.handle?.cancel()
    }
    entry.onEnd?.(how)
  }

  /** @param turn when those before it have ended; rejects when it gives up its place */
  async #run<K extends JobKind>(job: JobOf<K>, entry: Entry, handlers: SubmitOptions, turn: Promise<undefined>): Promise<ResultOf<K>> {
    try {
      await turn
      if (entry.wanted === 'cancel') throw neverBegan()
      handlers.onStart?.()
      this.#change(entry, { state: 'running' })
      const handle = this.#engine.run(job, {
        onReady: (versions) => handlers.onReady?.(versions),
        onEvent: (event) => {
          if (event.type === 'progress') {
            this.#change(entry, { done: event.done, total: event.total, seconds: event.seconds, note: event.note ?? entry.status.note })
          } else if (event.type === 'metrics') {
            const metrics = { ...entry.status.metrics }
            for (const { name, value } of event.points) metrics[name] = value
            this.#change(entry, { metrics }, false)
          } else if (event.type === 'log') {
            this.#tell(entry, { type: 'log', status: entry.status, level: event.level, message: event.message })
          }
          entry.scope?.onEvent(event)
          return handlers.onEvent?.(event)
        },
      })
      entry.handle = handle
      // It may have been asked to end by whoever heard its first words.
      if (entry.wanted !== 'run') this.#end(entry, entry.wanted)
      const result = await handle.result
      this.#peakBytes = Math.max(this.#peakBytes, handle.peakBytes)
      this.#change(entry, { state: 'done' })
      return result
    } catch (thrown) {
      this.#change(entry, { state: thrown instanceof LabError && thrown.code === 'cancelled' ? 'cancelled' : 'failed' })
      throw thrown
    } finally {
      this.#entries.delete(entry.status.id)
    }
  }

  #change(entry: Entry, change: Partial<JobStatus>, tell = true): void {
    entry.status = { ...entry.status, ...change }
    if (tell) this.#tell(entry, { type: 'status', status: entry.status })
  }

  #tell(entry: Entry, update: JobUpdate): void {
    entry.scope?.onUpdate(update)
    for (const listener of this.#listeners) listener(update)
  }
}

const noMatter = () => undefined

const neverBegan = () => new LabError('cancelled', 'The job was cancelled before it began.', 'Give the command again.')
