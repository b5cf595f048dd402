/** Starts, watches and talks to engine processes: the one thing the lab knows of them is {@link EngineHost}. */
import { availableParallelism } from 'node:os'
import { findAnalysis } from '../../analyses/registry.ts'
import type { EngineDevice, EngineHost, JobHandle, JobHandlers } from '../../shared/engine-host.ts'
import { arithmeticOf } from '../../shared/arithmetic.ts'
import type { EngineJob, JobKind, JobOf, ResultOf } from '../../shared/engine-protocol.ts'
import { imageCosts, layOut } from '../../shared/target-layout.ts'
import type { Spawn } from '../process/child.ts'
import { spawnNodeChild } from '../process/node-child.ts'
import { defaultLimits, Watchdog, type WatchdogLimits } from '../process/watchdog.ts'
import { sourceEntries, type EngineEntries } from './entries.ts'
import { networksRun } from './device.ts'
import { processEnvironment, withoutGpu } from './environment.ts'
import { findDevice } from './find-device.ts'
import { EngineExploration } from './exploration.ts'
import { JobRun } from './job-run.ts'

export interface EngineHostOptions {
  /** How processes are started; children of Node if not given. */
  spawn?: Spawn
  /** What they run; this project's own sources if not given. */
  entries?: EngineEntries
  /** Processes that target networks are spread over; if not given, one a core, and a single one for an analysis that is small. */
  farmProcesses?: number
  /** GPUs that the driver shows; looked for if not given. */
  gpus?: readonly string[]
  /** Whether a person sits before a window while jobs run: then they come after it. */
  besideWindow?: boolean
  /** Bytes of memory that jobs may count on. */
  availableMemory?: () => number
  limits?: Partial<WatchdogLimits>
}

/** Networks at a time of a job that runs target networks on a data set; 0 for other jobs. */
function farmedNetworks(job: EngineJob): number {
  if (job.kind === 'train') return arithmeticOf(job.document).networks
  return job.kind === 'analysis' && findAnalysis(job.analysis)?.worksOn === 'images' ? job.count : 0
}

/** Operations below which another process costs more to start than it saves: a tenth of a second of a slow core. */
const small = 2e9

/** Whether an analysis is done before another process has loaded. It may show each image of its data to each of its networks, ten times changed. */
function isSmall(job: EngineJob): boolean {
  if (job.kind !== 'analysis') return false
  const images = 10 * ((job.data?.count ?? 0) + (job.outside?.count ?? 0))
  return job.count * images * imageCosts(layOut(job.document.target)).operations < small
}

export function createEngineHost(options: EngineHostOptions = {}): EngineHost {
  const cores = availableParallelism()
  const farmProcesses = Math.max(1, options.farmProcesses ?? cores)
  const spawn = options.spawn ?? spawnNodeChild
  const availableMemory = options.availableMemory ?? (() => process.availableMemory())
  const watchdog = new Watchdog({ ...defaultLimits, ...options.limits })
  const runs = new Set<JobRun>()

  function start(job: EngineJob, handlers: JobHandlers): JobRun {
    const count = farmedNetworks(job)
    const networks = networksRun(job.kind === 'train' ? job.networks : undefined, options.gpus)
    const together = networks === 'all at once'
    const run = new JobRun({
      job,
      handlers,
      spawn,
      entries: options.entries ?? sourceEntries,
      watchdog,
      networks,
      workers: together || (options.farmProcesses === undefined && isSmall(job)) ? 0 : Math.max(0, Math.min(farmProcesses, count) - 1),
      environment: {
        ...processEnvironment({ threads: count > 0 && !together ? 1 : cores, lowPriority: options.besideWindow ?? false }),
        ...(networks === 'one by one' ? withoutGpu : {}),
      },
      availableMemory,
    })
    runs.add(run)
    run.result.catch(() => undefined).finally(() => runs.delete(run))
    return run
  }

  const explorations = new Set<EngineExploration>()
  let device: Promise<EngineDevice> | undefined
  return {
    farmProcesses,

    device: () => (device ??= findDevice(spawn, options.entries ?? sourceEntries, options.gpus)),

    run<K extends JobKind>(job: JobOf<K>, handlers: JobHandlers = {}): JobHandle<K> {
      const run = start(job, handlers)
      return {
        // The kind of a result is checked where it arrives.
        result: run.result as Promise<ResultOf<K>>,
        pause: () => run.pause(),
        cancel: () => run.cancel(),
        get peakBytes() {
          return run.peakBytes
        },
        get residentBytes() {
          return run.residentBytes
        },
      }
    },

    explore(task) {
      const exploration = new EngineExploration(task, {
        ...{ spawn, entries: options.entries ?? sourceEntries, watchdog, threads: cores },
      })
      explorations.add(exploration)
      void exploration.gone.then(() => explorations.delete(exploration))
      return exploration
    },

    async close() {
      const results = [...runs].map((run) => run.result)
      for (const run of runs) run.kill()
      await Promise.allSettled([...results, ...[...explorations].map((one) => one.close())])
    },
  }
}
