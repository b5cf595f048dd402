/** All runs, as they stand. */
import type { LabClient } from '../../shared/contract.ts'
import type { RunSummary } from '../../shared/contract/runs.ts'
import { LiveList } from './live-list.svelte.ts'

export class RunsState extends LiveList<RunSummary> {
  readonly training = $derived(this.items.filter(({ state }) => state === 'training' || state === 'queued'))
  /** Every tag in use, by name. */
  readonly tags = $derived([...new Set(this.items.flatMap((run) => run.tags))].sort())

  constructor(client: LabClient) {
    super({
      read: () => client.call('runs.list', {}),
      watch: ({ changed, ...on }) => client.open('runs.watch', {}, { item: (item) => changed(item.changed, item.removed), ...on }),
      idOf: (run) => run.id,
      compare: (a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1),
    })
  }
}
