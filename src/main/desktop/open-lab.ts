/** The lab of the desktop app: its data where every door looks for it, its processes as the app starts them. */
import { homedir } from 'node:os'
import { createApi } from '../api/api.ts'
import { closeLab } from '../api/close-lab.ts'
import { openRepairable } from '../api/handlers/repairable.ts'
import { openLab, repairDataFolder, type BuiltProcesses } from '../assembly/open-lab.ts'
import type { Lab } from '../lab/lab.ts'
import { defaultDataFolder } from '../lab/system/data-folder.ts'
import type { DesktopLab } from './app.ts'

/** Keeps the machine awake while something runs; the screen may go dark. */
export interface WakeLock {
  start(): number
  stop(id: number): void
}

/** @throws LabError `conflict` when another process has the data folder, `newer-store`, `disk`; a damaged one is offered to be repaired */
export function openDesktopLab(processes: BuiltProcesses, version: string, wake: WakeLock): DesktopLab {
  const dataDir = defaultDataFolder({ env: process.env, platform: process.platform, home: homedir() })
  const { router, lab } = openRepairable(
    () => {
      const opened = openLab({ dataDir, processes, besideWindow: true, version, command: 'the app' })
      keepAwake(opened, wake)
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

function keepAwake(lab: Lab, wake: WakeLock): void {
  let awake: number | undefined
  // The queue forgets a job a little after it has told of its end.
  lab.jobs.subscribe(() =>
    setImmediate(() => {
      if (isBusy(lab)) awake ??= wake.start()
      else if (awake !== undefined) {
        wake.stop(awake)
        awake = undefined
      }
    }),
  )
}
