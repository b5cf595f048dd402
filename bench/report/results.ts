/** Results on disk: one JSON file a bench and day, and the last one of each bench under `latest`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Summary } from '../measure/statistics.ts'
import type { Machine } from './machine.ts'

/** What every bench ends with: the last line of `--json`. */
export interface BenchResult {
  event: 'result'
  bench: string
  ours: Summary
  /** Those that finished. */
  rivals: Record<string, Summary>
  /** Why the others did not. */
  failed: Record<string, string>
  /** Ours over the fastest rival, by medians; null without rivals. */
  ratio: number | null
  /** What else the bench found. */
  details: Record<string, unknown>
  machine: Machine
  versions: Record<string, string>
}

/** Keeps a result; returns the paths written. */
export function keepResult(result: BenchResult, folder = fileURLToPath(new URL('../results/', import.meta.url))): string[] {
  const paths = [join(folder, `${result.bench}-${result.machine.date.slice(0, 10)}.json`), join(folder, 'latest', `${result.bench}.json`)]
  mkdirSync(join(folder, 'latest'), { recursive: true })
  for (const path of paths) writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`)
  return paths
}
