/** Studies: kept, carried out through ordinary runs and results, and what came out of them. */
import { isDeepStrictEqual } from 'node:util'
import { findAnalysis, type AnalysisKind } from '../../../analyses/registry.ts'
import { settleRequest, type AnalysisRequest } from '../../../analyses/request.ts'
import { methodOf } from '../../../methods/registry.ts'
import { comparable } from '../../../analyses/comparable.ts'
import type { SeedValue } from '../../../shared/contract/runs.ts'
import type { StudyDetails, StudyList, StudyRow } from '../../../shared/contract/studies.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { maxNameLength, quoted } from '../../../shared/names.ts'
import { availableNetworks } from '../../../shared/network-count.ts'
import { presets } from '../../../shared/presets.ts'
import { meanOf } from '../../../shared/statistics/moments.ts'
import { rowTitle, stepsOfBudget, studyName, studySchema, type Study, type StudyRecord } from '../../../shared/study.ts'
import { documentsAsked, isSweep } from '../../../shared/sweep.ts'
import { canonicalJson } from '../../store/files/checksummed-json.ts'
import { kinOf, type Kin } from '../../store/runs/run-rows.ts'
import type { Run, RunSummary, StoredResult } from '../../store/types.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import type { AnalysisService } from '../results/analyses.ts'
import type { SamplingService } from '../results/sampling.ts'
import { studyCommand } from '../runs/command-lines.ts'
import type { PlanningService } from '../runs/planning.ts'
import type { RepeatService } from '../runs/repeats.ts'
import type { RunService } from '../runs/runs.ts'
import { columnsOf } from './columns.ts'

/** Steps of the trial that tells how long a step takes. */
const trialSteps = 40
/** Networks that are drawn in a row to see how long one takes. */
const drawn = 200
/** Networks asked where every method makes as many as one likes. */
const asked = 50

export interface StudyProgress {
  /** What is done next, in words, and how many of how many things are done. */
  onStage?(words: string, place: { number: number; of: number }): void
  onMade?(made: { kind: string; id: string | number }): void
  /** What could not be asked of a run, in words, and why: the study goes on with the rest. */
  onUnasked?(words: string, why: LabError): void
}

interface Services {
  runs: RunService
  repeats: RepeatService
  analyses: AnalysisService
  planning: PlanningService
  sampling: SamplingService
}

export class StudyService extends LabService<LabContext & Services> {
  readonly #underWay = new Set<string>()

  /** Those that there are, and of those that cannot be read, why. */
  list(): StudyList {
    const { records, lost } = this.context.store.studies.all()
    const kin = records.map(kinOfRows)
    const families = this.#families(kin.flat())
    const studies = records.map(({ name, createdAt, study }, at) => {
      const runs = this.#members(study, kin[at], families).flat()
      return { name, createdAt, study, done: runs.filter(isOver).length }
    })
    return { studies, lost }
  }

