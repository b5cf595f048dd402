/** One job's processes, from their start until the last of them is gone. */
import type { JobHandlers } from '../../shared/engine-host.ts'
import type { EngineJob, JobResult, NetworksRun } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import { Channel, type Call, type Loss, type Schemas } from '../process/channel.ts'
import type { Spawn } from '../process/child.ts'
import type { Calls } from '../process/messages.ts'
import { outOfMemoryKills } from '../process/process-usage.ts'
import type { Watchdog } from '../process/watchdog.ts'
import { engineLost } from './engine-lost.ts'
import type { EngineEntries } from './entries.ts'
import { processFlags, withoutGpu } from './environment.ts'
import { createFarmAddress, removeFarmAddress, type FarmAddress } from './farm-socket.ts'
import { maxBlockingTime } from './max-blocking-time.ts'
import { checkMemory } from './memory.ts'
import { engineSchemas, farmSchemas, type EngineCalls, type FarmCalls } from './messages.ts'

export interface JobRunOptions {
  job: EngineJob
  handlers: JobHandlers
  spawn: Spawn
  entries: EngineEntries
  watchdog: Watchdog
  /** How it runs its networks; null: the engine looks at its device, and workers wait for what it says. */
  networks: NetworksRun | null
  /** Farm workers beside the engine. */
  workers: number
  /** Of each process. */
  environment: Record<string, string>
  /** Bytes that the job may count on. */
  availableMemory: () => number
}

/** Milliseconds that a job has to end by itself when it is cancelled. */
const cancelGrace = 1000
/** Milliseconds in which the end of a worker becomes known after the engine has missed it. */
const explanationGrace = 300

type Outcome = { result: JobResult } | { error: unknown }

export class JobRun {
  readonly result: Promise<JobResult>
  peakBytes = 0
  residentBytes = 0
  readonly #options: JobRunOptions
  readonly #settle: PromiseWithResolvers<JobResult> = Promise.withResolvers()
  /** The job's processes, with the resident bytes of each. */
  readonly #processes = new Map<{ kill(reason: LabError): void }, number>()
  readonly #killsBefore = outOfMemoryKills()
  readonly #timers: NodeJS.Timeout[] = []
  #call: Call<JobResult> | undefined
  #address: FarmAddress | undefined
  #outcome: Outcome | undefined

  constructor(options: JobRunOptions) {
    this.#options = options
    this.result = this.#settle.promise
    try {
      this.#start()
    } catch (error) {
      this.#decide({ error })
    }
  }

  pause(): void {
    this.#call?.stop('pause')
  }

  cancel(): void {
    this.#call?.stop('cancel')
    this.#timers.push(setTimeout(() => this.kill(), cancelGrace))
  }

  /** Ends every process at once. */
  kill(): void {
    this.#decide({ error: cancelled() })
  }

  #start(): void {
    const { job, networks, workers, availableMemory } = this.#options
    checkMemory(job, workers + 1, availableMemory())
    if (workers > 0) this.#address = createFarmAddress()
    this.#startEngine()
    if (networks !== null) this.#startWorkers()
  }

  #startWorkers(): void {
    const { job, workers } = this.#options
    if (this.#address === undefined || job.kind === 'sample' || !('data' in job) || !('document' in job) || job.data === undefined) return
    const { target, seed, training } = job.document
    for (let i = 0; i < workers; i++) {
      this.#startWorker({ job: { document: { target, seed, training }, data: job.data }, address: this.#address })
    }
  }

  #startEngine(): void {
    const { job, networks, workers, handlers } = this.#options
    const engine = this.#open<EngineCalls>('engine', 'The engine process', engineSchemas(job.kind))
    const farm = this.#address === undefined ? null : { address: this.#address, workers }
    this.#call = engine.call('run', { job, farm, networks }, (event) => {
      if (event.type !== 'ready') return handlers.onEvent?.(event)
      engine.ready()
      if (networks === null && event.versions['networks'] === 'one by one') this.#startWorkers()
      return handlers.onReady?.(event.versions)
    })
    this.#call.result.then(
      (result) => this.#decide({ result }),
      (error: unknown) => {
        // The engine only saw a socket close; the exit of the worker behind it tells more.
        const mayBeExplained = error instanceof LabError && error.code === 'engine-lost'
        this.#decideLater({ error }, mayBeExplained ? explanationGrace : 0)
      },
    )
  }

  #startWorker(params: FarmCalls['work']['params']): void {
    const worker = this.#open<FarmCalls>('farm', 'A farm worker', farmSchemas)
    // One that leaves in order was let go by the engine, whose last checkpoint may still wait for a slow disk; one that
    // leaves too early is missed by the engine, which says so itself.
    worker.call('work', params, () => worker.ready()).result.catch((error: unknown) => this.#decide({ error }))
  }

  #open<C extends Calls<C>>(role: keyof EngineEntries, name: string, schemas: Schemas<C>): Channel<C> {
    const { job, networks, spawn, entries, environment, watchdog } = this.#options
    const child = spawn({
      role,
      entry: entries[role],
      flags: processFlags,
      environment: role === 'farm' ? { ...environment, ...withoutGpu } : environment,
    })
    const channel: Channel<C> = new Channel<C>(child, {
      schemas,
      watchdog,
      patience: maxBlockingTime(job, networks !== 'one by one'),
      onHeartbeat: (residentBytes) => this.#weigh(channel, residentBytes),
      lost: (loss, output) => {
        const error = this.#lost(describe(name, child.pid), loss, output)
        this.#decide({ error })
        return error
      },
    })
    this.#processes.set(channel, 0)
    void channel.gone.then(() => {
      this.#processes.delete(channel)
      this.#finish()
    })
    return channel
  }

  #lost(who: string, loss: Loss, output: string): LabError {
    return engineLost(this.#options.job.kind, who, loss, output, () => outOfMemoryKills() > this.#killsBefore)
  }

  #weigh(process: { kill(reason: LabError): void }, residentBytes: number): void {
    this.#processes.set(process, residentBytes)
    this.residentBytes = [...this.#processes.values()].reduce((sum, each) => sum + each, 0)
    this.peakBytes = Math.max(this.peakBytes, this.residentBytes)
  }

  #decideLater(outcome: Outcome, milliseconds: number): void {
    this.#timers.push(setTimeout(() => this.#decide(outcome), milliseconds))
  }

  /** The first outcome stands; whatever it is, no process is needed any more. */
  #decide(outcome: Outcome): void {
    if (this.#outcome !== undefined) return
    this.#outcome = outcome
    for (const process of this.#processes.keys()) process.kill(cancelled())
    this.#finish()
  }

  #finish(): void {
    const outcome = this.#outcome
    if (this.#processes.size > 0 || outcome === undefined) return
    for (const timer of this.#timers) clearTimeout(timer)
    if (this.#address !== undefined) removeFarmAddress(this.#address)
    const settle = (): void => {
      if ('result' in outcome) this.#settle.resolve(outcome.result)
      else this.#settle.reject(outcome.error)
    }
    // What it said before its end is dealt with first: a checkpoint that is being saved is saved.
    if (this.#call === undefined) settle()
    else this.#call.result.then(settle, settle)
  }
}

function cancelled(): LabError {
  return new LabError('cancelled', 'The job was cancelled.', 'Start it again when you want it.')
}

function describe(name: string, pid: number | undefined): string {
  return pid === undefined ? name : `${name} (pid ${pid})`
}
