/** The lab of the desktop app: its data where every door looks for it, its processes as the app starts them. */
import { app, powerSaveBlocker } from 'electron'
import { homedir } from 'node:os'
import { createApi } from '../api/api.ts'
import type { Api } from '../api/api.ts'
import { closeLab } from '../api/close-lab.ts'
import type { Ending } from '../api/close-lab.ts'
import { openRepairable } from '../api/handlers/repairable.ts'
import { openLab, repairDataFolder, type BuiltProcesses } from '../assembly/open-lab.ts'
import type { Lab } from '../lab/lab.ts'
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

/** @throws LabError `conflict` when another process has the data folder, `newer-store`, `disk`; a damaged one is offered to be repaired */
export function openDesktopLab(processes: BuiltProcesses): DesktopLab {
  const dataDir = defaultDataFolder({ env: process.env, platform: process.platform, home: homedir() })
  const { router, lab } = openRepairable(
    () => {
      const opened = openLab({ dataDir, processes, besideWindow: true, version: app.getVersion(), command: 'the app' })
      keepAwake(opened)
      return opened
    },
    () => repairDataFolder(dataDir, { command: 'the app' }),
  )
  return {
    api: createApi(router),
    isBusy: () => isBusy(lab()),
    end() {
      const opened = lab()
      return opened === null ? { ended: Promise.resolve(), hurry: () => undefined } : closeLab(opened)
    },
    note: (message) => lab()?.notes.add({ at: Date.now(), level: 'info', message }),
  }
}

const isBusy = (lab: Lab | null): boolean => lab !== null && lab.jobs.list().length > 0

/** The machine, while something runs; the screen may go dark. */
function keepAwake(lab: Lab): void {
  let awake: number | undefined
  // The queue forgets a job a little after it has told of its end.
  lab.jobs.subscribe(() =>
    setImmediate(() => {
      if (isBusy(lab)) awake ??= powerSaveBlocker.start('prevent-app-suspension')
      else if (awake !== undefined) {
        powerSaveBlocker.stop(awake)
        awake = undefined
      }
    }),
  )
}
