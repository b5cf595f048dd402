/** Files that the lab makes of a run for a person to take away: asked for, made, handed over, removed. */
import type { App } from '../../app/app.svelte.ts'
import type { LabClient } from '../../../shared/contract.ts'
import type { Artefact } from '../../../shared/contract/networks.ts'
import type { Task } from '../../../shared/contract/tasks.ts'
import { Reading } from '../../state/reading.svelte.ts'

export class DownloadsState extends Reading<Artefact[]> {
  /** Newest first. */
  readonly artefacts = $derived(this.value ?? [])
  /** Tasks begun here, by what was asked for; empty while it is asked for. */
  begun = $state.raw<ReadonlyMap<string, string>>(new Map())
  readonly run: string
  readonly #client: LabClient

  constructor(client: LabClient, run: string) {
    super(() => client.call('artefacts.list', { run }))
    this.#client = client
    this.run = run
  }

  /** Lists them, and hands over what tasks begun here have made, until the returned function is called. */
  follow(app: Pick<App, 'tasks' | 'platform' | 'attempt'>): () => void {
    void this.read()
    return app.tasks.onEnded((task) => {
      if (task.run === this.run && task.kind in outputs) void this.#handOver(app, task)
    })
  }

  /** Begins a task, unless one makes that already, and remembers what it makes, so that it is handed over when it is there. */
  async begin(app: Pick<App, 'begin'>, what: string, ask: () => Promise<Task>): Promise<void> {
    if (this.begun.has(what)) return
    this.expect(what, { id: '' })
    const task = await app.begin(ask())
    if (task === undefined) this.begun = new Map([...this.begun].filter(([key]) => key !== what))
    else this.expect(what, task)
  }

  expect(what: string, task: Pick<Task, 'id'>): void {
    this.begun = new Map([...this.begun, [what, task.id]])
  }

  /** What a task that has ended made, if it was begun here; the list is read again either way. */
  async settle(task: Task): Promise<Artefact[]> {
    const expected = [...this.begun].some(([, id]) => id === task.id)
    this.begun = new Map([...this.begun].filter(([, id]) => id !== task.id))
    await this.read()
    if (!expected) return []
    const made = new Set(task.made.filter(({ kind }) => kind === 'artefact').map(({ id }) => id))
    return this.artefacts.filter(({ id }) => made.has(id))
  }

  async remove(id: string): Promise<void> {
    await this.#client.call('artefacts.remove', { id })
    this.value = this.artefacts.filter((artefact) => artefact.id !== id)
  }

  async #handOver(app: Pick<App, 'platform' | 'attempt'>, task: Task): Promise<void> {
    for (const { id, name } of await this.settle(task)) await app.attempt(app.platform.saveArtefact(id, name))
  }
}

/** Kinds of files, by the kinds of tasks that make them. */
export const outputs: Readonly<Record<string, 'networks' | 'reports'>> = { export: 'networks', sample: 'networks', report: 'reports' }

/** Reports and their figures; the others hold networks. */
export const isReport = ({ run, name }: Pick<Artefact, 'run' | 'name'>): boolean => name.startsWith(`report-${run}`)
