/**
 * Tasks: each thing a person asked for that takes time, whatever engine jobs it takes. They are shown by
 * terminal, window and browser; the queue of jobs stays the one that orders them.
 */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { madeSchema, Task } from '../../../shared/contract/tasks.ts'
import type { JobEvent } from '../../../shared/engine-protocol.ts'
import { findAnalysisByCommand } from '../../../analyses/registry.ts'
import { LabError, toErrorValue } from '../../../shared/errors.ts'
import type { JobQueue, JobStatus, JobUpdate } from '../context/job-queue.ts'
import { LabService } from '../context/lab-service.ts'
import { Course } from './course.ts'

/** Ended tasks that are remembered. */
const remembered = 200

export interface TaskPlan {
  kind: string
  title: string
  run: string | null
  /** The same from a terminal; null: there is none. */
  command: string | null
}

/** How the work of a task reports what it does, beside what its jobs report. */
export interface TaskReporter {
  readonly signal: AbortSignal
  /** @param place among stages of about equal weight, from 0: how far the whole is follows from it */
  stage(words: string, place?: { number: number; of: number }): void
  made(kind: z.infer<typeof madeSchema>['kind'], id: string | number): void
  /** The run it turns out to be about. */
  about(run: string): void
  values(values: Readonly<Record<string, number>>): void
}

/** What an analysis has of its arrays so far. */
export type Draft = Omit<Extract<JobEvent, { type: 'draft' }>, 'type'>

export interface TaskListener {
  changed?(id: string): void
  /** The task has more of its arrays. */
  draft?(id: string, draft: Draft): void
}

/** What is done while a job runs and says nothing itself; of an analysis, its own words. */
const stages: Readonly<Record<string, string>> = { train: 'Training', sample: 'Sampling networks', verify: 'Checking numbers' }
const stageOf = (kind: string): string => findAnalysisByCommand(kind)?.words.stage ?? stages[kind] ?? ''

/** Everything of a task but what its clock says. */
interface Entry extends Omit<Task, 'seconds' | 'remaining'> {
  abort: AbortController
  /** By the stopwatch; null: not yet. */
  began: number | null
  ended: number | null
  draft: Draft | undefined
  /** What it was told together, one after the other. */
  course: Course
  place: { number: number; of: number } | null
  /** What the stage is called that the place is of. */
  placed: string
  /** How far the whole is, in stages: one of several jobs begins at nothing again. */
  reached: number
  /** From where and when the pace of the job under way is counted: from the first that it got done here; null: nothing yet. */
  pace: { job: string; done: number; at: number | null } | null
}

/** Milliseconds that a pace rests on at least. */
const paceTime = 2000

export class TaskService extends LabService<{ jobs: JobQueue; now: () => number; elapsed: () => number }> {
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<TaskListener>()
  readonly #working = new Set<Promise<void>>()

  /**
   * Begins a task. However it ends, the task tells: nothing is thrown, and nothing is left to be caught.
   * @param work its words end as the last stage
   */
  start(plan: TaskPlan, work: (reporter: TaskReporter) => Promise<string>): Task {
    const entry: Entry = {
      ...plan,
      id: randomUUID(),
      state: 'queued',
      stage: 'Waiting for its turn',
      done: 0,
      total: 0,
      values: {},
      made: [],
      error: null,
      createdAt: this.context.now(),
      endedAt: null,
      abort: new AbortController(),
      began: null,
      ended: null,
      draft: undefined,
      course: new Course(),
      place: null,
      placed: '',
      reached: 0,
      pace: null,
    }
    this.#entries.set(entry.id, entry)
    const working = this.#work(entry, work).finally(() => this.#working.delete(working))
    this.#working.add(working)
    this.#tell(entry)
    return this.#show(entry)
  }

