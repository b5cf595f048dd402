/**
 * The store's contract: what the lab may keep, and how it gets it back. Rows are read and written
 * at once (SQLite, synchronous); whatever touches files returns a promise. Everything that resolves
 * or returns has been synced to the disk: killed right after, it is still there.
 *
 * Every method may throw LabError `disk` (full, read-only, vanished) or `corrupt` (a checksum or the
 * database's structure does not match); other codes are named where they occur. A store opened
 * read-only throws `conflict` on every write.
 */
import type { ImportedDataset, DatasetSource } from '../../shared/dataset.ts'
import type { StagedDataset } from '../../shared/dataset-import.ts'
import type { CheckpointState, DataReference, MetricPoint } from '../../shared/engine-protocol.ts'
import type { ErrorValue } from '../../shared/errors.ts'
import type { Experiment, Target } from '../../shared/experiment.ts'
import type { DistilResult, EnsembleResult, EvaluationResult, MapResult, NetworkReceipt, Split } from '../../shared/results.ts'

export interface StoreOptions {
  /** Milliseconds since the epoch; default Date.now. */
  clock?: () => number
  /**
   * Read without the writer's lock, beside a process that holds it. A folder without a store, or
   * with an older one, is first made or migrated if nobody holds it.
   */
  readOnly?: boolean
  /** Told of statements slower than `slowMs` (default 100), by name. */
  onSlowQuery?: (name: string, milliseconds: number) => void
  slowMs?: number
  /** What the second process is told of this one; default: the process's own command line. */
  command?: string
  /** How long to wait for another writer to leave, milliseconds; default 500. */
  lockWaitMs?: number
}

/**
 * Opens (and makes, if absent) the store in a data folder.
 * @throws LabError `conflict` when another process writes in it (the message says which),
 *   `newer-store` when a newer version wrote it, `disk` when it cannot be written,
 *   `corrupt` when the database is damaged.
 */
export type OpenStore = (dataDir: string, options?: StoreOptions) => Store

export interface Store {
  /** Absolute path of the data folder. */
  readonly dataDir: string
  readonly readOnly: boolean
  /** What opening had to mend. */
  readonly opening: OpeningNotes
  readonly datasets: DatasetStore
  readonly runs: RunStore
  readonly metrics: MetricStore
  readonly checkpoints: CheckpointStore
  readonly evaluations: EvaluationStore
  readonly probabilities: ProbabilityStore
  readonly ensembles: EnsembleStore
  readonly students: StudentStore
  readonly maps: MapStore
  readonly networks: NetworkStore
  readonly reports: ReportStore
  readonly artefacts: ArtefactStore
  readonly preferences: PreferenceStore
  readonly events: EventStore
  readonly trash: TrashStore
  /** Hears of rows that changed, at once, perhaps before their transaction ends: note it, and look later. */
  onChange(listener: (change: StoreChange) => void): () => void
  /** Bytes of files by what they are, as the rows know them. */
  used(): { datasets: number; checkpoints: number; caches: number; other: number }
  /** Lets go of the lock; idempotent. */
  close(): void
}

export interface StoreChange {
  /** `event`: a line was added to a run's log. */
  kind: 'run' | 'dataset' | 'event'
  /** Of a run; hash of a data set. */
  id: string
}

export interface OpeningNotes {
  /** Runs (ids) and data sets (names) removed longer ago than the trash keeps them: now gone for good. */
  purged: string[]
  /** Runs found training with no engine alive: now `interrupted`. */
  interrupted: string[]
  /** Unfinished or unreferenced files removed, relative to the data folder. */
  swept: string[]
  /** Schema version found before migrating, and the backup made of it; null: nothing was migrated. */
  migrated: { from: number; to: number; backup: string | null } | null
}

// ---------------------------------------------------------------- data sets

export interface DatasetRecord {
  /** SHA-256 over shape, images and labels, hex: the data set's identity. */
  hash: string
  name: string
  count: number
  height: number
  width: number
  channels: number
  classes: number
  classNames: string[]
  suggestedSplit: { train: number; validation: number; test: number }
  source: DatasetSource
  bytes: number
  createdAt: number
}

