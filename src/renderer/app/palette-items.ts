/** What the palette offers for what was typed. */
import type { App } from './app.svelte.ts'
import { analyses } from '../../analyses/registry.ts'
import { placeOfKind } from '../analyses/places.ts'
import { fit } from './find.ts'
import { runPlaces } from './places.ts'

export interface Found {
  id: string
  title: string
  note?: string
  shortcut?: string
  run: () => void
}

export interface FoundGroup {
  title: string
  items: Found[]
}

/** Of each kind at most this many: the palette is read, not scrolled. */
const maxItems = 8

export function paletteItems(app: App, typed: string): FoundGroup[] {
  const go = (address: string) => () => app.router.go(address)
  const { run } = app
  const places = new Map([
    ...runPlaces.map(({ title, address }) => [address, title] as const),
    ...analyses.map(({ kind, title }) => [placeOfKind(kind), title] as const),
  ])
  const atRun =
    run === null ? [] : [...places].map(([address, title]) => ({ title, address: `/runs/${encodeURIComponent(run)}${address}` }))
  const groups: FoundGroup[] = [
    ...grouped(app, typed),
    {
      title: app.runs.byId.get(run ?? '')?.name ?? 'This run',
      items: best(atRun, typed, ({ title }) => `${title} ${run ?? ''}`).map(({ title, address }) => ({
        id: `at-${address}`,
        title,
        run: go(address),
      })),
    },
    {
      title: 'Runs',
      items: best(app.runs.items, typed, ({ name, id, tags }) => `${name} ${id} ${tags.join(' ')}`).map(({ id, name, state }) => ({
        id: `run-${id}`,
        title: name,
        note: state,
        run: go(`/runs/${encodeURIComponent(id)}`),
      })),
    },
    {
      title: 'Data sets',
      items: best(app.datasets.items, typed, ({ name }) => name).map(({ hash, name, count }) => ({
        id: `data-${hash}`,
        title: name,
        note: `${count} images`,
        run: go(`/data/${hash}`),
      })),
    },
  ]
  return joined(groups.filter(({ items }) => items.length > 0))
}

/** A run may be called like a group, and a view's commands stand under the name of its run: one title, one group. */
function joined(groups: readonly FoundGroup[]): FoundGroup[] {
  const byTitle = new Map<string, FoundGroup>()
  for (const { title, items } of groups) byTitle.set(title, { title, items: [...(byTitle.get(title)?.items ?? []), ...items] })
  return [...byTitle.values()]
}

function grouped(app: App, typed: string): FoundGroup[] {
  const groups = new Map<string, Found[]>()
  for (const command of best(app.commands.all, typed, ({ title, also = '' }) => `${title} ${also}`, 30)) {
    const { id, title, group, shortcut, run } = command
    const items = groups.get(group) ?? []
    groups.set(group, items)
    items.push({ id, title, run, ...(shortcut === undefined ? {} : { shortcut }) })
  }
  return [...groups].map(([title, items]) => ({ title, items }))
}

function best<T>(items: readonly T[], typed: string, text: (item: T) => string, limit = maxItems): T[] {
  return items
    .map((item) => ({ item, score: fit(text(item), typed) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ item }) => item)
}
