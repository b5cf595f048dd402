/** All runs, as they stand. */
import type { LabClient } from '../../shared/contract.ts'
import type { RunSummary } from '../../shared/contract/runs.ts'
import { placesOf } from '../../shared/seeds.ts'
import { idle } from './idle.ts'
import { LiveList } from './live-list.svelte.ts'

/** Runs that are asked for first: more than any view shows at once. The others come while nothing else is to be done. */
const firstPage = 100
/** Few enough that reading them holds up no click. */
const laterPage = 1000

/** All runs, the newest first. */
async function* pagesOfRuns(client: LabClient): AsyncGenerator<RunSummary[]> {
  let before: string | undefined
  for (let limit = firstPage; ; limit = laterPage) {
    const page = await client.call('runs.list', { limit, ...(before === undefined ? {} : { before }) })
    yield page
    if (page.length < limit) return
    before = page[page.length - 1].id
    await idle()
  }
}

export class RunsState extends LiveList<RunSummary> {
  readonly training = $derived(this.items.filter(({ state }) => state === 'training' || state === 'queued'))
  /** Which of its repeats over seeds a run is, by id. */
  readonly places = $derived(placesOf(this.items))
  /** Every tag in use, by name. */
  readonly tags = $derived([...new Set(this.items.flatMap((run) => run.tags))].sort())

  /** The run that a person means: by id, by name, or by the beginning of its id where that says enough. */
  find(meant: string): RunSummary | undefined {
    const exact = this.byId.get(meant) ?? this.items.find(({ name }) => name === meant)
    if (exact !== undefined || meant === '') return exact
    const begun = this.items.filter(({ id }) => id.startsWith(meant))
    return begun.length === 1 ? begun[0] : undefined
  }

  constructor(client: LabClient) {
    super({
      pages: () => pagesOfRuns(client),
      watch: ({ changed, ...on }) => client.open('runs.watch', {}, { item: (item) => changed(item.changed, item.removed), ...on }),
      idOf: (run) => run.id,
      compare: (a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1),
    })
  }
}
