/** The machine and the data folder: what there is, and how busy it is. */
import { statfs } from 'node:fs/promises'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { analyses } from '../../../analyses/registry.ts'
import type { SystemInfo, SystemLoad } from '../../../shared/contract/system.ts'
import { unusedWords, type EngineDevice } from '../../../shared/engine-host.ts'
import { LabError, toErrorValue } from '../../../shared/errors.ts'
import { fileFailure } from '../../store/failures.ts'
import type { OpeningNotes } from '../../store/types.ts'
import { program } from '../../../shared/command-line.ts'
import type { LabContext } from '../context/lab-context.ts'
import type { TaskService } from '../tasks/tasks.ts'
import { LabService } from '../context/lab-service.ts'

/** Milliseconds between two looks at the load. */
const loadEvery = 1000

export class SystemService extends LabService<LabContext & { tasks: TaskService; version: string }> {
  readonly #listeners = new Set<(load: SystemLoad) => void>()
  #timer: NodeJS.Timeout | undefined
  #gpu: Promise<SystemLoad['gpu']> | undefined
  #times = cpuTimes()

  /** What TensorFlow really runs on, whatever the driver shows. @throws LabError `set-up`, `engine-lost` */
  device(): Promise<EngineDevice> {
    return this.context.device()
  }

  /** @throws LabError `disk` */
  async info(): Promise<SystemInfo> {
    const { store, farmProcesses } = this.context
    // Without one that the driver shows there is nothing to ask TensorFlow.
    const { gpu, unused } = (await this.#findGpu()) === null ? { gpu: null, unused: null } : await this.context.device()
    const cpu = cpus()[0]?.model.trim() ?? 'unknown'
    const disk = await statfs(store.dataDir).catch((error: unknown) => {
      throw fileFailure(error, 'look at the data folder', store.dataDir)
    })
    return {
      version: this.context.version,
      program,
      platform: `${type()} ${release()} ${process.arch}`,
      node: process.version,
      cpu,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      device: { kind: gpu === null ? 'cpu' : 'gpu', name: gpu ?? cpu, unused: unused === null ? null : unusedWords(unused) },
      farmProcesses,
      dataDir: store.dataDir,
      used: store.used(),
      free: disk.bavail * disk.bsize,
      mended: mendedSentences(this.context.store.opening),
    }
  }

  /**
   * Removes probability caches, which can be made again.
   * @returns bytes freed
   * @throws LabError `conflict` while something reads or writes them
   */
  async clearCaches(): Promise<number> {
    if (this.context.tasks.isBusy('demo', ...analyses.map(({ command }) => command))) {
      throw new LabError('conflict', 'The caches are in use.', 'Clear them once the task under way has ended.')
    }
    const { store } = this.context
    let bytes = 0
    for (const run of store.runs.list()) {
      for (const cache of store.probabilities.list(run.id)) {
        await store.probabilities.remove(cache.id)
        bytes += cache.bytes
      }
    }
    return bytes
  }

  /** Hears of the load about once a second; nothing is looked at while nobody listens. */
  watch(listener: (load: SystemLoad) => void): () => void {
    this.#listeners.add(listener)
    if (this.#timer === undefined) {
      this.#times = cpuTimes()
      this.#timer = setInterval(() => void this.#look(), loadEvery)
      this.#timer.unref()
    }
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  async #look(): Promise<void> {
    try {
      const [memory, gpu] = await Promise.all([(await loadInformation()).mem(), this.#gpuLoad()])
      const before = this.#times
      this.#times = cpuTimes()
      const total = this.#times.total - before.total
      const load: SystemLoad = {
        at: this.context.now(),
        cpu: total <= 0 ? 0 : 1 - (this.#times.idle - before.idle) / total,
        memoryUsed: memory.total - memory.available,
        memoryTotal: memory.total,
        engineBytes: this.context.jobs.engineBytes,
        gpu,
      }
      for (const listener of this.#listeners) listener(load)
    } catch (error) {
      // Figures for a small chart: a look that fails is passed over, and said once.
      this.context.note(`The load of the machine could not be read: ${toErrorValue(error).message.split('\n')[0]}`)
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  async #gpuLoad(): Promise<SystemLoad['gpu']> {
    return (await this.#findGpu()) === null ? null : readGpu()
  }

  /** Looked for once: where none is seen, none is asked again. */
  #findGpu(): Promise<SystemLoad['gpu']> {
    this.#gpu ??= readGpu()
    return this.#gpu
  }
}

/** Loaded when somebody looks. */
const loadInformation = async () => (await import('systeminformation')).default

/** One that a driver answers for with its memory; null: none. */
async function readGpu(): Promise<SystemLoad['gpu']> {
  const { controllers } = await (await loadInformation()).graphics()
  const found = controllers.find(({ vendor, memoryTotal }) => /nvidia/i.test(vendor) && (memoryTotal ?? 0) > 0)
  if (found === undefined) return null
  const mebibyte = 2 ** 20
  return {
    name: found.name ?? found.model,
    load: (found.utilizationGpu ?? 0) / 100,
    memoryUsed: (found.memoryUsed ?? 0) * mebibyte,
    memoryTotal: (found.memoryTotal ?? 0) * mebibyte,
  }
}

function cpuTimes(): { idle: number; total: number } {
  let [idle, total] = [0, 0]
  for (const { times } of cpus()) {
    idle += times.idle
    total += times.user + times.nice + times.sys + times.idle + times.irq
  }
  return { idle, total }
}

function mendedSentences({ interrupted, swept, purged, migrated }: OpeningNotes): string[] {
  return [
    ...interrupted.map((run) => `${run} was interrupted; it can go on from its newest checkpoint.`),
    ...(swept.length === 0 ? [] : [`${swept.length} unfinished or unnamed file${swept.length === 1 ? ' was' : 's were'} cleared away.`]),
    ...(purged.length === 0 ? [] : [`What was deleted more than 30 days ago is gone for good: ${purged.join(', ')}.`]),
    ...(migrated === null || migrated.backup === null
      ? []
      : [`The data folder was brought to this version; a copy from before is ${migrated.backup}.`]),
    ...(migrated?.left ?? []).map((row) => `Left as it was: ${row}`),
  ]
}