  /**
   * Keeps a study under its name, where there is none yet.
   * @throws LabError `invalid-argument` for what cannot be studied, `conflict` where another has the name, `not-found` where none has and none is given
   */
  async keep(name: string, study?: Study): Promise<StudyRecord> {
    const { store } = this.context
    if (study === undefined) return store.studies.get(name)
    const checked = studyName.safeParse(name)
    if (!checked.success)
      throw new LabError('invalid-argument', `${quoted(name)}: ${checked.error.issues[0].message}.`, 'Choose another name.', {
        settings: { name: null },
      })
    const settled = this.#check(study)
    // What a preset or an analysis is refused for is said now, not when its turn comes.
    const documents: Experiment[] = []
    for (const asked of documentsAsked(settled)) documents.push(await this.#base(settled, asked))
    const requestsOf = requestsAmong(settled, documents)
    for (const document of documents) for (const request of requestsOf(document)) settleRequest(request)
    if (store.studies.has(name)) {
      const there = store.studies.get(name)
      if (canonicalJson(there.study) === canonicalJson(settled)) return there
      throw new LabError('conflict', `There is a study ${quoted(name)} already, of something else.`, 'Give this one another name.', {
        settings: { name: null },
      })
    }
    const record: StudyRecord = { name, createdAt: this.context.now(), study: settled, plan: [], drawSeconds: {}, unasked: [] }
    await store.studies.put(record)
    return record
  }

  /** @throws LabError `not-found`, `conflict` while it is under way; its runs stay */
  async remove(name: string): Promise<void> {
    this.assertIdle(name)
    await this.context.store.studies.remove(name)
  }

  /** @throws LabError `conflict` while it is under way */
  assertIdle(name: string): void {
    if (this.#underWay.has(name))
      throw new LabError('conflict', `The study ${name} is under way already.`, 'Wait for it to end, or cancel it.')
  }

  /**
   * Trains what is not trained yet, and asks what was not asked yet: seed by seed, so that methods can be compared early.
   * What diverges is passed over, and what cannot be asked of a run. @throws LabError as {@link assertIdle}; `cancelled` where a run is paused; what a job fails with
   */
  async run(name: string, progress: StudyProgress = {}): Promise<StudyDetails> {
    this.assertIdle(name)
    this.#underWay.add(name)
    try {
      await this.#run(name, progress)
    } finally {
      this.#underWay.delete(name)
    }
    return this.get(name)
  }

  async #run(name: string, progress: StudyProgress): Promise<void> {
    const { store, runs, repeats, analyses } = this.context
    const record = await this.#planned(name, progress)
    const { study, plan } = record
    const made = []
    for (const { name: title, document } of plan) {
      const members = await repeats.make({ from: { document }, name: title, tags: [name] }, study.seeds)
      made.push(members.map(({ run }) => run.id))
    }
    const of = made.length * study.seeds.length
    const requestsOf = requestsAmong(study, documentsOf(record))
    let number = 0
    for (let seed = 0; seed < study.seeds.length; seed++) {
      for (const [method, ids] of made.entries()) {
        const id = ids[seed]
        const place = { number: number++, of }
        const words = `${plan[method].name}, seed ${study.seeds[seed]}`
        // One that was removed since is made again when the study goes on.
        if (store.runs.summary(id) === null) continue
        if (repeats.isOpen(runs.get(id))) {
          progress.onStage?.(`Training ${words}`, place)
          await this.#train(id)
          progress.onMade?.({ kind: 'run', id })
        }
        const run = runs.get(id)
        if (run.state !== 'finished') continue
        for (const request of requestsOf(run.document)) {
          const asking = `${findAnalysis(request.kind)!.title} of ${words}`
          progress.onStage?.(asking, place)
          try {
            await analyses.run(id, request)
          } catch (thrown) {
            // Of networks that learned too little there is not all to be asked.
            if (!(thrown instanceof LabError) || thrown.code !== 'invalid-argument') throw thrown
            progress.onUnasked?.(asking, thrown)
            await this.#leaveOut(record, run, request.kind, thrown.message)
          }
        }
        if (isDrawnUntimed(record, run.document, run.id)) {
          progress.onStage?.(`Time of one more network, of ${drawn} in a row, of ${words}`, place)
          await this.#measureDrawing(record, run)
        }
      }
    }
  }

  /** Documents of runs that have not ended here, seeds in them. @throws LabError `not-found`, `conflict` where it is under way */
  async open(name: string): Promise<Experiment[]> {
    this.assertIdle(name)
    const record = await this.#planned(name, {})
    const members = this.#members(record.study, kinOfRows(record))
    return record.plan.flatMap(({ document }, row) =>
      record.study.seeds
        .filter((seed) => !members[row].some((run) => run.seed === seed && isOver(run)))
        .map((seed) => ({ ...document, seed })),
    )
  }

  /** How it stands. @throws LabError `not-found`, `corrupt` */
  get(name: string): StudyDetails {
    const record = this.context.store.studies.get(name)
    const members = this.#members(record.study, kinOfRows(record))
    const ids = members.flat().map(({ id }) => id)
    const { store } = this.context
    // Of all runs at once: a sweep has up to two thousand.
    const known = { results: store.results.ofRuns(ids), sizes: store.checkpoints.newestSizes(ids) }
    const requestsOf = requestsAmong(record.study, documentsOf(record))
    const asked = documentsAsked(record.study)
    // Settled once a row, not once a run.
    const wanted = asked.map((_, at) => (members[at].length === 0 ? [] : requestsOf(record.plan[at].document).map(wantedBy)))
    const rows = asked.map((row, at) => this.#row(record, row, members[at], wanted[at], known))
    const unasked = members.map((of, at) => of.flatMap((run) => unaskedOf(record, run, wanted[at], known)))
    return {
      ...{ name, createdAt: record.createdAt, study: record.study, rows },
      columns: columnsOf(rows, record.study.seeds.length),
      done: members.flat().filter(isOver).length,
      unasked: rows.flatMap(({ title }, at) =>
        unasked[at].map(({ run, seed, kind, why }) => ({ title, run, seed, analysis: findAnalysis(kind)!.title, why })),
      ),
      goesOn: members.some(
        (of, at) => of.length < record.study.seeds.length || of.some((run) => this.#isOpen(record, at, run, wanted[at], known)),
      ),
      command: studyCommand(name, record.study, store.datasets.find(record.study.data)?.name ?? record.study.data),
    }
  }

  /** @throws LabError `invalid-argument` */
  #check(given: Study): Study {
    const read = studySchema.safeParse(given)
    if (!read.success) {
      const [{ code, path, message }] = read.error.issues
      const said = code === 'custom' ? message : `The study cannot be read: ${path.join('.') || 'it'}: ${message}`
      throw new LabError('invalid-argument', `${said}.`, 'Change it.')
    }
    const unknown = read.data.presets.find((preset) => !Object.hasOwn(presets, preset))
    if (unknown !== undefined)
      throw new LabError('invalid-argument', `There is no preset ${quoted(unknown)}.`, `Take some of ${Object.keys(presets).join(', ')}.`)
    for (const kind of read.data.analyses) {
      if (!comparable.some((analysis) => analysis.kind === kind)) {
        const known = comparable.map((analysis) => analysis.kind).join(', ')
        throw new LabError('invalid-argument', `Methods cannot be compared by "${kind}".`, `Take some of ${known}.`)
      }
    }
    return read.data
  }

  /** With the document of each method: made once, and kept, so that going on is going on with the same. */
  async #planned(name: string, progress: StudyProgress): Promise<StudyRecord> {
    const { store } = this.context
    const record = store.studies.get(name)
    const { plan, study } = record
    const asked = documentsAsked(study)
    if (plan.length === asked.length) return record
    while (plan.length < asked.length) {
      const row = asked[plan.length]
      const name = isSweep(study) ? rowTitle(study, row) : row.preset
      progress.onStage?.(`Planning ${name}`, { number: plan.length, of: asked.length })
      plan.push({ name: name.slice(0, maxNameLength), document: await this.#document(study, row) })
      // What a trial took is not measured again.
      if (study.budget.kind === 'seconds') await store.studies.put(record)
    }
    await store.studies.put(record)
    return record
  }

  /** A row's document, as long as its preset says itself. @param more settings beside those of the study */
  #base({ data, seeds, settings }: Study, { preset, settings: varied }: Asked, ...more: Study['settings']): Promise<Experiment> {
    return this.context.runs.settled({
      ...{ from: preset, data },
      settings: [...settings, ...varied, { key: 'seed', value: seeds[0] }, ...more],
    })
  }

  /** The same with as many steps as the budget has. */
  async #document(study: Study, asked: Asked): Promise<Experiment> {
    const document = await this.#base(study, asked)
    const { budget } = study
    const steps = budget.kind === 'seconds' ? await this.#stepsWithin(document, budget.seconds) : stepsOfBudget(document, budget)
    return steps === null ? document : this.#base(study, asked, { key: 'training.steps', value: steps })
  }

  /** Steps that fit into so many seconds, tests on the way included: by the median step of a short trial, which goes into the trash. */
  async #stepsWithin(document: Experiment, seconds: number): Promise<number> {
    const { runs, planning } = this.context
    const steps = Math.min(trialSteps, document.training.steps)
    const trial = await runs.create({
      from: { document },
      settings: [{ key: 'training.steps', value: steps }],
      name: `trial of ${document.preset}`,
    })
    try {
      await this.#train(trial.id)
      const { estimate } = await planning.plan({ from: { document } })
      return Math.max(1, Math.floor((seconds * document.training.steps) / estimate.seconds))
    } finally {
      runs.remove([trial.id])
    }
  }

