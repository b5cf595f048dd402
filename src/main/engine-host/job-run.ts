/** One job's processes, from their start until the last of them is gone. */
import { eventBytes, type EngineJob, type HostMessage, type JobEvent, type JobResult } from '../../shared/engine-protocol.ts'
import type { JobHandlers } from '../../shared/engine-host.ts'
import { LabError } from '../../shared/errors.ts'
import { checkEngineMessage, checkWorkerMessage } from './check-messages.ts'
import { cpuTimeOf } from './cpu-time.ts'
import { ended, hung, lost } from './engine-lost.ts'
import { createFarmAddress, removeFarmAddress, type FarmAddress } from './farm-socket.ts'
import { LastWords } from './last-words.ts'
import { checkMemory, outOfMemoryKills } from './memory.ts'
import type { Child, ProcessExit } from '../process/child.ts'
import type { ProcessRole, Spawn } from './spawn.ts'
import { longestStretch } from './stretch.ts'
import type { Vigil, Watched } from './vigil.ts'
import type { WorkerStart } from './worker-messages.ts'

export interface JobRunParts {
  job: EngineJob
  handlers: JobHandlers
  spawn: Spawn
  vigil: Vigil
  /** Farm workers beside the engine. */
  workers: number
  /** Of each process. */
  environment: Record<string, string>
  /** Bytes that the job may count on. */
  availableMemory: () => number
}

/** Milliseconds that a job has to end by itself when it is cancelled. */
const cancelGrace = 1000
/** Milliseconds between two breaths of a job that the vigil's limits have in mind. */
const usualStretch = 500
/** Milliseconds in which the end of a worker becomes known after the engine has missed it. */
const explanationGrace = 300
/** Milliseconds in which the engine says how its job ended, after it has let a worker go. */
const farewellGrace = 10_000

interface Member {
  role: ProcessRole
  process: Child
  words: LastWords
  watched: Watched
  residentBytes: number
}

type Outcome = { result: JobResult } | { error: unknown }

export class JobRun {
  readonly result: Promise<JobResult>
  peakBytes = 0
  residentBytes = 0
  readonly #parts: JobRunParts
  readonly #settle: PromiseWithResolvers<JobResult> = Promise.withResolvers()
  readonly #members = new Set<Member>()
  readonly #killsBefore = outOfMemoryKills()
  readonly #timers: NodeJS.Timeout[] = []
  /** What the vigil allows beyond the usual: see stretch.ts. */
  readonly #patience: number
  #engine: Child | undefined
  #address: FarmAddress | undefined
  #outcome: Outcome | undefined
  /** Resolves when every event so far has been handled. */
  #handled: Promise<void> = Promise.resolve()

  constructor(parts: JobRunParts) {
    this.#parts = parts
    this.result = this.#settle.promise
    this.#patience = Math.max(0, longestStretch(parts.job) - usualStretch)
    try {
      this.#start()
    } catch (error) {
      this.#decide({ error })
    }
  }

  pause(): void {
    this.#tell({ type: 'stop', how: 'pause' })
  }

  cancel(): void {
    this.#tell({ type: 'stop', how: 'cancel' })
    this.#timers.push(setTimeout(() => this.kill(), cancelGrace))
  }

  /** Ends every process at once. */
  kill(): void {
    this.#decide({ error: new LabError('cancelled', 'The job was cancelled.', 'Start it again when you want it.') })
  }

