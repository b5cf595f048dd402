/** All data sets, as they stand. */
import type { LabClient } from '../../shared/contract.ts'
import type { Dataset } from '../../shared/contract/datasets.ts'
import { LiveList } from './live-list.svelte.ts'

export class DatasetsState extends LiveList<Dataset> {
  constructor(client: LabClient) {
    super({
      pages: async function* () {
        yield await client.call('datasets.list', {})
      },
      watch: ({ changed, ...on }) => client.open('datasets.watch', {}, { item: (item) => changed(item.changed, item.removed), ...on }),
      idOf: (dataset) => dataset.hash,
      compare: (a, b) => b.createdAt - a.createdAt || (a.hash < b.hash ? -1 : 1),
    })
  }

  /** What a data set is called; its hash where it is not here. */
  nameOf(hash: string): string {
    return this.byId.get(hash)?.name ?? hash.slice(0, 12)
  }
}
