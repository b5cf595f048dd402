/** The lab of the desktop app: its data where every door looks for it, its processes as the app starts them. */
import { app, powerSaveBlocker } from 'electron'
import { homedir } from 'node:os'
import { createApi } from '../api/api.ts'
import type { Api } from '../api/api.ts'
import { closeLab } from '../api/close-lab.ts'
import type { Ending } from '../api/close-lab.ts'
import { routerOf } from '../api/handlers/router.ts'
import { openLab, type BuiltProcesses } from '../assembly/open-lab.ts'
import { defaultDataFolder } from '../lab/system/data-folder.ts'

/** The lab as the app keeps it. */
export interface DesktopLab {
  api: Api
  /** Jobs wait or run. */
  isBusy(): boolean
  /** Runs that train are paused; windows are closed first. */
  end(): Ending
  /** A line for the person, in the lab's notes. */
  note(message: string): void
}

/** @throws LabError `conflict` when another process has the data folder, `newer-store`, `corrupt`, `disk` */
export function openDesktopLab(processes: BuiltProcesses): DesktopLab {
  const lab = openLab({
    dataDir: defaultDataFolder({ env: process.env, platform: process.platform, home: homedir() }),
    processes,
    besideWindow: true,
    version: app.getVersion(),
    command: 'the app',
  })
  const isBusy = (): boolean => lab.jobs.list().length > 0
  // Keeps the machine awake while something runs; the screen may go dark.
  let awake: number | undefined
  // The queue forgets a job a little after it has told of its end.
  lab.jobs.subscribe(() =>
    setImmediate(() => {
      if (isBusy()) awake ??= powerSaveBlocker.start('prevent-app-suspension')
      else if (awake !== undefined) {
        powerSaveBlocker.stop(awake)
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