  /** @throws LabError `cancelled` when it was paused; a run that diverges says so itself */
  async #train(id: string): Promise<void> {
    try {
      const outcome = await this.context.runs.train(id)
      if (outcome.reason === 'paused')
        throw new LabError(
          'cancelled',
          `Run ${outcome.run} is paused at step ${outcome.step}, and the study with it.`,
          'Start the study again: it goes on there.',
        )
    } catch (thrown) {
      if (!(thrown instanceof LabError) || thrown.code !== 'diverged') throw thrown
    }
  }

  /** Whether a run of a row is not trained to its end, or not all of it is known that is wanted. */
  #isOpen(record: StudyRecord, row: number, run: RunSummary, wanted: readonly Wanted[], known: Known): boolean {
    if (run.state !== 'finished') return run.state === 'training' || this.context.repeats.isOpen(run)
    if (isDrawnUntimed(record, record.plan[row].document, run.id)) return true
    const open = openOf(run, wanted, known)
    return open.length > unaskedOf(record, run, wanted, known).length
  }

  /** Seconds for one more network, of many drawn in a row. */
  async #measureDrawing(record: StudyRecord, run: Run): Promise<void> {
    const seconds = await this.context.sampling.timed(run.id, drawn)
    record.drawSeconds[run.id] = seconds / drawn
    await this.context.store.studies.put(record)
  }

  /** Kept, so that a table says later, too, why numbers lack. */
  async #leaveOut(record: StudyRecord, { id, step }: Run, kind: string, why: string): Promise<void> {
    const others = record.unasked.filter((one) => one.run !== id || one.kind !== kind)
    record.unasked = [...others, { run: id, step, kind, why }]
    await this.context.store.studies.put(record)
  }

  #families(kin: readonly Kin[]): Map<string | null, RunSummary[]> {
    return Map.groupBy(this.context.store.runs.repeats(kin), ({ family }) => family)
  }

  /** The runs of each row, in order of seed, those that are there. @param kin of those rows that are planned */
  #members(study: Study, kin: readonly Kin[], families = this.#families(kin)): RunSummary[][] {
    return documentsAsked(study).map((_, at) => {
      const found = families.get(kin.at(at)?.family ?? null) ?? []
      return study.seeds.flatMap((seed) => this.context.repeats.furthestOf(found, seed) ?? [])
    })
  }

  #row(record: StudyRecord, asked: Asked, members: readonly RunSummary[], wanted: readonly Wanted[], known: Known): StudyRow {
    const runs = members.map(({ id, seed, state, step, steps, seconds }) => ({ run: id, seed: seed!, state, step, steps, seconds }))
    const sizes = members.flatMap(({ id }) => known.sizes.get(id) ?? [])
    const seconds = members.flatMap(({ id }) => record.drawSeconds[id] ?? [])
    return {
      ...{ ...asked, title: rowTitle(record.study, asked), runs },
      networks: wanted.at(0)?.count ?? null,
      values: this.#values(members, wanted, known),
      bytes: sizes.length === 0 ? null : Math.max(...sizes),
      another: seconds.length === 0 ? null : meanOf(seconds),
    }
  }

  /** What was found of what is asked, on that alone. */
  #values(members: readonly RunSummary[], wanted: readonly Wanted[], { results }: Known): SeedValue[] {
    const shown = wanted.flatMap((one) => {
      for (const { id, step } of members) {
        const found = answerAmong(results.get(id) ?? [], one, step)
        if (found !== undefined) return [found]
      }
      return []
    })
    return shown.length === 0 ? [] : this.context.repeats.found(members, shown, results).values.filter(({ found }) => found.length > 0)
  }
}