  /** Those that wait or run, and the newest that have ended; newest first. */
  list(): Task[] {
    return [...this.#entries.values()].map((entry) => this.#show(entry)).reverse()
  }

  /** @throws LabError `not-found` */
  get(id: string): Task {
    return this.#show(this.#entry(id))
  }

  /** As `get`; undefined where there is none. */
  find(id: string): Task | undefined {
    const entry = this.#entries.get(id)
    return entry === undefined ? undefined : this.#show(entry)
  }

  /** The newest that a task has of its arrays. @throws LabError `not-found` */
  draft(id: string): Draft | undefined {
    return this.#entry(id).draft
  }

  /** The values that a task has told so far, oldest first. @throws LabError `not-found` */
  course(id: string): Record<string, number>[] {
    return this.#entry(id).course.list()
  }

  /** Whether a task of one of the kinds waits or runs. */
  isBusy(...kinds: string[]): boolean {
    return [...this.#entries.values()].some(({ kind, endedAt }) => endedAt === null && kinds.includes(kind))
  }

  /** Ends a task now; one that has ended stays as it is. @throws LabError `not-found` */
  cancel(id: string): void {
    this.#entry(id).abort.abort()
  }

  /** @returns what ends it */
  subscribe(listener: TaskListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Cancels what is under way, and resolves once all of it has ended. */
  async close(): Promise<void> {
    for (const entry of this.#entries.values()) entry.abort.abort()
    await Promise.all(this.#working)
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id)
    if (entry === undefined) throw new LabError('not-found', `There is no task ${id}.`, 'It may have ended long ago.')
    return entry
  }

  /** Never rejects. */
  async #work(entry: Entry, work: (reporter: TaskReporter) => Promise<string>): Promise<void> {
    const { signal } = entry.abort
    const reporter: TaskReporter = {
      signal,
      stage: (words, place = entry.place ?? undefined) =>
        this.#change(entry, {
          ...{ ...this.#begun(entry), stage: words, done: 0, total: 0, place: place ?? null, placed: words, pace: null },
          // Counted among others, it begins anew: what was planned is no part of what is done.
          ...(place?.of === entry.place?.of ? {} : { reached: 0 }),
        }),
      made: (kind, id) => this.#change(entry, { made: [...entry.made, { kind, id: String(id) }] }),
      about: (run) => this.#change(entry, { run }),
      values: (values) => this.#change(entry, { values: { ...entry.values, ...values } }),
    }
    const scope = {
      signal,
      onUpdate: (update: JobUpdate) => {
        if (update.type === 'status') this.#follow(entry, update.status)
      },
      onEvent: (event: JobEvent) => this.#hear(entry, event),
    }
    try {
      const stage = await this.context.jobs.within(scope, () => work(reporter))
      this.#end(entry, { state: 'done', stage })
    } catch (thrown) {
      const error = toErrorValue(thrown)
      if (error.code === 'cancelled' || signal.aborted) this.#end(entry, { state: 'cancelled', stage: 'Cancelled', error })
      else this.#end(entry, { state: 'failed', stage: 'Failed', error })
    }
  }

  #follow(entry: Entry, status: JobStatus): void {
    if (status.state === 'queued') return
    const values = { ...entry.values, ...status.metrics }
    if (status.state === 'running' || status.state === 'pausing') {
      // What it gets done first took its setting up, too.
      if (entry.pace?.job !== status.id) {
        entry.pace = status.done > 0 || status.seconds > 0 ? { job: status.id, done: status.done, at: null } : null
      } else if (entry.pace.at === null && status.done > entry.pace.done)
        entry.pace = { ...entry.pace, done: status.done, at: this.context.elapsed() }
      // Of several stages that alike jobs are done in, it is said which.
      const stage = entry.place !== null && status.note === '' ? entry.placed : status.note || stageOf(status.kind)
      this.#change(entry, { ...this.#begun(entry), state: status.state, stage, done: status.done, total: status.total, values })
    } else {
      // The job has ended: the work goes on, or says how the task ends.
      this.#change(entry, { values, pace: null })
    }
  }

  #hear(entry: Entry, event: JobEvent): void {
    if (event.type === 'draft') {
      const { type: _type, ...draft } = event
      entry.draft = draft
      for (const listener of this.#listeners) listener.draft?.(entry.id, entry.draft)
    } else if (event.type === 'metrics') {
      const told = Object.fromEntries(event.points.map(({ name, value }) => [name, value]))
      entry.values = { ...entry.values, ...told }
      entry.course.add(told)
    }
  }

  #begun(entry: Entry): Partial<Entry> {
    return entry.began === null ? { state: 'running', began: this.context.elapsed() } : {}
  }

  #change(entry: Entry, change: Partial<Entry>): void {
    if (entry.endedAt !== null) return
    Object.assign(entry, change)
    const { place, done, total } = entry
    if (place !== null) entry.reached = Math.max(entry.reached, place.number + (total > 0 ? done / total : 0))
    this.#tell(entry)
  }

  #end(entry: Entry, change: Partial<Entry>): void {
    const last = { draft: undefined, course: new Course(), pace: null, ended: this.context.elapsed(), endedAt: this.context.now() }
    this.#change(entry, { ...change, ...last })
    const ended = [...this.#entries.values()].filter(({ endedAt }) => endedAt !== null)
    for (const { id } of ended.slice(0, -remembered)) this.#entries.delete(id)
  }

  #tell(entry: Entry): void {
    for (const listener of this.#listeners) listener.changed?.(entry.id)
  }

  #show(entry: Entry): Task {
    const { abort: _abort, began, ended, draft: _draft, course: _course, pace, place, placed: _placed, reached, ...shown } = entry
    const until = ended ?? this.context.elapsed()
    const since = until - (pace?.at ?? until)
    return {
      ...shown,
      ...(place === null || entry.endedAt !== null ? {} : { done: reached, total: place.of }),
      seconds: began === null ? 0 : (until - began) / 1000,
      remaining:
        pace === null || place !== null || since < paceTime || entry.done <= pace.done
          ? null
          : ((entry.total - entry.done) * since) / (entry.done - pace.done) / 1000,
    }
  }
}
