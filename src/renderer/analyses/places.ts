/** Where each kind of analysis is looked at: at an address of its kind, in a view of its own or in the one for all. */
import type { AnalysisResult } from '../../shared/contract/analyses.ts'
import type { Place } from '../app/places.ts'
import type { ViewComponent } from '../app/routes.ts'

const views = import.meta.glob<{ default: ViewComponent }>('./*/View.svelte')

/** Views that kinds have of their own, fetched when they are called. */
export const ownViews = Object.values(views)

/** The view of a kind, whether it is known or not. */
export const viewOf = (kind: string): Promise<{ default: ViewComponent }> =>
  views[`./${kind}/View.svelte`]?.() ?? import('./GenericView.svelte')

/** Address of a kind's view, after that of a run. */
export const placeOfKind = (kind: string): string => `/analyses/${encodeURIComponent(kind)}`

/** Kinds that stand in the rail by themselves, with how they are called there. */
export const railPlaces: readonly Place[] = Object.entries(
  import.meta.glob<Pick<Place, 'title' | 'icon'> & { order: number }>('./*/place.ts', { eager: true, import: 'place' }),
)
  .sort(([, a], [, b]) => a.order - b.order)
  .map(([path, { title, icon }]) => {
    const kind = path.split('/')[1]
    return { route: routeOfKind(kind), title, address: placeOfKind(kind), icon }
  })

/** What the rail knows the view of a kind by. */
export function routeOfKind(kind: string): string {
  return `analysis/${kind}`
}

export function placeOfResult({ run, kind, id }: Pick<AnalysisResult, 'run' | 'kind' | 'id'>): string {
  return `/runs/${encodeURIComponent(run)}${placeOfKind(kind)}?${kind}=${id}`
}
