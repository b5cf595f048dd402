/** What the lab is doing, and what has just ended. */
import type { LabClient } from '../../shared/contract.ts'
import type { RunSummary } from '../../shared/contract/runs.ts'
import type { Task } from '../../shared/contract/tasks.ts'
import { LiveList } from './live-list.svelte.ts'

export const isUnderWay = ({ state }: Task): boolean => state === 'queued' || state === 'running' || state === 'pausing'

/** How a task stands: a training that was paused is not done. */
export const endedAs = ({ state, stage }: Task): Task['state'] | 'paused' | 'stopped' =>
  state !== 'done' ? state : stage.startsWith('Paused') ? 'paused' : stage.startsWith('Stopped') ? 'stopped' : state

/** How far a task is, 0 to 1; null: not known. */
export const fractionOf = ({ done, total }: Task): number | null => (total > 0 ? Math.min(done / total, 1) : null)

export class TasksState extends LiveList<Task> {
  /** What computes, then what waits, in the order in which it will come. */
  readonly underWay = $derived(
    this.items.filter(isUnderWay).sort((a, b) => Number(a.state === 'queued') - Number(b.state === 'queued') || a.createdAt - b.createdAt),
  )
  /** The one that computes; the first that waits where none does. */
  readonly current = $derived(this.underWay.at(0) ?? null)
  readonly #endings = new Set<(task: Task) => void>()
  /** Who waits for a task's run, by the task's id. */
  readonly #wanting = new Map<string, PromiseWithResolvers<string | null>>()

  constructor(client: LabClient) {
    super({
      pages: async function* () {
        yield await client.call('tasks.list', {})
      },
      watch: ({ changed, ...on }) => client.open('tasks.watch', {}, { item: (item) => changed(item.changed, []), ...on }),
      idOf: (task) => task.id,
      compare: (a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1),
    })
  }

  /** Tasks of a run, newest first. */
  of(run: string): Task[] {
    return this.items.filter((task) => task.run === run)
  }

  /** What a run waits for: its turn, or that somebody starts it; null: neither. */
  waitsFor(run: Pick<RunSummary, 'id' | 'state'>): 'turn' | 'start' | null {
    if (run.state !== 'queued') return null
    return this.underWay.some((task) => task.run === run.id && (task.kind === 'train' || task.kind === 'demo')) ? 'turn' : 'start'
  }

  /** A run's state in a word, the terminal's too: one that nobody has begun, or whose study has not come to it, is not queued. */
  stateOf(run: Pick<RunSummary, 'id' | 'state'>): string {
    return this.waitsFor(run) === 'start' ? 'not started' : run.state
  }

  /** The task of a run and kind that computes or waits. */
  underWayOf(run: string, kind: string | undefined): Task | undefined {
    return this.of(run).find((task) => task.kind === kind && isUnderWay(task))
  }

  /** Hears of each task that this window has seen under way, once, when it has ended. */
  onEnded(listener: (task: Task) => void): () => void {
    this.#endings.add(listener)
    return () => this.#endings.delete(listener)
  }

  /** The run that a task works on, as soon as it has one; null: it ended without. */
  runOf(task: Task): Promise<string | null> {
    // It may have been told of since it was begun.
    const now = this.byId.get(task.id) ?? task
    if (now.run !== null || !isUnderWay(now)) return Promise.resolve(now.run)
    const wanting = this.#wanting.get(task.id) ?? Promise.withResolvers<string | null>()
    this.#wanting.set(task.id, wanting)
    return wanting.promise
  }

  override apply(changed: readonly Task[], removed: readonly string[]): void {
    const ended = changed.filter((task) => {
      const before = this.byId.get(task.id)
      return before !== undefined && isUnderWay(before) && !isUnderWay(task)
    })
    super.apply(changed, removed)
    for (const task of changed) {
      if (task.run === null && isUnderWay(task)) continue
      this.#wanting.get(task.id)?.resolve(task.run)
      this.#wanting.delete(task.id)
    }
    for (const task of ended) for (const listener of this.#endings) listener(task)
  }
}
