/** What becomes of files that were dropped, chosen or opened: runs of another lab, networks trained elsewhere, else images to import. */
import type { DroppedFile } from '../../shared/bridge.ts'
import { isNetworkFile } from '../../shared/network-file.ts'
import { isRunFile } from '../../shared/run-file.ts'
import type { App } from './app.svelte.ts'
import { takeRunFiles, takeRunPaths } from './taking-runs.ts'

/** Files by what they hold. Networks are such where nothing lies beside them: a data set may have a model in its folder. */
export function sortFiles<T>(files: readonly T[], pathOf: (file: T) => string): { runs: T[]; networks: T[]; images: T[] } {
  const runs = files.filter((file) => isRunFile(pathOf(file)))
  const others = files.filter((file) => !isRunFile(pathOf(file)))
  return others.every((file) => isNetworkFile(pathOf(file)))
    ? { runs, networks: others, images: [] }
    : { runs, networks: [], images: others }
}

/** Files that were dropped or chosen. */
export async function takeFiles(app: App, files: readonly DroppedFile[]): Promise<void> {
  const { runs, networks, images } = sortFiles(files, ({ path }) => path)
  if (networks.length > 0)
    app.dialogs.importNetworks({ names: networks.map(({ path }) => path), bring: (id) => app.platform.upload(id, networks) })
  await app.attempt(takeRunFiles(app, runs))
  await app.attempt(app.importing.bring(images))
}

/** As {@link takeFiles}, for paths on the lab's machine. */
export async function takePaths(app: App, paths: readonly string[]): Promise<void> {
  const { runs, networks, images } = sortFiles(paths, (path) => path)
  if (networks.length > 0)
    app.dialogs.importNetworks({
      names: networks.map((path) => path.split(/[\\/]/).at(-1) ?? path),
      bring: async (id) => void (await app.client.call('imports.addPaths', { id, paths: networks })),
    })
  await app.attempt(takeRunPaths(app, runs))
  await app.attempt(app.importing.bringPaths(images))
}