/** By run. */
interface Known {
  /** Of checkpoints. */
  results: ReadonlyMap<string, readonly StoredResult[]>
  /** Bytes of the newest checkpoint. */
  sizes: ReadonlyMap<string, number>
}

/** What a result must be of to answer a request. */
type Wanted = ReturnType<typeof wantedBy>

function wantedBy(request: AnalysisRequest) {
  const { count, options } = settleRequest(request)
  // Options as a store gives them back, to be compared with those.
  return {
    kind: request.kind,
    count,
    split: request.split,
    images: request.images,
    options: JSON.parse(JSON.stringify(options)) as unknown,
  }
}

/** The newest that answers a request. @param step that its run has come to: what was found on the way is no answer */
function answerAmong(results: readonly StoredResult[], wanted: Wanted, step: number): StoredResult | undefined {
  return results.findLast(
    (one) =>
      one.kind === wanted.kind &&
      one.step === step &&
      one.networks === null &&
      one.count === wanted.count &&
      one.split === wanted.split &&
      one.images === wanted.images &&
      isDeepStrictEqual(one.options, wanted.options),
  )
}

/** Of what is wanted of a run, what has no answer. */
const openOf = ({ id, step }: RunSummary, wanted: readonly Wanted[], { results }: Known): Wanted[] =>
  wanted.filter((one) => answerAmong(results.get(id) ?? [], one, step) === undefined)

