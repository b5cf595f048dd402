/** An engine process that stays: it has one checkpoint's networks ready, and answers for one latent vector after the other. */
import type { Axes, AxesRequest, Point, PointRequest } from '../../shared/cockpit.ts'
import type { Exploration, ExplorationTask } from '../../shared/engine-host.ts'
import { LabError } from '../../shared/errors.ts'
import { Channel } from '../process/channel.ts'
import type { Spawn } from '../process/child.ts'
import type { Watchdog } from '../process/watchdog.ts'
import { engineLost } from './engine-lost.ts'
import type { EngineEntries } from './entries.ts'
import { processEnvironment, processFlags, withoutGpu } from './environment.ts'
import { maxBlockingTime } from './max-blocking-time.ts'
import { engineSchemas, type EngineCalls } from './messages.ts'

interface ExplorationOptions {
  spawn: Spawn
  entries: EngineEntries
  watchdog: Watchdog
  threads: number
}

/** It runs on the processor: one network at a time is soonest done there. */
export class EngineExploration implements Exploration {
  readonly #channel: Channel<EngineCalls>
  readonly #opened: Promise<unknown>

  constructor(task: ExplorationTask, { spawn, entries, watchdog, threads }: ExplorationOptions) {
    const environment = { ...processEnvironment({ threads, lowPriority: false }), ...withoutGpu }
    const child = spawn({ role: 'engine', entry: entries.engine, flags: processFlags, environment })
    this.#channel = new Channel<EngineCalls>(child, {
      schemas: engineSchemas('sample'),
      watchdog,
      patience: maxBlockingTime({ kind: 'sample', document: task.document, checkpoint: task.checkpoint, seed: 0, first: 0, count: 1 }),
      lost: (loss, output) => engineLost('sample', 'The engine process', loss, output, () => false),
    })
    this.#opened = this.#channel.call('explore', task, () => this.#channel.ready()).result
    this.#opened.catch(() => this.close())
  }

  get isOpen(): boolean {
    return this.#channel.isOpen
  }

  /** Resolves when its process has ended. */
  get gone(): Promise<unknown> {
    return this.#channel.gone
  }

  async axes(request: AxesRequest): Promise<Axes> {
    await this.#ready()
    return this.#channel.call('axes', request).result
  }

  async point(request: PointRequest): Promise<Point> {
    await this.#ready()
    return this.#channel.call('point', request).result
  }

  /** A process that is gone answers nothing. */
  async #ready(): Promise<void> {
    await this.#opened
    if (!this.isOpen) throw closed()
  }

  async close(): Promise<void> {
    this.#channel.kill(closed())
    await this.#channel.gone
  }
}

const closed = (): LabError => new LabError('cancelled', 'The cockpit was closed.', 'Open it again.')
