/** The machine and its data folder. */
import { untrack } from 'svelte'
import type { LabClient } from '../../shared/contract.ts'
import type { Note, SystemInfo, SystemLoad } from '../../shared/contract/system.ts'

/** Loads kept for the curves of the last minutes. */
const history = 180

export class SystemState {
  info = $state.raw<SystemInfo | null>(null)
  load = $state.raw<SystemLoad | null>(null)
  loads = $state.raw<readonly SystemLoad[]>([])
  notes = $state.raw<readonly Note[]>([])
  readonly #client: LabClient

  constructor(client: LabClient) {
    this.#client = client
  }

  async read(): Promise<void> {
    this.info = await this.#client.call('system.info', {})
  }

  /** For views that show them: give it to an effect. */
  followLoad(): () => void {
    const watching = this.#client.open('system.load', {}, { item: (load) => this.takeLoad(load) })
    return () => watching.close()
  }

  takeLoad(load: SystemLoad): void {
    this.load = load
    this.loads = [...untrack(() => this.loads).slice(-(history - 1)), load]
  }

  followNotes(): () => void {
    this.notes = []
    const watching = this.#client.open(
      'system.notes',
      {},
      { item: ({ notes }) => (this.notes = [...untrack(() => this.notes), ...notes].slice(-500)) },
    )
    return () => watching.close()
  }
}