/** Of that, what could not be asked. */
const unaskedOf = ({ unasked }: StudyRecord, run: RunSummary, wanted: readonly Wanted[], known: Known) =>
  openOf(run, wanted, known).flatMap(({ kind }) => {
    const left = unasked.find((one) => one.run === run.id && one.step === run.step && one.kind === kind)
    return left === undefined ? [] : [{ ...left, seed: run.seed! }]
  })

/** Whether it is still to be measured how long one more network takes, of a method that makes as many as one likes. */
const isDrawnUntimed = ({ study, drawSeconds }: StudyRecord, { method }: Experiment, run: string): boolean =>
  !isSweep(study) && methodOf(method).networks(method) === 'any' && drawSeconds[run] === undefined

type Asked = ReturnType<typeof documentsAsked>[number]

const documentsOf = ({ plan }: StudyRecord): Experiment[] => plan.map(({ document }) => document)
const kinOfRows = (record: StudyRecord): Kin[] => documentsOf(record).map(kinOf)

/** What is asked of the networks of one document of several: of each as many as the one with fewest has, unless the study says how many. */
function requestsAmong({ networks, split, images, analyses }: Study, documents: readonly Experiment[]) {
  const common = networks === null ? documents.reduce((least, one) => availableNetworks(one, least), asked) : null
  return (document: Experiment): (AnalysisRequest & { kind: AnalysisKind })[] => {
    const count = common ?? availableNetworks(document, networks ?? asked)
    const found = Math.min(images, document.data.split[split])
    return analyses.map((kind) => ({ kind: kind as AnalysisKind, count, split, images: found }))
  }
}

/** Whether nothing more comes of a run. */
export const isOver = ({ state }: Pick<RunSummary, 'state'>): boolean => ['finished', 'failed', 'stopped'].includes(state)