  #start(): void {
    const { job, workers, availableMemory } = this.#parts
    checkMemory(job, workers + 1, availableMemory())
    if (workers > 0) this.#address = createFarmAddress()
    this.#engine = this.#add('engine', (member, message) => this.#onEngineMessage(member, message)).process
    this.#tell({ type: 'start', job, farm: { path: this.#address?.path ?? null, workers, token: this.#address?.token ?? '' } })
    if (this.#address === undefined || !('data' in job) || !('document' in job) || job.data === undefined) return
    const { target, seed, training } = job.document
    const start: WorkerStart = { type: 'start', job: { document: { target, seed, training }, data: job.data }, address: this.#address }
    for (let i = 0; i < workers; i++) {
      this.#add('farm', (member, message) => this.#onWorkerMessage(member, message)).process.postMessage(start)
    }
  }

  #add(role: ProcessRole, onMessage: (member: Member, message: unknown) => void): Member {
    const process = this.#parts.spawn(role, this.#parts.environment)
    const words = new LastWords()
    const watched = this.#parts.vigil.watch({
      onHung: (silent) => this.#decide({ error: hung(this.#parts.job.kind, describe(role, process.pid), silent, words.text) }),
      cpuTime: () => cpuTimeOf(process.pid),
      patience: this.#patience,
    })
    const member: Member = { role, process, words, watched, residentBytes: 0 }
    this.#members.add(member)
    process.onOutput((text) => words.add(text))
    process.onExit((exit) => this.#onExit(member, exit))
    process.onMessage((message) => {
      watched.heard()
      if (this.#outcome !== undefined) return
      try {
        onMessage(member, message)
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        this.#decide({
          error: lost(this.#parts.job.kind, `${describe(role, process.pid)} sent a message that is none (${reason})`, words.text, cause),
        })
      }
    })
    return member
  }

  #onEngineMessage(member: Member, value: unknown): void {
    const message = checkEngineMessage(value, this.#parts.job.kind)
    switch (message.type) {
      case 'ready':
        member.watched.ready()
        this.#handle(() => this.#parts.handlers.onReady?.(message.versions))
        break
      case 'heartbeat':
        this.#weigh(member, message.residentBytes)
        break
      case 'event':
        this.#handle(() => this.#onEvent(message.event))
        break
      case 'result':
        this.#decide({ result: message.result })
        break
      case 'failed': {
        const error = LabError.from(message.error)
        // The engine only saw a socket close; the exit of the worker behind it tells more.
        if (error.code === 'engine-lost') this.#timers.push(setTimeout(() => this.#decide({ error }), explanationGrace))
        else this.#decide({ error })
        break
      }
    }
  }

  #onWorkerMessage(member: Member, value: unknown): void {
    const message = checkWorkerMessage(value)
    if (message.type === 'ready') member.watched.ready()
    else if (message.type === 'heartbeat') this.#weigh(member, message.residentBytes)
    else this.#decide({ error: LabError.from(message.error) })
  }

  /** Lets a handler have its turn when those before it are done; what it fails with is what the job fails with. */
  #handle(act: () => void | Promise<void>): void {
    this.#handled = this.#handled.then(act)
    this.#handled.catch((error: unknown) => this.#decide({ error }))
  }

  async #onEvent(event: JobEvent): Promise<void> {
    await this.#parts.handlers.onEvent?.(event)
    const bytes = eventBytes(event)
    if (bytes > 0) this.#tell({ type: 'taken', bytes })
  }

  #weigh(member: Member, residentBytes: number): void {
    member.residentBytes = residentBytes
    let sum = 0
    for (const each of this.#members) sum += each.residentBytes
    this.residentBytes = sum
    this.peakBytes = Math.max(this.peakBytes, sum)
  }

  #tell(message: HostMessage): void {
    if (this.#outcome === undefined) this.#engine?.postMessage(message)
  }

  #onExit(member: Member, exit: ProcessExit): void {
    this.#members.delete(member)
    member.watched.leave()
    if (this.#outcome === undefined) {
      const forWantOfMemory = exit.signal === 'SIGKILL' && outOfMemoryKills() > this.#killsBefore
      const who = describe(member.role, member.process.pid)
      const error = ended(this.#parts.job.kind, who, exit, member.words.text, forWantOfMemory)
      // The engine lets its workers go before it says how the job ended, and the news may come in any order.
      // A worker that leaves in order too early is missed by the engine, which says so itself.
      if (member.role === 'farm' && exit.code === 0) this.#timers.push(setTimeout(() => this.#decide({ error }), farewellGrace))
      else this.#decide({ error })
    }
    if (this.#members.size === 0) this.#finish()
  }

  /** The first outcome stands; whatever it is, no process is needed any more. */
  #decide(outcome: Outcome): void {
    if (this.#outcome !== undefined) return
    this.#outcome = outcome
    for (const member of this.#members) member.process.kill()
    if (this.#members.size === 0) this.#finish()
  }

  #finish(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    if (this.#address !== undefined) removeFarmAddress(this.#address)
    const outcome = this.#outcome!
    this.#handled.then(
      () => ('result' in outcome ? this.#settle.resolve(outcome.result) : this.#settle.reject(outcome.error)),
      (error: unknown) => this.#settle.reject(error),
    )
  }
}

function describe(role: ProcessRole, pid: number | undefined): string {
  return `${role === 'engine' ? 'The engine process' : 'A farm worker'}${pid === undefined ? '' : ` (pid ${pid})`}`
}
