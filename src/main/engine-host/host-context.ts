/** The job's world inside an engine process: events go out in batches, stops come in, and nothing piles up. */
import type { JobContext } from '../../engine/job/context.ts'
import { eventBytes, type JobEvent, type MetricPoint } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'

/** Milliseconds that metrics and progress may wait for company. */
const batchMilliseconds = 250
/** Bytes of events that may be on their way before the job has to wait. */
const mostUnderWay = 64 << 20

export class HostContext implements JobContext {
  readonly #post: (event: JobEvent) => void
  readonly #letMessagesIn: () => Promise<void>
  #points: MetricPoint[] = []
  #progress: JobEvent | undefined
  #timer: NodeJS.Timeout | undefined
  #underWay = 0
  #onRoom: (() => void) | undefined
  #stop: 'pause' | 'cancel' | undefined

  /** @param turn lets messages in, and what waits out */
  constructor(post: (event: JobEvent) => void, turn: () => Promise<void> = letMessagesIn) {
    this.#post = post
    this.#letMessagesIn = turn
  }

  emit(event: JobEvent): void {
    if (event.type === 'metrics') this.#points.push(...event.points)
    else if (event.type === 'progress') this.#progress = event
    else {
      this.flush()
      this.#postBulk(event)
      return
    }
    this.#timer ??= setTimeout(() => this.flush(), batchMilliseconds)
  }

  /** Sends what waits for company. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#points.length > 0) this.#postBulk({ type: 'metrics', points: this.#points })
    this.#points = []
    if (this.#progress !== undefined) this.#post(this.#progress)
    this.#progress = undefined
  }

  /** A host that cannot store what it is told must not be told more and more. */
  #postBulk(event: JobEvent): void {
    this.#underWay += eventBytes(event)
    this.#post(event)
  }

  async yieldToEventLoop(): Promise<void> {
    await this.#letMessagesIn()
    while (this.#underWay > mostUnderWay && this.#stop !== 'cancel') {
      await new Promise<void>((resolve) => (this.#onRoom = resolve))
    }
    if (this.#stop === 'cancel') throw new LabError('cancelled', 'The job was cancelled.', 'Start it again when you want it.')
  }

  get pausing(): boolean {
    return this.#stop === 'pause'
  }

  now(): number {
    return performance.timeOrigin + performance.now()
  }

  /** The host asks for an end. */
  stop(how: 'pause' | 'cancel'): void {
    if (this.#stop !== 'cancel') this.#stop = how
    this.#onRoom?.()
  }

  /** The host has dealt with events of so many bytes. */
  taken(bytes: number): void {
    this.#underWay -= bytes
    this.#onRoom?.()
  }
}

/** One turn of the event loop: timers fire (the heartbeat) and what has come is read. */
export function letMessagesIn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
