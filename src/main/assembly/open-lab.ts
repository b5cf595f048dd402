/** Puts the lab together, for whichever door is in front of it: its engine, its importer, its thread, its services. */
import type { EngineHost } from '../../shared/engine-host.ts'
import { createDatasetImporter } from '../data-import/importer.ts'
import type { EngineEntries } from '../engine-host/entries.ts'
import { createEngineHost } from '../engine-host/host.ts'
import { createLab, type Lab, type LabOptions } from '../lab/lab.ts'
import { repairDataFolder } from '../lab/system/repair.ts'
import type { Spawn } from '../process/child.ts'

/** How processes are started, and the built modules that they and the thread run. */
export interface BuiltProcesses {
  spawn: Spawn
  entries: EngineEntries & Readonly<Record<'import' | 'thread', string>>
}

export interface OpenLabOptions extends Omit<LabOptions, 'engine' | 'importer' | 'threadEntry'> {
  /** Whether a person sits before a window while jobs run: then they come after it. */
  besideWindow?: boolean
  /** What runs jobs, in the place of engine processes. */
  engine?: EngineHost | undefined
  /** Left out: Node on this project's sources. */
  processes?: BuiltProcesses
}

/** @throws LabError `conflict` when another process has the data folder, `newer-store`, `corrupt`, `disk` */
export function openLab({ besideWindow = false, engine, processes, ...options }: OpenLabOptions): Lab {
  return createLab({
    ...options,
    engine: engine ?? createEngineHost({ besideWindow, ...processes }),
    importer: createDatasetImporter(processes && { spawn: processes.spawn, entry: processes.entries.import }),
    ...(processes && { threadEntry: processes.entries.thread }),
  })
}

export { repairDataFolder }
