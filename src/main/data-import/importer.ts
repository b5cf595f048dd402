/** Starts, watches and ends processes that read files: the one thing the lab knows of them is {@link DatasetImporter}. */
import type { DatasetImporter } from '../../shared/dataset-import.ts'
import { ImportProcessSession } from './session.ts'
import type { SessionLimits } from './session.ts'
import { nodeSpawn } from './node-spawn.ts'
import type { SpawnImport } from './spawn.ts'

export interface ImporterOptions {
  /** How processes are started; children of Node if not given. */
  spawn?: SpawnImport
  limits?: Partial<SessionLimits>
}

const defaultLimits: SessionLimits = {
  heapBytes: 2 ** 29,
  residentBytes: 1.5 * 2 ** 30,
  silence: 60_000,
}

export function createDatasetImporter(options: ImporterOptions = {}): DatasetImporter {
  const spawn = options.spawn ?? nodeSpawn()
  const limits = { ...defaultLimits, ...options.limits }
  return { open: (paths, scratch) => new ImportProcessSession({ paths, scratch, spawn, limits }) }
}
