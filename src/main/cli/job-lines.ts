/** Progress where there is no terminal: a line now and then. */
import type { ImportProgress } from '../../shared/contract/datasets.ts'
import type { JobStatus } from '../lab/context/job-queue.ts'
import { glance, wordsOf } from './job-words.ts'
import { count, duration } from '../../shared/wording.ts'
import type { CliHost } from './cli-host.ts'

/** Milliseconds between lines of one job. */
const lineInterval = 10_000

export class JobLines {
  readonly #host: CliHost
  #job = ''
  #toldAt = 0

  constructor(host: CliHost) {
    this.#host = host
  }

  show(status: JobStatus): void {
    const { id, kind, state, done, total, seconds } = status
    if (state !== 'running' || total === 0 || done === 0) return
    const now = performance.now()
    if (this.#job !== id) {
      this.#job = id
      this.#toldAt = now
      return
    }
    if (done < total && now - this.#toldAt < lineInterval) return
    this.#toldAt = now
    const { doing, unit } = wordsOf(kind)
    const glanced = glance(status)
    // Jobs tell parts of one that is under way; people are told what is done.
    this.#host.stderr(
      `${doing}: ${count(Math.floor(done))} of ${count(total)} ${unit}, ${duration(seconds)}${glanced === '' ? '' : `, ${glanced}`}\n`,
    )
  }

  follow({ done, total, note }: ImportProgress): void {
    if (done === 0) return
    const now = performance.now()
    if (this.#job !== note) {
      this.#job = note
      this.#toldAt = now
      return
    }
    if (now - this.#toldAt < lineInterval) return
    this.#toldAt = now
    this.#host.stderr(`${note}: ${count(done)}${total === 0 ? '' : ` of ${count(total)}`}\n`)
  }

  stop(): void {
    // Lines end by themselves.
  }
}
