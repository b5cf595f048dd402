/** The lab: every service over one data folder and one engine, for whichever door is in front of it. */
import type { EngineHost } from '../../shared/engine-host.ts'
import { openStore } from '../store/open-store.ts'
import type { OpeningNotes } from '../store/types.ts'
import { DatasetService } from './datasets.ts'
import { DemoService } from './demo.ts'
import { DistillationService } from './distillation.ts'
import { EnsembleService } from './ensembles.ts'
import { EvaluationService } from './evaluation.ts'
import { ExportService } from './exports.ts'
import { JobQueue } from './jobs.ts'
import { LiveRuns } from './live-runs.ts'
import { MapService } from './maps.ts'
import type { LabParts } from './parts.ts'
import { ReportService } from './reports.ts'
import { RunService } from './runs.ts'
import { SamplingService } from './sampling.ts'
import { VerificationService } from './verification.ts'

export interface LabOptions {
  /** Folder of the store; made if absent. */
  dataDir: string
  engine: EngineHost
  /** Milliseconds since the epoch; default Date.now. */
  clock?: () => number
  /** Only look: possible beside a process that writes. */
  readOnly?: boolean
  /** What another process is told that wants to write meanwhile. */
  command?: string
  /** Hears what is worth a line and no error. */
  onNote?: (message: string) => void
}

export interface Lab {
  readonly jobs: JobQueue
  readonly datasets: DatasetService
  readonly runs: RunService
  readonly sampling: SamplingService
  readonly evaluation: EvaluationService
  readonly ensembles: EnsembleService
  readonly distillation: DistillationService
  readonly maps: MapService
  readonly exports: ExportService
  readonly reports: ReportService
  readonly verification: VerificationService
  readonly demo: DemoService
  /** What opening the data folder had to mend. */
  readonly opening: OpeningNotes
  /** Ends every engine process and lets go of the data folder. */
  close(): Promise<void>
}

/** @throws LabError `conflict`, `newer-store`, `corrupt`, `disk`: see the store's contract */
export function createLab(options: LabOptions): Lab {
  const { engine, clock = Date.now } = options
  const store = openStore(options.dataDir, {
    clock,
    ...(options.readOnly === undefined ? {} : { readOnly: options.readOnly }),
    ...(options.command === undefined ? {} : { command: options.command }),
  })
  const jobs = new JobQueue(engine)
  const live = new LiveRuns()
  const parts: LabParts = {
    store,
    jobs,
    live,
    now: clock,
    farmProcesses: engine.farmProcesses,
    note: (message) => options.onNote?.(message),
  }
  const datasets = new DatasetService(parts)
  const runs = new RunService(parts, datasets)
  const sampling = new SamplingService(parts, runs)
  const evaluation = new EvaluationService(parts, runs)
  const ensembles = new EnsembleService(parts, runs, evaluation)
  const distillation = new DistillationService(parts, runs, evaluation)
  const maps = new MapService(parts, runs, evaluation)
  const exports = new ExportService(parts, runs, sampling, distillation)
  const reports = new ReportService(parts, runs, sampling)
  const demo = new DemoService(parts, { runs, evaluation, ensembles, distillation, maps, reports })
  return {
    jobs,
    datasets,
    runs,
    sampling,
    evaluation,
    ensembles,
    distillation,
    maps,
    exports,
    reports,
    verification: new VerificationService(parts),
    demo,
    opening: store.opening,
    async close() {
      await engine.close()
      store.close()
    },
  }
}
