/** Has work done in a thread of its own, so that windows are answered meanwhile. It is let go when there is nothing to do for a while. */
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { LabError } from '../../../shared/errors.ts'
import type { ErrorValue } from '../../../shared/errors.ts'
import type { OfficeKind, OfficeWork } from './work.ts'

export interface OfficeOrder {
  id: number
  kind: OfficeKind
  request: OfficeWork[OfficeKind]['request']
}

export type OfficeAnswer = { id: number; result: OfficeWork[OfficeKind]['result'] } | { id: number; error: ErrorValue }

/** Milliseconds for which an idle thread is kept: loading what sets type takes most of a second. */
const keptFor = 60_000

interface Waiting {
  resolve(result: OfficeWork[OfficeKind]['result']): void
  reject(error: LabError): void
}

export class Office {
  readonly #entry: string
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #idle: NodeJS.Timeout | undefined
  #count = 0

  /** @param entry the module that the thread runs; a packaged app names its built one */
  constructor(entry: string = fileURLToPath(new URL('./entry.ts', import.meta.url))) {
    this.#entry = entry
  }

  /** @throws LabError what the work fails with; `cancelled` when the lab closes; `internal` when the thread dies */
  do<K extends OfficeKind>(kind: K, request: OfficeWork[K]['request']): Promise<OfficeWork[K]['result']> {
    clearTimeout(this.#idle)
    const worker = (this.#worker ??= this.#hire())
    const id = ++this.#count
    const done = new Promise<OfficeWork[OfficeKind]['result']>((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
    worker.ref()
    worker.postMessage({ id, kind, request } satisfies OfficeOrder)
    return done
  }

  async close(): Promise<void> {
    await this.#dismiss(new LabError('cancelled', 'The lab was closed.', 'Begin it again.'))
  }

  #hire(): Worker {
    // Options of this process (a debugger's port, a test runner's loader) are not the thread's.
    const worker = new Worker(this.#entry, { execArgv: [] })
    worker.on('message', (answer: OfficeAnswer) => this.#take(worker, answer))
    worker.on('error', (error: Error) => {
      if (this.#worker !== worker) return
      void this.#dismiss(
        new LabError('internal', `The thread that sets reports died: ${error.message}.`, 'Try it again.', { cause: error }),
      )
    })
    return worker
  }

  #take(worker: Worker, answer: OfficeAnswer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if ('error' in answer) waiting?.reject(LabError.from(answer.error))
    else waiting?.resolve(answer.result)
    if (this.#waiting.size > 0) return
    // Idle, it keeps no program alive.
    worker.unref()
    this.#idle = setTimeout(() => void this.close(), keptFor)
    this.#idle.unref()
  }

  async #dismiss(reason: LabError): Promise<void> {
    clearTimeout(this.#idle)
    const worker = this.#worker
    this.#worker = null
    for (const waiting of this.#waiting.values()) waiting.reject(reason)
    this.#waiting.clear()
    await worker?.terminate()
  }
}
