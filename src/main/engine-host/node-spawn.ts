/** Engine processes as children of Node. */
import { fileURLToPath } from 'node:url'
import { startNodeChild } from '../process/node-child.ts'
import { processFlags } from './environment.ts'
import type { ProcessRole, Spawn } from './spawn.ts'

/** The modules that processes run; a packaged app names its built ones. */
export type Entries = Readonly<Record<ProcessRole, string>>

const ownEntries: Entries = {
  engine: fileURLToPath(new URL('./entry.ts', import.meta.url)),
  farm: fileURLToPath(new URL('./farm-entry.ts', import.meta.url)),
}

/** Starts processes with the Node that runs this one. */
export function nodeSpawn(entries: Entries = ownEntries): Spawn {
  return (role, environment) => startNodeChild(entries[role], processFlags, environment)
}