export interface DatasetStore {
  /** Keeps a data set, whole or not at all. One already there (same hash) is returned as it is. */
  add(dataset: ImportedDataset, name: string): Promise<DatasetRecord>
  /** Makes a folder beside the data sets for one that is being put together; swept at the next opening if it is still there. */
  makeStaging(): string
  /**
   * Keeps the data set whose `images.u8` and `labels.u8` lie in a folder (a staging folder or one in it),
   * whole or not at all: the folder becomes the data set's own. As `add` otherwise.
   */
  adopt(staged: StagedDataset, folder: string, name: string): Promise<DatasetRecord>
  /** Removes a staging folder with all that is in it. */
  dropStaging(folder: string): Promise<void>
  list(): DatasetRecord[]
  /** By hash, unique prefix of a hash (6 or more digits), or name (the newest of that name). @throws LabError `not-found` */
  get(idOrName: string): DatasetRecord
  /** As `get`; null where there is none. */
  find(idOrName: string): DatasetRecord | null
  /**
   * What an engine needs to read it. The files' hash is verified the first time in a process.
   * @param split default: the suggested one
   * @throws LabError `not-found`, `corrupt`, `wrong-use` when the split asks for more images than there are
   */
  reference(idOrName: string, split?: DataReference['split']): Promise<DataReference>
  rename(hash: string, name: string): DatasetRecord
  /** Puts it into the trash. @throws LabError `conflict` when a run uses it */
  remove(hash: string): void
  /** Undoes `remove`. @throws LabError `not-found` */
  restore(hash: string): DatasetRecord
  /** One class index an image; not verified, for showing. @throws LabError `corrupt` */
  labels(hash: string): Promise<Uint8Array>
  /** Single images, not verified, for showing. uint8 [indices, height, width, channels] @throws LabError `corrupt` */
  pixels(hash: string, indices: readonly number[]): Promise<Uint8Array>
}

// --------------------------------------------------------------------- runs

export type RunState = 'queued' | 'training' | 'paused' | 'finished' | 'stopped' | 'failed' | 'interrupted'

/** What a list shows of a run. */
export interface RunSummary {
  /** Short and readable, for instance `calm-otter`. */
  id: string
  name: string
  state: RunState
  /** Last step that was reached (metrics or checkpoint). */
  step: number
  /** Steps in all, of its document. */
  steps: number
  preset: string
  dataset: string
  /** The checkpoint a fork began from. */
  parent: { run: string; step: number } | null
  tags: string[]
  note: string
  createdAt: number
  startedAt: number | null
  updatedAt: number
  endedAt: number | null
  /** Seconds of training so far, over all its sittings. */
  seconds: number
  error: ErrorValue | null
}

export interface Run extends RunSummary {
  document: Experiment
  /** SHA-256 of the document's canonical JSON. */
  documentHash: string
  /** What it ran on (processor, cores, memory, GPU, ...); null until it has started. */
  machine: Record<string, string | number> | null
  /** Versions of what decides its bits. */
  versions: Record<string, string> | null
  /** Processes of the target farm: same count, same bits. */
  farmProcesses: number | null
}

export interface NewRun {
  /** `data.id` must be the hash of a data set in the store. */
  document: Experiment
  name?: string
  parent?: { run: string; step: number }
  tags?: string[]
  note?: string
}

/** What a run has reached when it moves; what is left out stays as it was. */
export interface MoveFacts {
  step?: number
  seconds?: number
  error?: ErrorValue
  /** It is only put back as it was before it was queued: no line in the log. */
  asBefore?: boolean
}

