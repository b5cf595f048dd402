/** What runs engine jobs, as the lab sees it: processes, sockets and TensorFlow are behind this. */
import type { Axes, AxesRequest, Point, PointRequest } from './cockpit.ts'
import type { CheckpointState, DataReference, JobEvent, JobKind, JobOf, NetworksRun, ResultOf } from './engine-protocol.ts'
import type { Experiment } from './experiment.ts'

/** Hears everything a job says; called in order. A handler that throws (or rejects) ends the job with its error. */
export interface JobHandlers {
  /** A returned promise is waited for before the next event is handled. */
  onEvent?(event: JobEvent): void | Promise<void>
  /** The engine has loaded TensorFlow and begins; versions as the engine reports them. Waited for as `onEvent` is. */
  onReady?(versions: Record<string, string>): void | Promise<void>
}

export interface JobHandle<K extends JobKind = JobKind> {
  /**
   * Settles once: after every event has been handled and every process of the job is gone.
   * @throws LabError `engine-lost` (killed or hung), `memory`, `cancelled`, `set-up`, or what the job itself failed with
   */
  readonly result: Promise<ResultOf<K>>
  /** Ends after the step under way, with a checkpoint; jobs other than training run to their end. */
  pause(): void
  /** Ends now, without a checkpoint; `result` rejects with `cancelled`. */
  cancel(): void
  /** Resident memory of all the job's processes together, at its highest so far, bytes; libraries they share count in each. */
  readonly peakBytes: number
  /** The same as it is now, as far as the processes have told. */
  readonly residentBytes: number
}

/** What TensorFlow runs on, as it says itself. */
export interface EngineDevice {
  versions: Record<string, string>
  /** Null: on the processor. */
  gpu: string | null
  /** How new jobs run their networks there. */
  networks: NetworksRun
  /** A GPU that the driver shows and TensorFlow does not use: why, as the end of a sentence, and what to do. */
  unused: { gpu: string; why: string; remedy: string } | null
}

export const unusedWords = ({ gpu, why, remedy }: NonNullable<EngineDevice['unused']>): string =>
  `There is a GPU (${gpu}), but TensorFlow does not use it, because ${why}. ${remedy}`

/** A checkpoint whose networks are looked at one by one, and on how many validation images. */
export interface ExplorationTask {
  document: Experiment
  checkpoint: CheckpointState
  data: DataReference
  count: number
}

/** A process that holds it, and answers at once. */
export interface Exploration {
  /** Whether it can be asked anything. */
  readonly isOpen: boolean
  /** @throws LabError `invalid-argument` where the method has no latent vectors; `engine-lost`, `set-up` */
  axes(request: AxesRequest): Promise<Axes>
  /** @throws LabError as `axes` */
  point(request: PointRequest): Promise<Point>
  close(): Promise<void>
}

export interface EngineHost {
  /** Starts a job in processes of its own. Jobs do not wait for each other here: queueing is the lab's. */
  run<K extends JobKind>(job: JobOf<K>, handlers?: JobHandlers): JobHandle<K>
  /** Starts a process beside all jobs. */
  explore(task: ExplorationTask): Exploration
  /** Starts a process to ask it; asked once. @throws LabError `set-up`, `engine-lost` */
  device(): Promise<EngineDevice>
  /** Kills every process of every job; their results reject with `cancelled`. */
  close(): Promise<void>
  /** Processes a farm job runs on: a number that decides speed, never results. */
  readonly farmProcesses: number
}
