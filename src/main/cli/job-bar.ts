/** Progress on a terminal. */
import progress from 'cli-progress'
import type { ImportProgress } from '../../shared/contract/datasets.ts'
import type { JobStatus } from '../lab/context/job-queue.ts'
import { spellHidden } from '../../shared/names.ts'
import { glance, wordsOf } from './job-words.ts'

/** One bar at a time: that of the job that runs. */
export class JobBar {
  #bar: progress.SingleBar | null = null
  #job = ''

  show(status: JobStatus): void {
    const { id, kind, state, done, total } = status
    if (state === 'done' || state === 'failed' || state === 'cancelled') {
      if (this.#job === id) {
        if (state === 'done') this.#bar?.update(this.#bar.getTotal(), { glance: glance(status) })
        this.stop()
      }
      return
    }
    if ((state !== 'running' && state !== 'pausing') || total === 0) return
    if (this.#bar === null || this.#job !== id) {
      this.stop()
      this.#job = id
      this.#begin(wordsOf(kind).doing.padEnd(10), wordsOf(kind).unit, total, done, glance(status))
      return
    }
    this.#bar.setTotal(total)
    this.#bar.update(done, { glance: state === 'pausing' ? 'pausing after this step' : glance(status) })
  }

  /** An import: a bar for each thing that it does. */
  follow({ phase, done, total, note }: ImportProgress): void {
    if (phase === 'done' || phase === 'failed' || phase === 'cancelled') {
      this.stop()
      return
    }
    if (total === 0) return
    if (this.#bar === null || this.#job !== note) {
      this.stop()
      this.#job = note
      this.#begin(note, '', total, done, '')
      return
    }
    this.#bar.setTotal(total)
    this.#bar.update(done)
  }

  #begin(doing: string, unit: string, total: number, done: number, glanced: string): void {
    this.#bar = new progress.SingleBar({
      stream: process.stderr,
      hideCursor: true,
      barsize: 24,
      fps: 5,
      etaBuffer: 20,
      format: (options, params, payload: { glance: string }) => {
        const filled = progress.Format.BarFormat(params.progress, options)
        const left = params.value > 0 && params.value < params.total ? `${progress.Format.TimeFormat(params.eta, options, 1)} left` : ''
        const count = `${Math.floor(params.value)}/${params.total} ${unit}`.trimEnd()
        return spellHidden([doing, filled, count, left, payload.glance].filter((part) => part !== '').join('  '))
      },
    })
    this.#bar.start(total, done, { glance: glanced })
  }

  stop(): void {
    this.#bar?.stop()
    this.#bar = null
  }
}