export interface RunStore {
  /** A new run, `queued`. @throws LabError `not-found` when its data set (or its parent's checkpoint) is not in the store */
  create(run: NewRun): Run
  /** Newest first. */
  list(filter?: { state?: RunState; dataset?: string; tag?: string }): RunSummary[]
  /** Newest first, at most so many; with `before`, of those that come after that run, itself removed or not. @throws LabError `not-found` */
  page(most: number, before?: string): RunSummary[]
  /** By id, unique beginning of an id, or name. @throws LabError `not-found`, `wrong-use` when several match */
  get(id: string): Run
  find(id: string): Run | null
  /** By whole id; null: there is none, or it was removed. */
  summary(id: string): RunSummary | null
  /**
   * Moves a run to a state. Entering `training` sets `startedAt` the first time and clears `error`
   * and `endedAt`; `finished`, `stopped` and `failed` set `endedAt`. The log gets a line of it.
   * @throws LabError `conflict` when the run's state does not allow it
   */
  move(id: string, to: RunState, facts?: MoveFacts): Run
  /**
   * As `move`, where the disk does not take it: shown from now on, and gone when this store is closed,
   * unless the run is moved again before.
   */
  assume(id: string, to: RunState, facts?: MoveFacts): void
  /** What it runs on; kept with the run, for its report. */
  setMachine(id: string, facts: { machine: Record<string, string | number>; versions: Record<string, string>; farmProcesses: number }): void
  /** Step and seconds reached so far, while it trains. */
  progress(id: string, step: number, seconds?: number): void
  edit(id: string, fields: { name?: string; note?: string; tags?: string[] }): Run
  /**
   * Puts runs and everything made from them into the trash, all or none.
   * @throws LabError `not-found`, `conflict` while one trains, or while a fork still needs its checkpoint
   */
  remove(ids: readonly string[]): void
  /** Undoes `remove`, with their data sets where these were removed since. @throws LabError `not-found`, `conflict` when a fork's parent is removed */
  restore(ids: readonly string[]): void
  /** Folder for files of this run (exports, logs); made if absent. */
  folder(id: string): string
}

// ------------------------------------------------------------------ metrics

export interface MetricSample {
  step: number
  /** NaN and infinities come back as they went in. */
  value: number
  at: number
}

/** Points as they are drawn. */
export interface Curve {
  steps: Float64Array
  /** NaN and infinities as they went in. */
  values: Float64Array
}

export interface MetricStore {
  /** One transaction; a point of a step and name already there is replaced (a resumed run repeats steps). */
  append(run: string, points: readonly MetricPoint[]): void
  names(run: string): string[]
  /** Every point, in order of step. */
  read(run: string, name: string, range?: { from?: number; to?: number }): MetricSample[]
  /**
   * In order of step. With `maxPoints` (at least 4), at most so many: the range is cut into equal parts, and
   * each gives its least and greatest value, so that no peak is lost; first and last point always stay.
   */
  curve(run: string, name: string, options?: { from?: number; to?: number; maxPoints?: number }): Curve
  /** The last point of each name. */
  latest(run: string): Record<string, MetricSample>
  /** Forgets points after a step (before a run goes on from an earlier checkpoint). */
  truncate(run: string, afterStep: number): void
}

// -------------------------------------------------------------- checkpoints

export type CheckpointReason = 'periodic' | 'paused' | 'finished' | 'stopped'

export interface CheckpointRecord {
  run: string
  step: number
  /** SHA-256 of the file, hex: the checkpoint's identity. Same document, same bits: same hash. */
  hash: string
  reason: CheckpointReason
  /** Never pruned, because a person asked. */
  kept: boolean
  /** Failed its checksum when last read. */
  damaged: boolean
  bytes: number
  /** Absolute. A safetensors file. */
  path: string
  createdAt: number
}

export interface LoadedCheckpoint {
  record: CheckpointRecord
  state: CheckpointState
  /** The document it was trained by, as written in the file itself. */
  document: Experiment
}

export interface LatestCheckpoint extends LoadedCheckpoint {
  /** Newer ones that could not be read, newest first, and why. */
  skipped: { record: CheckpointRecord; error: ErrorValue }[]
}

export interface CheckpointStore {
  /**
   * Writes a checkpoint and, in the same transaction as its row, the run's step; then prunes: the two
   * newest sound ones stay, and all that are kept, forked from, or that results were made from.
   * @throws LabError `diverged` when a number in it is not finite
   */
  save(run: string, state: CheckpointState, reason: CheckpointReason, options?: { keep?: boolean }): Promise<CheckpointRecord>
  /** Newest first. */
  list(run: string): CheckpointRecord[]
  /**
   * The newest sound checkpoint; null where the run has none.
   * @throws LabError `corrupt` when it has some and none is sound
   */
  latest(run: string): Promise<LatestCheckpoint | null>
  /** @throws LabError `not-found` (naming the steps there are), `corrupt` */
  at(run: string, step: number): Promise<LoadedCheckpoint>
  /** By full hash. @throws LabError `not-found`, `corrupt` */
  byHash(hash: string): Promise<LoadedCheckpoint>
  keep(run: string, step: number, kept: boolean): CheckpointRecord
  /**
   * Keeps one from being pruned while something is made from it.
   * @param hash left out: all of the run, while one is chosen
   * @returns what lets go
   */
  hold(run: string, hash?: string): () => void
}

