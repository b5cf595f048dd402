/** What was deleted and can still come back. */
import type { LabClient } from '../../shared/contract.ts'
import type { TrashItem } from '../../shared/contract/trash.ts'
import { Reading } from './reading.svelte.ts'

export class TrashState extends Reading<TrashItem[]> {
  /** The newest first. */
  readonly items = $derived(this.value ?? [])
  /** Bytes that emptying it frees. */
  readonly bytes = $derived(this.items.reduce((sum, { bytes }) => sum + bytes, 0))
  readonly #client: LabClient

  constructor(client: LabClient) {
    super(() => client.call('trash.list', {}))
    this.#client = client
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
