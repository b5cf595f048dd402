/** Takes runs from files that another lab exported them to, and says which came. */
import type { DroppedFile } from '../../shared/bridge.ts'
import { plural } from '../../shared/wording.ts'
import { address } from './route.ts'
import type { App } from './app.svelte.ts'

/** Files that were dropped or chosen, one after the other. */
export async function takeRunFiles(app: App, files: readonly DroppedFile[]): Promise<void> {
  for (const file of files) await takeRuns(app, (id) => app.platform.upload(id, [file]))
}

/** As {@link takeRunFiles}, for paths on the lab's machine. */
export async function takeRunPaths(app: App, paths: readonly string[]): Promise<void> {
  for (const path of paths) await takeRuns(app, (id) => app.client.call('imports.addPaths', { id, paths: [path] }))
}

async function takeRuns(app: App, bring: (id: string) => Promise<unknown>): Promise<void> {
  const { id } = await app.client.call('imports.begin', {})
  try {
    await bring(id)
    const { runs, there, studies, studiesThere } = await app.client.call('runs.import', { import: id })
    const said = [
      ...(runs.length > 0 ? [`${plural(runs.length, 'run')} imported: ${runs.join(', ')}.`] : []),
      ...(studies.length > 0 ? [`${plural(studies.length, 'study', 'studies')} imported: ${studies.join(', ')}.`] : []),
      ...(there.length + studiesThere.length > 0 ? [`Here already, the same: ${[...there, ...studiesThere].join(', ')}.`] : []),
    ]
    const [only, ...others] = [...runs, ...there]
    const place = studies.length === 1 ? address('/studies/:name', { name: studies[0] }) : address('/runs/:run', { run: only })
    const open = { label: 'Open', run: () => app.router.go(place) }
    app.notices.success(said.join(' '), others.length === 0 || studies.length === 1 ? open : undefined)
  } finally {
    await app.client.call('imports.cancel', { id })
  }
}