// ------------------------------------------------------------------ results

/** Which sampled networks a result is about: the first `count` of a checkpoint and seed. */
export interface Sampled {
  run: string
  /** Hash of the checkpoint. */
  checkpoint: string
  seed: number
  count: number
}

export interface EvaluationRecord {
  id: number
  run: string
  /** Step of the weights that were evaluated. */
  step: number
  /** Null for evaluations during training, between checkpoints. */
  checkpoint: string | null
  seed: number | null
  dataset: string
  split: Split
  result: EvaluationResult
  createdAt: number
}

export interface EvaluationStore {
  /** One made while training takes the place of an earlier one of that step: a resumed run repeats steps. */
  add(evaluation: Omit<EvaluationRecord, 'id' | 'createdAt'>): EvaluationRecord
  /** In order of step, then time. `during`: only those (true) or none of those (false) made while training. */
  list(run: string, filter?: { during?: boolean; split?: Split }): EvaluationRecord[]
  /** Forgets those made while training after a step (before a run goes on from an earlier checkpoint). */
  truncate(run: string, afterStep: number): void
}

/** What decides a probability cache's bits. */
export interface ProbabilityKey extends Sampled {
  dataset: string
  split: Split
  /** The first images of the split. */
  images: number
}

export interface ProbabilityCache extends ProbabilityKey {
  id: number
  classes: number
  /** Absolute. Raw float32 little-endian [count, images, classes]: the first networks can be used alone. */
  path: string
  bytes: number
  createdAt: number
}

export interface ProbabilityWriter {
  /** Probabilities of network `first` and on, float32 [n, images, classes]; in any order, each network once. */
  write(first: number, probabilities: Float32Array): Promise<void>
  /** @throws LabError `internal` when networks are missing */
  commit(): Promise<ProbabilityCache>
  /** Lets go of what was written. */
  discard(): Promise<void>
}

export interface ProbabilityStore {
  begin(key: ProbabilityKey, classes: number): Promise<ProbabilityWriter>
  /**
   * The smallest cache that holds at least `count` networks of that checkpoint, seed, data, split and
   * images; not one whose file is missing or cut off. Its content is verified by `read` and `verify`.
   */
  find(key: ProbabilityKey): ProbabilityCache | null
  list(run: string): ProbabilityCache[]
  /**
   * Networks `first` and on, verified. float32 [count, images, classes]
   * @throws LabError `corrupt` naming the networks; `find` then no longer gives this cache, so that it is made anew
   */
  read(cache: ProbabilityCache, first: number, count: number): Promise<Float32Array>
  /** Reads all of it by parts: before another process is given its path. @throws LabError `corrupt`, as `read` */
  verify(cache: ProbabilityCache): Promise<void>
  /** Removes a cache: it can be made again. */
  remove(id: number): Promise<void>
  /** Bytes of all caches. */
  totalBytes(): number
}

export interface EnsembleRecord extends Sampled {
  id: number
  dataset: string
  split: Split
  images: number
  sizes: number[]
  /** Indices of the networks it draws from; null: the first `count`. */
  networks: number[] | null
  result: EnsembleResult
  createdAt: number
}

export interface EnsembleStore {
  add(ensemble: Omit<EnsembleRecord, 'id' | 'createdAt'>): EnsembleRecord
  /** Oldest first. */
  list(run: string): EnsembleRecord[]
}

export interface StudentRecord extends Sampled {
  id: number
  dataset: string
  target: Target
  /** Indices of its teachers; null: the first `count`. */
  networks: number[] | null
  result: DistilResult
  /** SHA-256 of the file of weights. */
  hash: string
  /** Absolute. A safetensors file with one array, `weights`. */
  path: string
  createdAt: number
}

export interface StudentStore {
  add(student: Omit<StudentRecord, 'id' | 'createdAt' | 'hash' | 'path'>, weights: Float32Array): Promise<StudentRecord>
  list(run: string): StudentRecord[]
  /** @throws LabError `not-found` */
  get(id: number): StudentRecord
  /** Canonical flat layout. @throws LabError `corrupt` */
  weights(student: StudentRecord): Promise<Float32Array>
}

