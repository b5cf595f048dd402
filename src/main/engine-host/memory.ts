/** Memory: whether a job fits, before it starts; and whether want of it was what ended a process. */
import { readFileSync } from 'node:fs'
import { arithmeticOf } from '../../shared/arithmetic.ts'
import type { EngineJob } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import { imageCosts, layOut } from '../../shared/target-layout.ts'

/** Node with TensorFlow loaded, without the library's pages that processes share; measured on Linux. */
const processBytes = 250e6
const float = 4

/** Bytes that the job's processes need together, at least: what they hold at once, not what allocators take on top. */
export function estimateBytes(job: EngineJob, processes: number): number {
  switch (job.kind) {
    case 'train':
    case 'evaluate':
    case 'distil': {
      const { target, training } = job.document
      const { height, width, channels, count } = job.data
      const layout = layOut(target)
      const { weightCount, classes } = layout
      const dataBytes = count * height * width * channels
      const each = processBytes + dataBytes + float * training.imageBatch * imageCosts(layout).activations
      const networks = job.kind === 'train' ? 4 * arithmeticOf(job.document).networks : job.count
      const probabilities = job.kind === 'train' ? 0 : job.count * (job.images ?? job.data.split[job.split]) * classes
      return processes * each + float * (networks * weightCount + probabilities)
    }
    case 'sample':
    case 'map': {
      const { weightCount } = layOut(job.document.target)
      return processBytes + float * weightCount * (job.kind === 'map' ? 2 * job.count : Math.min(job.count, 200))
    }
    case 'ensemble':
      return processBytes + float * job.networks * job.images * job.classes
    case 'verify':
      return processBytes
  }
}

/**
 * @throws LabError `memory` when the job needs more than there is
 */
export function checkMemory(job: EngineJob, processes: number, available: number): void {
  const needed = estimateBytes(job, processes)
  if (needed <= available) return
  throw new LabError(
    'memory',
    `The job (${job.kind}, ${processes} ${processes === 1 ? 'process' : 'processes'}) needs at least ${gigabytes(needed)} of memory, and ${gigabytes(available)} are available.`,
    remedies[job.kind],
  )
}

/** What to do when a job of the kind has too little memory. */
export const remedies: Readonly<Record<EngineJob['kind'], string>> = {
  train: 'Close other programs, or train with fewer networks or images a step, as a fork can.',
  evaluate: 'Close other programs, or evaluate fewer networks.',
  distil: 'Close other programs, or distil fewer networks.',
  sample: 'Close other programs, and try again.',
  map: 'Close other programs, or map fewer networks.',
  ensemble: 'Close other programs, or evaluate fewer networks first.',
  verify: 'Close other programs, and try again.',
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}

const shortage = /bad_alloc|OOM when allocating|out of memory|Cannot allocate memory|Array buffer allocation failed/i

/** True when a message tells of an allocation that failed. */
export function tellsOfShortage(text: string): boolean {
  return shortage.test(text)
}

/** Turns an error of TensorFlow or Node that tells of a failed allocation into a LabError `memory`; others pass. */
export function outOfMemory(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof LabError || !tellsOfShortage(thrown.message)) return thrown
  return new LabError(
    'memory',
    `The engine ran out of memory: ${thrown.message.split('\n')[0]}`,
    'Close other programs, or ask for less at a time.',
    {
      cause: thrown,
    },
  )
}

/** Processes that the kernel has killed for want of memory so far, where that can be known (Linux); else 0. */
export function outOfMemoryKills(): number {
  return counter('/sys/fs/cgroup/memory.events') + counter('/proc/vmstat')
}

function counter(path: string): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0 // no such file on this system
  }
}
