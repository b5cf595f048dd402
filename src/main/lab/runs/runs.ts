/** Runs: made from a document, trained, resumed, forked, listed. */
import { isTrained } from '../../../methods/registry.ts'
import { notTrained } from '../../../shared/not-trained.ts'
import { layerKinds, type Layer } from '../../../layers/registry.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { CheckpointState, DataReference } from '../../../shared/engine-protocol.ts'
import { leaksInWords } from '../../../shared/deal.ts'
import { quoted } from '../../../shared/names.ts'
import { LabError } from '../../../shared/errors.ts'
import { openDocument } from '../../../shared/open-document.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import {
  acceptedCodes,
  countClasses,
  equalAcrossSplits,
  unjudgedInWords,
  untrainedClass,
  untrainedInWords,
  type SplitDoubt,
} from '../../../shared/split-doubts.ts'
import { settleSplit, splitSetTwice, type SplitRequest } from '../../../shared/split-request.ts'
import type { CheckpointRecord, LoadedCheckpoint, MetricSample, ReportRecord, Run, RunSummary, StoredResult } from '../../store/types.ts'
import type { ChosenNetworks, NetworkChoice } from './network-choice.ts'
import type { DatasetService } from '../imports/datasets.ts'
import { commandsOf } from './command-lines.ts'
import { requireSameArchitecture, requireSameSplit } from '../experiment/architecture.ts'
import { checkDocument, presetDocument } from '../experiment/document.ts'
import { fitCooldown } from '../experiment/fit-cooldown.ts'
import { fitToData } from '../experiment/fit-to-data.ts'
import { fitReference } from '../experiment/reference-batch.ts'
import { followLayers } from '../experiment/follow-layers.ts'
import { setValues } from '../experiment/set-values.ts'
import type { Assignment } from '../experiment/set-values.ts'
import { didYouMean } from '../experiment/suggest.ts'
import type { LabContext } from '../context/lab-context.ts'
import { stepOfNewestResult } from './checkpoint-results.ts'
import { checkpointRecord, loadCheckpoint } from './run-checkpoints.ts'
import { assertTrainable } from './trainable.ts'
import { runTraining } from './training.ts'
import type { TrainingOutcome } from './training.ts'
import type { RunEnd } from './run-end.ts'
import { LabService } from '../context/lab-service.ts'

export interface NewRunRequest {
  /** Name of a preset, or a whole document. */
  from: string | { document: unknown }
  /** Name, hash or beginning of a hash; default: what the document names. */
  data?: string
  settings?: readonly Assignment[]
  /** Default: that of the document where it is of the same data; else as it was imported. */
  split?: SplitRequest
  name?: string
  tags?: string[]
}

export interface ForkRequest {
  /** Step of the checkpoint to begin from; default: the newest. */
  at?: number
  settings?: readonly Assignment[]
  name?: string
}

export interface RunDetails {
  run: Run
  /** The last point of each metric. */
  metrics: Record<string, MetricSample>
  checkpoints: CheckpointRecord[]
  /** What analyses found, but what was found while it trained; in order of step, then time. */
  results: StoredResult[]
  reports: ReportRecord[]
  /** Commands that make it and its newest results again. */
  commands: string[]
}

/** The word that stands for the newest run. */
const newestAlias = 'latest'
/** What to do where there are no runs. */
const trainOne = ['Train one.', { action: 'train', settings: { preset: 'mnist-quick' } }] as const

export class RunService extends LabService<LabContext & { datasets: DatasetService }> {
  /** Runs that train or wait for their turn, and what a pause of them means. */
  readonly #active = new Map<string, RunEnd>()
  /** Runs whose networks something is done with, each as often as there are such things. */
  readonly #used: string[] = []

