/** The lab: every service over one data folder and one engine, for terminal, window and server alike. */
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { DatasetImporter } from '../../shared/dataset-import.ts'
import type { EngineHost } from '../../shared/engine-host.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/open-store.ts'
import type { OpeningNotes } from '../store/types.ts'
import { ArtefactService } from './exports/artefacts.ts'
import { CardService } from './results/network-cards.ts'
import { ComparisonService } from './runs/comparison.ts'
import { DatasetService } from './imports/datasets.ts'
import { DemoService } from './tasks/demo.ts'
import type { DemoPlan } from './tasks/demo.ts'
import { AnalysisService } from './results/analyses.ts'
import { ExportService } from './exports/exports.ts'
import { FinalTestService } from './results/final-test.ts'
import { FilterService } from './results/filters.ts'
import { Downloads } from './exports/downloads.ts'
import { ImportService } from './imports/imports.ts'
import { JobQueue } from './context/job-queue.ts'
import { LiveRuns } from './context/live-runs.ts'
import { Notes } from './tasks/notes.ts'
import { WorkerThread } from './worker-thread/worker-thread.ts'
import type { LabContext } from './context/lab-context.ts'
import { PredictionService } from './results/predictions.ts'
import { CockpitService } from './results/cockpit.ts'
import { PlanningService } from './runs/planning.ts'
import { ReportService } from './exports/reports.ts'
import { warnOf } from './runs/run-log.ts'
import { RepeatService } from './runs/repeats.ts'
import { RunService } from './runs/runs.ts'
import { SamplingService } from './results/sampling.ts'
import { NetworkImportService } from './runs/network-imports.ts'
import { MovingService } from './runs/moving.ts'
import { SlurmService } from './studies/slurm.ts'
import { StudyService } from './studies/studies.ts'
import { TaskCommands } from './tasks/task-commands.ts'
import { SystemService } from './system/system.ts'
import { TaskService } from './tasks/tasks.ts'
import { VerificationService } from './results/verification.ts'

export type { JsonValue } from '../../shared/document-differences.ts'

export interface LabOptions {
  /** Folder of the store; made if absent. */
  dataDir: string
  engine: EngineHost
  /** Reads files from outside; left out: none can be imported. */
  importer?: DatasetImporter
  /** Milliseconds since the epoch; default Date.now. */
  clock?: () => number
  /** Milliseconds of a clock that nobody sets; default performance.now. */
  stopwatch?: () => number
  /** Only look: possible beside a process that writes. */
  readOnly?: boolean
  /** What another process is told that wants to write meanwhile. */
  command?: string
  /** Module of the thread that sets reports and checks exports; default: this project's own, as it is. */
  threadEntry?: string
  /** Of the application; shown, and no more. */
  version?: string
  /** Changes to what the demo does: tests have less time than people. */
  demo?: Partial<DemoPlan>
  /** Hears what is worth a line and no error. */
  onNote?: (message: string) => void
}

export interface Lab {
  readonly jobs: JobQueue
  readonly datasets: DatasetService
  readonly imports: ImportService
  readonly runs: RunService
  readonly repeats: RepeatService
  readonly sampling: SamplingService
  readonly analyses: AnalysisService
  readonly finalTest: FinalTestService
  readonly exports: ExportService
  readonly reports: ReportService
  readonly verification: VerificationService
  readonly demo: DemoService
  readonly tasks: TaskService
  /** The same actions, each begun as a task. */
  readonly start: TaskCommands
  readonly planning: PlanningService
  readonly studies: StudyService
  readonly slurm: SlurmService
  readonly moving: MovingService
  readonly networkImports: NetworkImportService
  readonly comparison: ComparisonService
  readonly filters: FilterService
  readonly cards: CardService
  readonly predictions: PredictionService
  readonly cockpit: CockpitService
  readonly artefacts: ArtefactService
  readonly system: SystemService
  readonly notes: Notes
  /** What runs that train say on the way. */
  readonly live: LiveRuns
  /** What is kept, for those that only look. */
  readonly store: Store
  /** What opening the data folder had to mend. */
  readonly opening: OpeningNotes
  /** Ends every engine process and lets go of the data folder. */
  close(): Promise<void>
}

/** @throws LabError `conflict`, `newer-store`, `corrupt`, `disk`: see the store's contract */
export function createLab(options: LabOptions): Lab {
  const { engine, clock = Date.now, stopwatch = () => performance.now() } = options
  const notes = new Notes()
  const note = (message: string): void => {
    notes.add({ at: clock(), level: 'info', message })
    options.onNote?.(message)
  }
  const store = openStore(options.dataDir, omitUndefined({ clock, readOnly: options.readOnly, command: options.command, onNote: note }))
  const jobs = new JobQueue(engine)
  const live = new LiveRuns()
  const thread = new WorkerThread(options.threadEntry)
  jobs.subscribe((update) => {
    if (update.type !== 'log') return
    notes.add({ at: clock(), level: update.level, message: update.message })
    if (update.level === 'warn') warnOf(store, update.status.run, update.message)
  })
  const context: LabContext = {
    store,
    jobs,
    live,
    thread,
    now: clock,
    elapsed: stopwatch,
    farmProcesses: engine.farmProcesses,
    device: () => engine.device(),
    explore: (task) => engine.explore(task),
    note,
  }
  const datasets = new DatasetService(context)
  const runs = new RunService({ ...context, datasets })
  const repeats = new RepeatService({ ...context, runs })
  const sampling = new SamplingService({ ...context, runs })
  const analyses = new AnalysisService({ ...context, runs, datasets })
  const base = { ...context, datasets, runs, repeats, sampling, analyses }
  const finalTest = new FinalTestService(base)
  const imports = new ImportService({ ...context, importer: options.importer })
  const exports = new ExportService(base)
  const reports = new ReportService(base)
  const demo = new DemoService({ ...base, reports, demoChanges: options.demo })
  const tasks = new TaskService(context)
  const artefacts = new ArtefactService(context)
  const moving = new MovingService(base)
  const downloads = new Downloads({ artefacts, sampling, reports, exports, moving })
  const filters = new FilterService(base)
  const planning = new PlanningService(base)
  const studies = new StudyService({ ...base, planning })
  return {
    jobs,
    datasets,
    imports,
    runs,
    repeats,
    sampling,
    analyses,
    finalTest,
    exports,
    reports,
    verification: new VerificationService(context),
    demo,
    tasks,
    start: new TaskCommands({ tasks, runs, analyses, finalTest, demo, downloads, artefacts, studies }),
    planning,
    studies,
    slurm: new SlurmService({ ...base, studies }),
    moving,
    networkImports: new NetworkImportService(base),
    comparison: new ComparisonService(base),
    filters,
    cards: new CardService({ ...base, filters }),
    predictions: new PredictionService({ ...base, imports }),
    cockpit: new CockpitService(base),
    artefacts,
    system: new SystemService({ ...context, tasks, version: options.version ?? 'unknown' }),
    notes,
    live,
    store,
    opening: store.opening,
    async close() {
      jobs.close()
      try {
        await Promise.all([tasks.close(), engine.close(), imports.close(), thread.close()])
      } finally {
        store.close()
      }
    },
  }
}
