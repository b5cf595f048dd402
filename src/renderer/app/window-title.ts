/** What a window is called where windows and visited places are listed: what is looked at, and of what. */
import { titleOfAnalysis } from '../state/words.svelte.ts'
import type { App } from './app.svelte.ts'
import { placeShowing } from './places.ts'
import type { Here } from './routes.ts'

const product = 'Weightscape'

export function windowTitle(
  here: Here,
  { runs, datasets }: { runs: Pick<App['runs'], 'byId'>; datasets: Pick<App['datasets'], 'byId'> },
): string {
  if (here === null) return `Nothing here - ${product}`
  const { run, hash, kind } = here.params as Partial<Record<string, string>>
  const dataset = hash === undefined ? undefined : datasets.byId.get(hash)?.name
  const view = dataset ?? (kind === undefined ? here.route.title : (placeShowing(kind)?.title ?? titleOfAnalysis(kind) ?? here.route.title))
  const parts = [view, ...(run === undefined ? [] : [runs.byId.get(run)?.name ?? run]), product]
  return parts.join(' - ')
}
