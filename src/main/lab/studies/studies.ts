/** Studies: kept, carried out through ordinary runs and results, and what came out of them. */
import { findAnalysis } from '../../../analyses/registry.ts'
import { settleRequest } from '../../../analyses/request.ts'
import { comparable } from '../../../analyses/comparable.ts'
import type { StudyDetails, StudyList } from '../../../shared/contract/studies.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { maxNameLength, quoted } from '../../../shared/names.ts'
import { presets } from '../../../shared/presets.ts'
import { rowTitle, stepsOfBudget, studyName, studySchema, type Study, type StudyRecord } from '../../../shared/study.ts'
import { studyCommand } from '../../../shared/study-command.ts'
import { documentsAsked, isSweep } from '../../../shared/sweep.ts'
import { canonicalJson } from '../../store/files/checksummed-json.ts'
import type { Run, RunSummary } from '../../store/types.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import type { AnalysisService } from '../results/analyses.ts'
import type { SamplingService } from '../results/sampling.ts'
import type { PlanningService } from '../runs/planning.ts'
import type { RepeatService } from '../runs/repeats.ts'
import type { RunService } from '../runs/runs.ts'
import { isDrawnUntimed, requestsAmong, settledOf, StudyStandings, type Asked } from './standings.ts'

/** Steps of the trial that tells how long a step takes. */
const trialSteps = 40
/** Networks that are drawn in a row to see how long one takes. */
const drawn = 200

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
  readonly #standings = new StudyStandings(this.context)

  /** Those that there are, and of those that cannot be read, why. */
  list(): StudyList {
    const { records, lost } = this.context.store.studies.all()
    const members = this.#standings.membersOf(records)
    const studies = records.map(({ name, createdAt, study }, at) => ({
      name,
      createdAt,
      study,
      done: members[at].flat().filter(isOver).length,
    }))
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
    const { requestsOf } = settledOf(record)
    const made = []
    for (const { name: title, document } of plan) {
      const members = await repeats.make({ from: { document }, name: title, tags: [name] }, study.seeds)
      made.push(members.map(({ run }) => run.id))
    }
    const of = made.length * study.seeds.length
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
            await this.#leaveOut(name, run, request.kind, thrown.message)
          }
        }
        if (isDrawnUntimed(store.studies.get(name), run.document, run.id)) {
          progress.onStage?.(`Time of one more network, of ${drawn} in a row, of ${words}`, place)
          await this.#measureDrawing(name, run)
        }
      }
    }
  }

  /** Documents of runs that have not ended here, seeds in them. @throws LabError `not-found`, `conflict` where it is under way */
  async open(name: string): Promise<Experiment[]> {
    this.assertIdle(name)
    const record = await this.#planned(name, {})
    const members = this.#standings.members(record)
    return record.plan.flatMap(({ document }, row) =>
      record.study.seeds
        .filter((seed) => !members[row].some((run) => run.seed === seed && isOver(run)))
        .map((seed) => ({ ...document, seed })),
    )
  }

  /** How it stands. @throws LabError `not-found`, `corrupt` */
  get(name: string): StudyDetails {
    const record = this.context.store.studies.get(name)
    const { store } = this.context
    const { rows: standings, columns } = this.#standings.of(record)
    const rows = standings.map(({ row }) => row)
    return {
      ...{ name, createdAt: record.createdAt, study: record.study, rows, columns },
      done: rows.flatMap(({ runs }) => runs).filter(isOver).length,
      unasked: standings.flatMap(({ row: { title }, unasked }) =>
        unasked.map(({ run, seed, kind, why }) => ({ title, run, seed, analysis: findAnalysis(kind)!.title, why })),
      ),
      goesOn: standings.some(({ goesOn }) => goesOn),
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
    let record = store.studies.get(name)
    const { study } = record
    const asked = documentsAsked(study)
    if (record.plan.length === asked.length) return record
    while (record.plan.length < asked.length) {
      const row = asked[record.plan.length]
      const title = isSweep(study) ? rowTitle(study, row) : row.preset
      progress.onStage?.(`Planning ${title}`, { number: record.plan.length, of: asked.length })
      const planned = { name: title.slice(0, maxNameLength), document: await this.#document(study, row) }
      record = { ...record, plan: [...record.plan, planned] }
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

  /** Seconds for one more network, of many drawn in a row. */
  async #measureDrawing(name: string, run: Run): Promise<void> {
    const seconds = await this.context.sampling.timed(run.id, drawn)
    const record = this.context.store.studies.get(name)
    await this.context.store.studies.put({ ...record, drawSeconds: { ...record.drawSeconds, [run.id]: seconds / drawn } })
  }

  /** Kept, so that a table says later, too, why numbers lack. */
  async #leaveOut(name: string, { id, step }: Run, kind: string, why: string): Promise<void> {
    const record = this.context.store.studies.get(name)
    const others = record.unasked.filter((one) => one.run !== id || one.kind !== kind)
    await this.context.store.studies.put({ ...record, unasked: [...others, { run: id, step, kind, why }] })
  }
}

/** Whether nothing more comes of a run. */
export const isOver = ({ state }: Pick<RunSummary, 'state'>): boolean => ['finished', 'failed', 'stopped'].includes(state)
