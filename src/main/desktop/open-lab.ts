/** The lab of the desktop app: its engine and readers are utility processes, its data where every door looks for it. */
import { homedir } from 'node:os'
import { createApi } from '../api/api.ts'
import { closeLab } from '../api/close-lab.ts'
import { routerOf } from '../api/handlers/router.ts'
import { createDatasetImporter } from '../data-import/importer.ts'
import { createEngineHost } from '../engine-host/host.ts'
import { defaultDataFolder } from '../lab/system/data-folder.ts'
import { createLab } from '../lab/lab.ts'
import type { DesktopLab } from './app.ts'
import { utilitySpawn, utilitySpawnImport } from './utility-spawn.ts'
import type { UtilityOptions } from './utility-spawn.ts'

/** Keeps the machine awake while something runs; the screen may go dark. */
export interface WakeLock {
  start(): number
  stop(id: number): void
}

/**
 * @param officeEntry the built module of the lab's thread
 * @throws LabError `conflict` when another process has the data folder, `newer-store`, `corrupt`, `disk`
 */
export function openLab(utility: UtilityOptions, officeEntry: string, version: string, wake: WakeLock): DesktopLab {
  const lab = createLab({
    dataDir: defaultDataFolder({ env: process.env, platform: process.platform, home: homedir() }),
    engine: createEngineHost({ spawn: utilitySpawn(utility), besideWindow: true }),
    importer: createDatasetImporter({ spawn: utilitySpawnImport(utility) }),
    officeEntry,
    version,
    command: 'the app',
  })
  const isBusy = (): boolean => lab.jobs.list().length > 0
  let awake: number | undefined
  // The queue forgets a job a little after it has told of its end.
  lab.jobs.subscribe(() =>
    setImmediate(() => {
      if (isBusy()) awake ??= wake.start()
      else if (awake !== undefined) {
        wake.stop(awake)
        awake = undefined
      }
    }),
  )
  return {
    api: createApi(routerOf(lab)),
    isBusy,
    end: () => closeLab(lab),
    note: (message) => lab.notes.add({ at: Date.now(), level: 'info', message }),
  }
}
