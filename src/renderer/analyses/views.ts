/** The views of analyses: a kind's own, or the one that is made from its definition. */
import type { Component } from 'svelte'

type Loaded = Promise<{ default: Component<never> }>

const views = import.meta.glob<Awaited<Loaded>>('./*/View.svelte')

/** Views that kinds have of their own, fetched when they are called. */
export const ownViews = Object.values(views)

/** The view of a kind, whether it is known or not. */
export const viewOf = (kind: string): Loaded => views[`./${kind}/View.svelte`]?.() ?? import('./GenericView.svelte')
