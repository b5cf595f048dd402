/** What was deleted and can still come back. */
import type { LabClient } from '../../shared/contract.ts'
import type { TrashItem } from '../../shared/contract/trash.ts'
import type { LabError } from '../../shared/errors.ts'
import { asLabError } from './errors.ts'

export class TrashState {
  /** The newest first. */
  items = $state.raw<readonly TrashItem[]>([])
  ready = $state(false)
  error = $state.raw<LabError | null>(null)
  /** Bytes that emptying it frees. */
  readonly bytes = $derived(this.items.reduce((sum, { bytes }) => sum + bytes, 0))
  readonly #client: LabClient
  #reading = 0

  constructor(client: LabClient) {
    this.#client = client
  }

  async read(): Promise<void> {
    const turn = ++this.#reading
    try {
      const items = await this.#client.call('trash.list', {})
      if (turn !== this.#reading) return
      this.items = items
      this.error = null
      this.ready = true
    } catch (thrown) {
      if (turn === this.#reading) this.error = asLabError(thrown)
    }
  }

  /** @throws LabError what could not be restored; what was restored before stays so */
  async restore(items: readonly TrashItem[]): Promise<void> {
    try {
      const { runs, datasets } = parted(items)
      // A run brings its data set with it.
      if (runs.length > 0) await this.#client.call('runs.restore', { ids: runs })
      for (const hash of datasets) await this.#client.call('datasets.restore', { hash })
    } finally {
      await this.read()
    }
  }

  /** Erases for good, all or none. @returns bytes freed @throws LabError `conflict` when something that stays needs it */
  async erase(items: readonly TrashItem[]): Promise<number> {
    try {
      return (await this.#client.call('trash.erase', parted(items))).bytes
    } finally {
      await this.read()
    }
  }
}

function parted(items: readonly TrashItem[]): Record<'runs' | 'datasets' | 'orphans', string[]> {
  const of = (kind: TrashItem['kind']): string[] => items.filter((item) => item.kind === kind).map(({ id }) => id)
  return { runs: of('run'), datasets: of('dataset'), orphans: of('orphan') }
}
