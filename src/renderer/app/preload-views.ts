/** What a click may ask for next, fetched while nothing else is to be done: the first visit to a view is as quick as the others. */
import { idle } from '../state/idle.ts'
import { routes } from './routes.ts'

/** Wanted soonest. */
const first = ['run', 'runs', 'new']

export async function preloadViews(): Promise<void> {
  const rank = (name: string): number => (first.includes(name) ? first.indexOf(name) : first.length)
  const views = routes.toSorted((a, b) => rank(a.name) - rank(b.name)).map((route) => () => route.load({}))
  const { ownViews } = await import('../analyses/views.ts').catch(() => ({ ownViews: [] }))
  for (const load of [() => import('../charts/line-plot.ts'), ...views, ...ownViews]) {
    await idle()
    // One that cannot be fetched now says so when it is visited.
    await load().catch(() => undefined)
  }
}
