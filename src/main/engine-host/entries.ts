/** The modules that a job's processes run; a packaged app names its built ones. */
import { fileURLToPath } from 'node:url'

/** `engine` runs a job (entry.ts), `farm` a farm worker's share of one (farm-entry.ts). */
export type EngineEntries = Readonly<Record<'engine' | 'farm', string>>

export const sourceEntries: EngineEntries = {
  engine: fileURLToPath(new URL('./entry.ts', import.meta.url)),
  farm: fileURLToPath(new URL('./farm-entry.ts', import.meta.url)),
}
