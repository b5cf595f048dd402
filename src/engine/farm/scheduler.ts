/**
 * Hands the work items of one call (networks, or a few of them together) out to the processes of a farm.
 * This process takes from the same pile as its workers, one work item at a time; a worker always has some
 * queued, so that it never waits for a process that is deep in TensorFlow, and towards the end each is
 * left its fair share, so that all finish together. Who runs what never shows in the results.
 */
import { LabError, messageOf } from '../../shared/errors.ts'
import { parseReply, type FarmReply } from './messages.ts'
import { FrameReader, type FarmPort, type Frame } from './wire.ts'

/** One call of the farm, as the scheduler sees it. */
export interface Round {
  workItems: number
  /** Runs a work item here and keeps its result. */
  compute(workItem: number): void
  /** Sends a work item to a worker. */
  send(port: FarmPort, workItem: number): void
  /**
   * Keeps what a worker found for a work item.
   * @throws LabError when the reply is not one to it
   */
  accept(workItem: number, reply: FarmReply, payload: Float32Array): void
  /** Something useful to do while workers finish; false when there is nothing left. */
  idle?(): boolean
}

/** Work items that a worker should have in hand in the thick of a round: one running, two queued. */
const inHand = 3

interface Worker {
  port: FarmPort
  /** Work items it was sent and has not answered, in order. */
  sent: number[]
}

export class Scheduler {
  readonly #workers: Worker[]
  readonly #yieldToEventLoop: () => Promise<void>
  #round: Round | undefined
  /** Work items nobody has: `#next` and on, before `#end`. Workers get the first, this process takes the last, so that each tends to get the same again. */
  #next = 0
  #end = 0
  #done = 0
  #failure: LabError | undefined
  #closing = false
  #wake: (() => void) | undefined

  constructor(ports: readonly FarmPort[], yieldToEventLoop: () => Promise<void>) {
    this.#yieldToEventLoop = yieldToEventLoop
    this.#workers = ports.map((port) => ({ port, sent: [] }))
    for (const worker of this.#workers) this.#listen(worker)
  }

  /** This process and its workers. */
  get processes(): number {
    return this.#workers.length + 1
  }

  /**
   * Runs a round to its end.
   * @param meanwhile work of this process alone, run while the others are at it
   * @throws LabError `engine-lost` when a worker is gone, or what a worker failed with; the scheduler is of no use afterwards
   */
  async run(round: Round, meanwhile?: () => void): Promise<void> {
    if (this.#round !== undefined) throw new Error('A farm runs one call at a time.')
    this.#round = round
    this.#next = 0
    this.#end = round.workItems
    this.#done = 0
    try {
      this.#distribute()
      if (meanwhile !== undefined) {
        await this.#yieldToEventLoop()
        meanwhile()
        await this.#yieldToEventLoop()
      }
      while (this.#done < round.workItems) {
        this.#check()
        this.#distribute()
        if (this.#next < this.#end) {
          round.compute(--this.#end)
          this.#done++
          await this.#yieldToEventLoop()
        } else if (round.idle?.() === true) {
          await this.#yieldToEventLoop()
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve))
        }
      }
      this.#check()
    } finally {
      this.#round = undefined
    }
  }

  /** Lets the workers go. */
  close(): void {
    this.#closing = true
    for (const { port } of this.#workers) port.close()
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Sends out as many work items as should be with workers now, in turns; the last one is kept for this process. */
  #distribute(): void {
    const round = this.#round
    if (round === undefined || this.#failure !== undefined) return
    for (let sentAny = true; sentAny;) {
      sentAny = false
      for (const worker of this.#workers) {
        const left = this.#end - this.#next
        if (left <= 1) return
        const ahead = Math.max(inHand, Math.ceil(left / (2 * this.processes)))
        const fair = Math.ceil((round.workItems - this.#done) / this.processes)
        if (worker.sent.length >= Math.min(ahead, fair)) continue
        worker.sent.push(this.#next)
        round.send(worker.port, this.#next++)
        sentAny = true
      }
    }
  }

  #listen(worker: Worker): void {
    const reader = new FrameReader((frame) => this.#take(worker, frame))
    worker.port.onBytes((bytes) => {
      if (this.#failure !== undefined) return
      try {
        reader.push(bytes)
      } catch (thrown) {
        this.#fail(thrown instanceof LabError ? thrown : lost(`A farm worker sent what is no frame: ${messageOf(thrown)}`))
      }
    })
    worker.port.onClose(() => {
      if (!this.#closing) this.#fail(lost('A farm worker ended unexpectedly.'))
    })
  }

  #take(worker: Worker, { header, payload }: Frame): void {
    const reply = parseReply(header)
    if (reply.type === 'failed') throw LabError.from(reply.error)
    const workItem = worker.sent.shift()
    if (this.#round === undefined || workItem === undefined) throw lost(`A farm worker sent a ${reply.type} that nobody asked for.`)
    this.#round.accept(workItem, reply, payload)
    this.#done++
    this.#distribute()
    this.#wakeUp()
  }

  #fail(error: LabError): void {
    this.#failure ??= error
    this.#wakeUp()
  }

  #wakeUp(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}

/** The error for a worker that is gone, or whose word cannot be trusted any more. */
export function lost(message: string): LabError {
  return new LabError('engine-lost', message, 'Go on from the last checkpoint, or start the job again.')
}