export interface MapRecord extends Sampled {
  id: number
  result: MapResult
  /** How it was made (perplexity, iterations, ...). */
  options: Record<string, number | string>
  hash: string
  /** Absolute. A safetensors file: `coordinates` [n, 2] and one array a colouring. */
  path: string
  createdAt: number
}

export interface MapStore {
  /** @param values one number a network by name, to colour by (accuracy, loss, ...) */
  add(
    map: Omit<MapRecord, 'id' | 'createdAt' | 'hash' | 'path'>,
    coordinates: Float32Array,
    values?: Record<string, Float32Array>,
  ): Promise<MapRecord>
  list(run: string): MapRecord[]
  read(map: MapRecord): Promise<{ coordinates: Float32Array; values: Record<string, Float32Array> }>
}

/** A network that someone kept: a receipt with a name, from which it is sampled again. */
export interface KeptNetwork extends NetworkReceipt {
  id: number
  run: string
  label: string
  /** On the evaluation images, if known. */
  accuracy: number | null
  createdAt: number
}

export interface NetworkStore {
  /** A receipt already kept gets the new label. */
  keep(network: Omit<KeptNetwork, 'id' | 'createdAt'>): KeptNetwork
  list(run: string): KeptNetwork[]
  forget(id: number): void
}

export interface ReportRecord {
  id: number
  run: string
  format: string
  /** Absolute: reports lie where the person wanted them. */
  path: string
  hash: string
  bytes: number
  createdAt: number
}

export interface ReportStore {
  /** Writes the file (beside, synced, renamed) and remembers it. */
  write(run: string, format: string, path: string, content: Uint8Array | string): Promise<ReportRecord>
  list(run: string): ReportRecord[]
}

/** A file made for a person to take away; it lies in its run's folder. */
export interface ArtefactRecord {
  /** Random: it names the file to whoever downloads it. */
  id: string
  run: string
  name: string
  /** Media type. */
  type: string
  /** SHA-256, hex. */
  hash: string
  bytes: number
  /** Absolute. */
  path: string
  /** How it was checked after writing, in words. */
  checked: string | null
  createdAt: number
}

export interface ArtefactStore {
  /** A path of its own for a file of this name, in a folder that is there; to be written, then kept. */
  place(run: string, name: string): string
  /** Remembers a file below the run's folder that is whole. @throws LabError `disk` when it cannot be read */
  keep(run: string, path: string, facts: { name: string; type: string; checked: string | null }): Promise<ArtefactRecord>
  /** Newest first. */
  list(run?: string): ArtefactRecord[]
  /** @throws LabError `not-found` */
  get(id: string): ArtefactRecord
  /** @throws LabError `not-found` */
  remove(id: string): Promise<void>
}

export interface PreferenceStore {
  all(): Record<string, unknown>
  /** A JSON value. */
  set(name: string, value: unknown): void
}

/** A line of a run's log. */
export interface RunEvent {
  /** In order of writing, over all runs. */
  id: number
  at: number
  kind: 'state' | 'checkpoint' | 'evaluation' | 'result' | 'fork' | 'warning'
  level: 'info' | 'warn' | 'bad'
  /** Of the run's training, where it belongs to one. */
  step: number | null
  text: string
}

export interface NewRunEvent {
  kind: RunEvent['kind']
  text: string
  /** Default: `info`. */
  level?: RunEvent['level']
  step?: number
}

export interface EventStore {
  /** @throws LabError `not-found` */
  add(run: string, event: NewRunEvent): RunEvent
  /** The newest `most` (default 1000) of those after and before an id, in order of writing. @throws LabError `not-found` */
  list(run: string, range?: { after?: number; before?: number; most?: number }): RunEvent[]
}

/** A removed run or data set. */
export interface TrashItem {
  kind: 'run' | 'dataset'
  /** Of a run; hash of a data set. */
  id: string
  name: string
  deletedAt: number
  /** From then on the next opening of the store erases it. */
  goneAt: number
  /** Bytes of its files. */
  bytes: number
}

export interface TrashStore {
  /** The newest first. */
  list(): Promise<TrashItem[]>
  /**
   * Erases removed runs (ids) and data sets (hashes) for good, all or none.
   * @returns bytes freed
   * @throws LabError `not-found`, `conflict` when something that stays in the trash could not come back without it
   */
  erase(what: { runs?: readonly string[]; datasets?: readonly string[] }): Promise<number>
}
