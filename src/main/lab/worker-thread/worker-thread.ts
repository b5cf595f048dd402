/** Has work done in a thread of its own, so that windows are answered meanwhile. It is let go when there is nothing to do for a while. */
import { fileURLToPath } from 'node:url'
import { LabError } from '../../../shared/errors.ts'
import { Channel } from '../../process/channel.ts'
import { spawnThread, type ThreadChild } from '../../process/thread-child.ts'
import { threadSchemas, type ThreadCalls } from './calls.ts'

/** Milliseconds for which an idle thread is kept: loading what sets type takes most of a second. */
const idleMilliseconds = 60_000

export class WorkerThread {
  readonly #entry: string
  #thread: ThreadChild | undefined
  #channel: Channel<ThreadCalls> | undefined
  #idle: NodeJS.Timeout | undefined
  #underWay = 0

  /** @param entry the module that the thread runs; a packaged app names its built one */
  constructor(entry: string = fileURLToPath(new URL('./entry.ts', import.meta.url))) {
    this.#entry = entry
  }

  /** @throws LabError what the work fails with; `cancelled` when the lab closes; `internal` when the thread dies */
  async run<M extends keyof ThreadCalls>(method: M, params: ThreadCalls[M]['params']): Promise<ThreadCalls[M]['result']> {
    clearTimeout(this.#idle)
    if (this.#channel?.isOpen !== true) this.#spawn()
    this.#underWay++
    this.#thread?.hold(true)
    try {
      return await this.#channel!.call(method, params).result
    } finally {
      if (--this.#underWay === 0) this.#rest()
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    this.#channel?.kill(new LabError('cancelled', 'The lab was closed.', 'Begin it again.'))
    await this.#channel?.gone
  }

  #spawn(): void {
    this.#thread = spawnThread({ role: 'lab', entry: this.#entry, flags: [] })
    this.#channel = new Channel(this.#thread, {
      schemas: threadSchemas,
      lost: (_loss, output) => new LabError('internal', `The thread that writes reports ended: ${output}.`, 'Try it again.'),
    })
  }

  /** Idle, it keeps no program alive. */
  #rest(): void {
    this.#thread?.hold(false)
    this.#idle = setTimeout(() => void this.close(), idleMilliseconds)
    this.#idle.unref()
  }
}
