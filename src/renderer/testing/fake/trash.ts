/** A made-up trash. */
import type { TrashItem } from '../../../shared/contract/trash.ts'
import type { FakeMethods, FakeStreams } from '../fake-lab.ts'

const keptFor = 30 * 24 * 3600 * 1000
let items: TrashItem[] = []

export function putInTrash(item: Pick<TrashItem, 'kind' | 'id' | 'name' | 'bytes'>): void {
  const deletedAt = Date.now()
  items = [{ ...item, deletedAt, goneAt: item.kind === 'orphan' ? null : deletedAt + keptFor }, ...items]
}

export function takeFromTrash(ids: readonly string[]): void {
  items = items.filter(({ id }) => !ids.includes(id))
}

export function fakeTrash(): { answers: FakeMethods; sources: FakeStreams } {
  return {
    answers: {
      'trash.list': () => items,
      'trash.erase': ({ runs, datasets, orphans = [] }) => {
        const gone = [...runs, ...datasets, ...orphans]
        const bytes = items.filter(({ id }) => gone.includes(id)).reduce((sum, item) => sum + item.bytes, 0)
        takeFromTrash(gone)
        return { bytes }
      },
    },
    sources: {},
  }
}
