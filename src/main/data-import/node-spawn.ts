/** Processes that read files, as children of Node. */
import { fileURLToPath } from 'node:url'
import { startNodeChild } from '../process/node-child.ts'
import type { SpawnImport } from './spawn.ts'

/**
 * Starts processes with the Node that runs this one.
 * @param entry the module that they run; a packaged app names its built one
 */
export function nodeSpawn(entry: string = fileURLToPath(new URL('./entry.ts', import.meta.url))): SpawnImport {
  return ({ heapBytes }) => startNodeChild(entry, [`--max-old-space-size=${Math.round(heapBytes / 2 ** 20)}`])
}
