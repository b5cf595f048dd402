/** The lab of the desktop app: its data where every door looks for it, its processes as the app starts them. */
import { homedir } from 'node:os'
import { createApi } from '../api/api.ts'
import { closeLab } from '../api/close-lab.ts'
import { routerOf } from '../api/handlers/router.ts'
import { openLab, type BuiltProcesses } from '../assembly/open-lab.ts'
import { defaultDataFolder } from '../lab/system/data-folder.ts'
import type { DesktopLab } from './app.ts'

/** Keeps the machine awake while something runs; the screen may go dark. */
export interface WakeLock {
  start(): number
  stop(id: number): void
}

/** @throws LabError `conflict` when another process has the data folder, `newer-store`, `corrupt`, `disk` */
export function openDesktopLab(processes: BuiltProcesses, version: string, wake: WakeLock): DesktopLab {
  const lab = openLab({
    dataDir: defaultDataFolder({ env: process.env, platform: process.platform, home: homedir() }),
    processes,
    besideWindow: true,
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