  /**
   * The document that a request means, fitted to its data.
   * @param note hears what was understood otherwise than it was said
   * @throws LabError `invalid-argument`, `not-found`
   */
  async document(request: NewRunRequest, note: (message: string) => void = () => undefined): Promise<Experiment> {
    const base = typeof request.from === 'string' ? presetDocument(request.from) : checkDocument(openDocument(request.from.document))
    const settings = request.settings ?? []
    const document = fitCooldown(setValues(base, settings, note), settings, note)
    const dataset = await this.context.datasets.resolve(request.data ?? document.data.id)
    const shape = { ...dataset, split: dataset.suggestedSplit }
    const chosen = new Set(settings.map(({ key }) => key))
    const ofDocument = typeof request.from !== 'string' && this.context.store.datasets.find(base.data.id)?.hash === dataset.hash
    if (ofDocument) for (const key of ['data.split', 'data.deal']) chosen.add(key)
    if (request.split !== undefined) {
      const twice = settings.find(({ key }) => /^data\.(split|deal)\b/.test(key))
      if (twice !== undefined) throw splitSetTwice(twice.key)
      document.data = { id: document.data.id, ...settleSplit(request.split, shape, document.data) }
      chosen.add('data')
    }
    const fitted = fitReference(followLayers(fitToData(document, shape, chosen), chosen, note), chosen, note)
    return checkDocument(await this.withColours(fitted))
  }

  /** A fitted document, with what its target takes from the images that train it filled in. @throws LabError `corrupt` */
  async withColours(document: Experiment): Promise<Experiment> {
    const [first, ...others] = document.target.layers
    const { ofImages } = layerKinds[first.kind]
    if (ofImages?.lacks(first) !== true) return document
    const filled = ofImages.fill(first, await this.context.store.datasets.colours(document.data)) as Layer
    return { ...document, target: { ...document.target, layers: [filled, ...others] } }
  }

  /**
   * What speaks against a document's split, and which classes its figures say nothing of; an import's own split was asked
   * about when it was imported.
   * @throws LabError `corrupt`
   */
  async splitFacts({ data }: Experiment): Promise<{ doubts: SplitDoubt[]; notes: string[] }> {
    const { datasets } = this.context.store
    const { classNames } = datasets.get(data.id)
    const counts = countClasses(await datasets.labels(data), classNames.length, null, data.split)
    const untrained = untrainedInWords(classNames, counts)
    const asks = (code: SplitDoubt['code']) => data.deal !== undefined && !acceptedCodes(data.deal.accept).includes(code)
    const leaks = asks(equalAcrossSplits) ? await datasets.leaks(data) : null
    const doubts: SplitDoubt[] = []
    const notes = unjudgedInWords(classNames, counts)
    if (leaks !== null && leaks.first !== null)
      doubts.push({ code: equalAcrossSplits, message: leaksInWords(leaks, data.split, `image ${leaks.first}`) })
    if (untrained !== null && asks(untrainedClass)) doubts.push({ code: untrainedClass, message: untrained })
    else if (untrained !== null) notes.push(untrained)
    return { doubts, notes }
  }

  /** A new run, queued: nothing is trained yet. @throws LabError `invalid-argument`, `not-found`, `doubtful` where its split is in doubt */
  async create(request: NewRunRequest): Promise<Run> {
    const { name, tags } = request
    return this.context.store.runs.create(omitUndefined({ document: await this.settled(request), name, tags }))
  }

  /** The document of a run that can be made. @throws LabError as {@link create} */
  async settled(request: NewRunRequest): Promise<Experiment> {
    const document = await this.document(request, (message) => this.context.note(message))
    if (!isTrained(document)) throw notTrained(document)
    const { doubts, notes } = await this.splitFacts(document)
    if (doubts.length > 0)
      throw new LabError(
        'doubtful',
        doubts.map(({ message }) => message).join(' '),
        'Deal images otherwise, or say that the split is to be taken as it is',
        { settings: { accept: doubts.map(({ code }) => code).join(',') } },
      )
    for (const note of notes) this.context.note(note)
    return document
  }

