/** How an engine process is started: the part that differs between Node and Electron. */
import type { Child } from '../process/child.ts'

/** `engine` runs a job (entry.ts), `farm` a farm worker's share of one (farm-entry.ts). */
export type ProcessRole = 'engine' | 'farm'

export type Spawn = (role: ProcessRole, environment: Record<string, string>) => Child
