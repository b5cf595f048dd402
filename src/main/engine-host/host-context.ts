/** The job's context inside an engine process: events go out in batches, stops come in, and nothing piles up. */
import type { JobContext } from '../../engine/job/context.ts'
import type { JobEvent, MetricPoint } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import { yieldToEventLoop } from '../process/yield-to-event-loop.ts'

/** Milliseconds that metrics and progress may wait for company. */
const batchMilliseconds = 250
/** Bytes of events that may be on their way before the job has to wait. */
const maxBytesUnderWay = 64 << 20

export class HostContext implements JobContext {
  readonly #post: (event: JobEvent) => Promise<void>
  readonly #yieldToEventLoop: () => Promise<void>
  #points: MetricPoint[] = []
  #progress: JobEvent | undefined
  #timer: NodeJS.Timeout | undefined
  #underWay = 0
  #onRoom: (() => void) | undefined
  #stop: 'pause' | 'cancel' | undefined

  /** @param post sends an event; its promise resolves when the host has dealt with it */
  constructor(post: (event: JobEvent) => Promise<void>, turn: () => Promise<void> = yieldToEventLoop) {
    this.#post = post
    this.#yieldToEventLoop = turn
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
    if (this.#progress !== undefined) void this.#post(this.#progress)
    this.#progress = undefined
  }

  /** A host that cannot store what it is told must not be told more and more. */
  #postBulk(event: JobEvent): void {
    const bytes = eventBytes(event)
    this.#underWay += bytes
    void this.#post(event).then(() => {
      this.#underWay -= bytes
      this.#onRoom?.()
    })
  }

  async yieldToEventLoop(): Promise<void> {
    await this.#yieldToEventLoop()
    while (this.#underWay > maxBytesUnderWay && this.#stop !== 'cancel') {
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
}

/** A measured value with its name and times takes about so many bytes where it waits. */
const pointBytes = 128

/** Bytes of an event's bulk. */
export function eventBytes(event: JobEvent): number {
  if (event.type === 'metrics') return event.points.length * pointBytes
  if (event.type === 'weights') return event.weights.byteLength
  if (event.type === 'probabilities') return event.probabilities.byteLength
  if (event.type === 'checkpoint') return Object.values(event.state.arrays).reduce((sum, array) => sum + array.byteLength, 0)
  return 0
}