  /**
   * Trains a run to its end or its next pause: from its last good checkpoint, or from the beginning.
   * @throws LabError `conflict` when it has ended; what training failed with
   */
  async train(id: string): Promise<TrainingOutcome> {
    const run = this.get(id)
    this.assertTrainable(run)
    const end: RunEnd = { whenPaused: 'paused', asked: false }
    this.#active.set(run.id, end)
    try {
      return await runTraining(this.context, run, await this.data(run), await this.#startOf(run), end)
    } finally {
      this.#active.delete(run.id)
    }
  }

  /** @throws LabError `conflict` when a run has ended, diverged, or trains already */
  assertTrainable(run: Run): void {
    assertTrainable(this.context.store, run, this.#active.has(run.id))
  }

  /** Ends the step under way, with a checkpoint; one that waits for its turn leaves the queue. @throws LabError `conflict` when it does not train */
  pause(id: string): void {
    const run = this.get(id)
    const end = this.#active.get(run.id)
    if (end === undefined) throw new LabError('conflict', `${run.id} does not train: it is ${run.state}.`, 'There is nothing to pause.')
    this.#end(run.id, end)
  }

  /** Ends a run for good at its newest step, with a checkpoint. @throws LabError `conflict` when it has ended */
  stop(id: string): void {
    const run = this.get(id)
    const end = this.#active.get(run.id)
    if (end === undefined) this.context.store.runs.move(run.id, 'stopped')
    else {
      end.whenPaused = 'stopped'
      this.#end(run.id, end)
    }
  }

  #end(run: string, end: RunEnd): void {
    const { jobs } = this.context
    end.asked = true
    for (const job of jobs.list()) if (job.kind === 'train' && job.run === run) jobs.pause(job.id)
  }

  /** @throws LabError `not-found` */
  edit(id: string, fields: { name?: string; note?: string; tags?: string[] }): RunSummary {
    return this.context.store.runs.edit(this.get(id).id, fields)
  }

  /** Takes runs out of sight, with all that was made from them; `restore` brings them back as long as the trash keeps them. @throws LabError `conflict` */
  remove(ids: readonly string[]): void {
    const { store, jobs } = this.context
    const found = [...new Set(ids.map((id) => this.idOf(id)))]
    const inUse = new Set([...jobs.list().map(({ run }) => run), ...this.#active.keys(), ...this.#used])
    const busy = found.filter((run) => inUse.has(run))
    if (busy.length > 0)
      throw new LabError('conflict', `Something is being done with ${busy.join(', ')}.`, 'Wait for it to end, or cancel it.')
    store.runs.remove(found)
  }

  /** @param ids whole ids of removed runs @throws LabError `not-found`, `conflict` */
  restore(ids: readonly string[]): void {
    this.context.store.runs.restore(ids)
  }

  /** A new run from a kept checkpoint of another, with a changed document. */
  fork(id: string, { at, settings = [], name }: ForkRequest = {}): Promise<Run> {
    return this.using(id, omitUndefined({ at }), ({ run, checkpoint }) => this.#forkFrom(run, checkpoint.record.step, settings, name))
  }

  #forkFrom(parent: Run, step: number, settings: readonly Assignment[], name: string | undefined): Run {
    if (!isTrained(parent.document)) throw notTrained(parent.document)
    const note = (message: string) => this.context.note(message)
    const document = fitCooldown(setValues(parent.document, settings, note), settings, note)
    requireSameArchitecture(parent.document, document)
    requireSameSplit(parent.document, document)
    if (step >= document.training.steps) {
      throw new LabError(
        'invalid-argument',
        `The checkpoint is at step ${step}, and training.steps is ${document.training.steps}: there is nothing left to train.`,
        'Ask for more steps in all, or fork from an earlier step.',
        { settings: { 'training.steps': step + parent.document.training.steps, at: null } },
      )
    }
    return this.context.store.runs.create(omitUndefined({ document, parent: { run: parent.id, step }, name }))
  }

  /**
   * Does something with networks of a run: the seed and the checkpoint are settled once, at the beginning,
   * and that checkpoint stays until it is done, though the run may train on meanwhile.
   * @throws LabError `not-found`, `corrupt`; whatever the work fails with
   */
  async using<T>(id: string, choice: NetworkChoice, work: (chosen: ChosenNetworks) => T | Promise<T>): Promise<T> {
    const run = this.get(id)
    const { checkpoints } = this.context.store
    let letGo = checkpoints.hold(run.id)
    this.#used.push(run.id)
    try {
      const checkpoint = await this.checkpoint(run.id, choice.at)
      const held = checkpoints.hold(run.id, checkpoint.record.hash)
      letGo()
      letGo = held
      return await work({ run, checkpoint, seed: choice.seed ?? run.document.seed })
    } finally {
      letGo()
      this.#used.splice(this.#used.indexOf(run.id), 1)
    }
  }

  /** Newest first. */
  list(): RunSummary[] {
    return this.context.store.runs.list()
  }

  /** A part of the list: at most so many, from the newest or from behind a run, by its whole id. @throws LabError `not-found` */
  page(limit: number, before?: string): RunSummary[] {
    return this.context.store.runs.page(limit, before)
  }

  /** By id, beginning of an id, name, or `latest`. @throws LabError `not-found` with the nearest id */
  get(id: string): Run {
    const { runs } = this.context.store
    if (id === newestAlias) {
      const newest = runs.page(1).at(0)
      if (newest === undefined) throw new LabError('not-found', 'There are no runs yet.', ...trainOne)
      return runs.get(newest.id)
    }
    const found = runs.find(id)
    if (found !== null) return found
    const trashed = runs.inTrash(id)
    if (trashed !== null) throw trashed
    const known = runs.list().flatMap((run) => [run.id, run.name])
    const message = `There is no run ${quoted(id)}.${didYouMean(id, known)}`
    throw known.length === 0
      ? new LabError('not-found', message, ...trainOne)
      : new LabError('not-found', message, 'See which there are.', { action: 'list-runs' })
  }

  /** The whole id of what {@link get} finds; where it is whole already, no document is read. @throws LabError `not-found` */
  idOf(id: string): string {
    return this.context.store.runs.summary(id)?.id ?? this.get(id).id
  }

  /** At a step, or the newest sound one. @throws LabError `not-found` naming the nearest steps there are, `corrupt` */
  checkpoint(run: string, step?: number): Promise<LoadedCheckpoint> {
    return loadCheckpoint(this.context, run, step)
  }

  /** Without reading its file: at a step, or the newest, of those that are not known to be damaged if there are any. @throws LabError `not-found` */
  checkpointRecord(run: string, step?: number): CheckpointRecord {
    return checkpointRecord(this.context.store, run, step)
  }

  /** Whether pruning may take a checkpoint. @throws LabError `not-found` */
  pinCheckpoint(id: string, step: number, pinned: boolean): CheckpointRecord {
    const run = this.get(id)
    return this.context.store.checkpoints.pin(run.id, this.checkpointRecord(run.id, step).step, pinned)
  }

  /** A run with everything made from it. */
  details(id: string): RunDetails {
    const run = this.get(id)
    const { store } = this.context
    const checkpoints = store.checkpoints.list(run.id)
    const step = stepOfNewestResult(store, run.id)
    return {
      run,
      commands: commandsOf(
        store,
        run,
        checkpoints.find((checkpoint) => checkpoint.step === step),
      ),
      metrics: store.metrics.latest(run.id),
      checkpoints,
      results: store.results.list(run.id, { during: false }),
      reports: store.reports.list(run.id),
    }
  }

  /** A metric's points in order of step. */
  metrics(run: string, name: string): MetricSample[] {
    return this.context.store.metrics.read(run, name)
  }

  /** Where the engine finds the run's images. */
  data(run: Run): Promise<DataReference> {
    return this.context.datasets.reference(run.document.data)
  }

  async #startOf(run: Run): Promise<CheckpointState | undefined> {
    const { checkpoints } = this.context.store
    if (checkpoints.list(run.id).length > 0) return (await this.checkpoint(run.id)).state
    return run.parent === null ? undefined : (await checkpoints.at(run.parent.run, run.parent.step)).state
  }
}
