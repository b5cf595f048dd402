/** Starts, watches and ends processes that read files: the one thing the lab knows of them is {@link DatasetImporter}. */
import { fileURLToPath } from 'node:url'
import type { DatasetImporter } from '../../shared/dataset-import.ts'
import type { Spawn } from '../process/child.ts'
import { spawnNodeChild } from '../process/node-child.ts'
import { ImportProcessSession, type ImportLimits } from './session.ts'

export interface ImporterOptions {
  /** How processes are started; children of Node if not given. */
  spawn?: Spawn
  /** The module that they run; this project's own source if not given. */
  entry?: string
  limits?: Partial<ImportLimits>
}

const defaultLimits: ImportLimits = {
  heapBytes: 2 ** 29,
  residentBytes: 1.5 * 2 ** 30,
  silence: 60_000,
}

const sourceEntry = fileURLToPath(new URL('./entry.ts', import.meta.url))

export function createDatasetImporter({ spawn = spawnNodeChild, entry = sourceEntry, limits }: ImporterOptions = {}): DatasetImporter {
  return { open: (paths, scratch) => new ImportProcessSession({ paths, scratch, spawn, entry, limits: { ...defaultLimits, ...limits } }) }
}
