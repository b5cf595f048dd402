/**
 * Deals the networks of one call out to the processes of a farm. This process takes from the same
 * pile as its workers, one network at a time; a worker always has some queued, so that it never
 * waits for a process that is deep in TensorFlow, and towards the end each is left its fair share,
 * so that all finish together. Who runs what never shows in the results.
 */
import { LabError } from '../../shared/errors.ts'
import { parseReply } from './messages.ts'
import { FrameReader, type FarmPort, type Frame } from './wire.ts'

/** One call of the farm, as the crew sees it. */
export interface Round {
  /** Networks. */
  n: number
  /** Runs network i here and keeps its result. */
  compute(i: number): void
  /** Sends network i to a worker. */
  send(port: FarmPort, i: number): void
  /**
   * Keeps what a worker found for network i.
   * @throws LabError when the reply is not one to this round
   */
  accept(i: number, type: string, payload: Float32Array): void
}

/** Networks that a worker should have in hand in the thick of a round: one running, two queued. */
const inHand = 3

interface Worker {
  port: FarmPort
  /** Networks it was sent and has not answered, in order. */
  sent: number[]
}

export class Crew {
  readonly #workers: Worker[]
  readonly #letMessagesIn: () => Promise<void>
  #round: Round | undefined
  /** The first network nobody has. */
  #next = 0
  #done = 0
  #failure: LabError | undefined
  #closing = false
  #wake: (() => void) | undefined

  constructor(ports: readonly FarmPort[], letMessagesIn: () => Promise<void>) {
    this.#letMessagesIn = letMessagesIn
    this.#workers = ports.map((port) => ({ port, sent: [] }))
    for (const worker of this.#workers) this.#listen(worker)
  }

  /** This process and its workers. */
  get processes(): number {
    return this.#workers.length + 1
  }

  /**
   * Runs a round to its end.
   * @throws LabError `engine-lost` when a worker is gone, or what a worker failed with; the crew is of no use afterwards
   */
  async run(round: Round, meanwhile?: () => void): Promise<void> {
    if (this.#round !== undefined) throw new Error('A farm runs one call at a time.')
    this.#round = round
    this.#next = 0
    this.#done = 0
    try {
      this.#deal()
      if (meanwhile !== undefined) {
        await this.#letMessagesIn()
        meanwhile()
        await this.#letMessagesIn()
      }
      while (this.#done < round.n) {
        if (this.#failure !== undefined) throw this.#failure
        this.#deal()
        if (this.#next < round.n) {
          round.compute(this.#next++)
          this.#done++
          await this.#letMessagesIn()
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve))
        }
      }
      if (this.#failure !== undefined) throw this.#failure
    } finally {
      this.#round = undefined
    }
  }

  /** Lets the workers go. */
  close(): void {
    this.#closing = true
    for (const { port } of this.#workers) port.close()
  }

  /** Sends out as many networks as should be with workers now, in turns; the last one is kept for this process. */
  #deal(): void {
    const round = this.#round
    if (round === undefined || this.#failure !== undefined) return
    for (let dealt = true; dealt; ) {
      dealt = false
      for (const worker of this.#workers) {
        const left = round.n - this.#next
        if (left <= 1) return
        const ahead = Math.max(inHand, Math.ceil(left / (2 * this.processes)))
        const fair = Math.ceil((round.n - this.#done) / this.processes)
        if (worker.sent.length >= Math.min(ahead, fair)) continue
        worker.sent.push(this.#next)
        round.send(worker.port, this.#next++)
        dealt = true
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
        this.#fail(thrown instanceof LabError ? thrown : lost(`A farm worker sent what is no frame: ${String(thrown)}`))
      }
    })
    worker.port.onClose(() => {
      if (!this.#closing) this.#fail(lost('A farm worker ended unexpectedly.'))
    })
  }

  #take(worker: Worker, { header, payload }: Frame): void {
    const reply = parseReply(header)
    if (reply.type === 'failed') throw LabError.from(reply.error)
    if (reply.type === 'hello') throw lost('A farm worker introduced itself twice.')
    const i = worker.sent.shift()
    if (this.#round === undefined || i !== reply.first || reply.n !== 1) {
      throw lost(`A farm worker answered for network ${reply.first} out of turn.`)
    }
    this.#round.accept(i, reply.type, payload)
    this.#done++
    this.#deal()
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

function lost(message: string): LabError {
  return new LabError('engine-lost', message, 'Go on from the last checkpoint, or start the job again.')
}
