/** What the palette offers for what was typed. */
import type { App } from './app.svelte.ts'
import { analyses } from '../../analyses/registry.ts'
import { placeOfKind } from '../analyses/address.ts'
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
  const { run } = app
  const places = new Map([
    ...runPlaces.map(({ title, address }) => [address, title] as const),
    ...analyses.map(({ kind, title }) => [placeOfKind(kind), title] as const),
  ])
  const atRun = run === null ? [] : [...places].map(([place, title]) => ({ title, address: `/runs/${encodeURIComponent(run)}${place}` }))
  const leading = (kind: string, address: string, found: { title: string; note?: string }): Found => ({
    ...found,
    id: `${kind}-${address}`,
    run: () => app.router.go(address),
  })
  const commands = best(app.commands.all, typed, ({ title, also = '' }) => `${title} ${also}`, 30)
  const runs = best(app.runs.items, typed, ({ name, id, tags }) => `${name} ${id} ${tags.join(' ')}`)
  const found: [title: string, items: Found[]][] = [
    ...commands.map((command): [string, Found[]] => [command.group, [command]]),
    [
      app.runs.byId.get(run ?? '')?.name ?? 'This run',
      best(atRun, typed, ({ title }) => `${title} ${run ?? ''}`).map(({ title, address }) => leading('at', address, { title })),
    ],
    ['Runs', runs.map(({ id, name, state }) => leading('run', `/runs/${encodeURIComponent(id)}`, { title: name, note: state }))],
    [
      'Data sets',
      best(app.datasets.items, typed, ({ name }) => name).map(({ hash, name, count }) =>
        leading('data', `/data/${hash}`, { title: name, note: `${count} images` }),
      ),
    ],
  ]
  // A run may be called like a group, and a view's commands stand under the name of its run: one title, one group.
  const groups = Map.groupBy(found, ([title]) => title)
  return [...groups]
    .map(([title, parts]) => ({ title, items: parts.flatMap(([, items]) => items) }))
    .filter(({ items }) => items.length > 0)
}

function best<T>(items: readonly T[], typed: string, text: (item: T) => string, limit = maxItems): T[] {
  return items
    .map((item) => ({ item, score: fit(text(item), typed) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ item }) => item)
}
