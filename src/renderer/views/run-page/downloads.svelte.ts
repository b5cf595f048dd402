/** Files that the lab makes of a run for a person to take away: asked for, made, handed over, removed. */
import type { LabClient } from '../../../shared/contract.ts'
import type { Artefact } from '../../../shared/contract/networks.ts'
import type { Task } from '../../../shared/contract/tasks.ts'
import type { LabError } from '../../../shared/errors.ts'
import { asLabError } from '../../state/errors.ts'

export class DownloadsState {
  /** Newest first. */
  artefacts = $state.raw<readonly Artefact[]>([])
  ready = $state(false)
  error = $state.raw<LabError | null>(null)
  /** Tasks begun here, by what was asked for. */
  begun = $state.raw<ReadonlyMap<string, string>>(new Map())
  readonly #client: LabClient
  readonly #run: string

  constructor(client: LabClient, run: string) {
    this.#client = client
    this.#run = run
  }

  async read(): Promise<void> {
    try {
      this.artefacts = await this.#client.call('artefacts.list', { run: this.#run })
      this.error = null
      this.ready = true
    } catch (thrown) {
      this.error = asLabError(thrown)
    }
  }

  /** Remembers what a task makes, so that it is handed over when it is there. */
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
    this.artefacts = this.artefacts.filter((artefact) => artefact.id !== id)
  }
}

/** Reports and their figures; the others hold networks. */
export const isReport = ({ run, name }: Pick<Artefact, 'run' | 'name'>): boolean => name.startsWith(`report-${run}`)
