/** What every bench works with. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { presetDocument } from '../../src/main/lab/experiment/document.ts'
import type { Experiment } from '../../src/shared/experiment.ts'
import { mnistFolder, mnistReference } from '../ours/mnist.ts'
import type { Options } from '../options.ts'
import type { Machine } from '../report/machine.ts'
import type { BenchResult } from '../report/results.ts'
import { cacheFolder } from '../workers/cache.ts'
import { startOurs, startRival, type MethodRival } from '../workers/catalogue.ts'
import type { LineWorker } from '../workers/line-worker.ts'

export interface BenchContext {
  options: Options
  machine: Machine
  /** Progress and remarks, for a person. */
  say: (line: string) => void
}

/** A bench's findings: what it prints, and its result but for what is the same for all. */
export interface Findings extends Pick<BenchResult, 'ours' | 'rivals' | 'failed' | 'ratio' | 'details' | 'versions'> {
  text: string
}

export type Bench = (context: BenchContext) => Promise<Findings>

export function paperDocument(): Experiment {
  return presetDocument('mnist-paper')
}

/**
 * Starts our participant.
 * @param farm spread networks over processes, as training and evaluation do; sampling uses threads
 */
export async function setUpOurs(
  { options, say }: BenchContext,
  experiment: Experiment,
  farm: boolean,
): Promise<{ worker: LineWorker; version: string }> {
  const together = farm && options.device === 'gpu'
  const processes = together ? 'device' : farm ? (options.processes ?? availableParallelism()) : 1
  const worker = startOurs('worker.ts', farm && !together ? 1 : availableParallelism())
  const data = mnistReference(join(cacheFolder(), 'bench'))
  const { version } = await worker.ask('setup', { experiment, data, processes })
  if (together) say(`ours: ${String(version)}`)
  return { worker, version: String(version) }
}

/** Starts a rival. @param rates of learning, a step each, which torch keeps to; without them the document's decay alone */
export async function setUpRival(
  { say, options }: BenchContext,
  rival: MethodRival,
  experiment: Experiment,
  seed = options.seeds[0],
  rates?: readonly number[],
): Promise<{ worker: LineWorker; version: string }> {
  const worker = await startRival(rival, say)
  const { version } = await worker.ask('setup', { experiment, mnist: mnistFolder(), seed, ...(rates && { rates }) })
  return { worker, version: String(version) }
}
