/** Every view, the address it has and the place it takes in the rail. */
import type { Component } from 'svelte'
import type { RouteParams } from './route.ts'

export interface ViewProps {
  params: RouteParams
}

/** The view at the address; null: there is none. */
export type Here = { route: Route; params: RouteParams } | null

/** Some views want their {@link ViewProps}, others none. */
export type ViewComponent = Component<never>

export interface Route {
  name: string
  pattern: string
  title: string
  /** The route whose place in the rail it stands under; left out: its own. */
  under?: string
  /** Fetched when first visited: the first paint waits for nothing that is not on it. */
  load(params: RouteParams): Promise<{ default: ViewComponent }>
}

export const routes: readonly Route[] = [
  { name: 'start', pattern: '/', title: 'Start', load: () => import('../views/start/Start.svelte') },
  { name: 'data', pattern: '/data', title: 'Data sets', load: () => import('../views/data/DataSets.svelte') },
  { name: 'dataset', pattern: '/data/:hash', title: 'Data set', under: 'data', load: () => import('../views/data/DataSet.svelte') },
  { name: 'import', pattern: '/import', title: 'Import data', under: 'data', load: () => import('../views/data/Import.svelte') },
  { name: 'new', pattern: '/new', title: 'New experiment', load: () => import('../views/experiment/NewExperiment.svelte') },
  { name: 'runs', pattern: '/runs', title: 'Runs', load: () => import('../views/runs/Runs.svelte') },
  { name: 'run', pattern: '/runs/:run', title: 'Live', load: () => import('../views/run/Run.svelte') },
  { name: 'analyses', pattern: '/runs/:run/analyses', title: 'Analyses', load: () => import('../analyses/Analyses.svelte') },
  {
    name: 'analysis',
    pattern: '/runs/:run/analyses/:kind',
    title: 'Analysis',
    load: async ({ kind }) => (await import('../analyses/views.ts')).viewOf(kind),
  },
  { name: 'report', pattern: '/runs/:run/report', title: 'Report', load: () => import('../views/report/Report.svelte') },
  { name: 'cockpit', pattern: '/runs/:run/cockpit', title: 'Latent cockpit', load: () => import('../views/cockpit/CockpitPage.svelte') },
  { name: 'networks', pattern: '/runs/:run/networks', title: 'Export networks', load: () => import('../views/networks/Networks.svelte') },
  { name: 'compare', pattern: '/compare', title: 'Compare', load: () => import('../views/compare/Compare.svelte') },
  { name: 'studies', pattern: '/studies', title: 'Studies', load: () => import('../views/studies/Studies.svelte') },
  { name: 'study', pattern: '/studies/:name', title: 'Study', under: 'studies', load: () => import('../views/studies/Study.svelte') },
  { name: 'toy', pattern: '/toy', title: 'Toy problem', load: () => import('../views/toy/Toy.svelte') },
  { name: 'system', pattern: '/system', title: 'System', load: () => import('../views/system/System.svelte') },
  { name: 'trash', pattern: '/trash', title: 'Trash', load: () => import('../views/trash/Trash.svelte') },
  { name: 'guide', pattern: '/guide', title: 'Guide', load: () => import('../views/guide/Guide.svelte') },
  { name: 'settings', pattern: '/settings', title: 'Settings', load: () => import('../views/settings/Settings.svelte') },
]
