/**
 * Everything on the built-in MNIST, stage by stage. An interrupted demo is gone on with: what its
 * run has already (checkpoints, evaluations, votes, student, map) is used, not made again. Once its
 * report is written a demo is complete, and the next one begins anew.
 */
import { join } from 'node:path'
import { basisInWords, basisOf } from '../../../analyses/basis.ts'
import { findAnalysis } from '../../../analyses/registry.ts'
import type { AnalysisKind } from '../../../analyses/registry.ts'
import type { DistilOptions } from '../../../analyses/distillation/definition.ts'
import type { DistilResult } from '../../../analyses/distillation/definition.ts'
import type { EnsembleResult } from '../../../analyses/ensemble/definition.ts'
import type { EvaluationResult } from '../../../analyses/evaluation/definition.ts'
import type { MapResult } from '../../../analyses/map/definition.ts'
import type { ReportFormat } from '../../report/input.ts'
import type { RunSummary } from '../../store/types.ts'
import type { LabContext } from '../context/lab-context.ts'
import type { AnalysisService, Outcome } from '../results/analyses.ts'
import { writeColumns } from '../results/columns.ts'
import type { ReportService } from '../exports/reports.ts'
import type { NewRunRequest, RunService } from '../runs/runs.ts'
import type { TrainingOutcome } from '../runs/training.ts'
import { LabService } from '../context/lab-service.ts'

export interface DemoRequest {
  /** A demo's run to go on with, by its id; default: the newest that can be gone on with, or a new one. */
  run?: string
  /** Folder of the reports; default: one of the run's own. */
  folder?: string
  formats: readonly ReportFormat[]
  /** Told as each stage begins. */
  onStage?(stage: DemoStage): void
  /** Told of each thing as it is there. */
  onMade?(made: { kind: string; id: string | number }): void
  /** What is done; default {@link demoPlan}. */
  plan?: DemoPlan
}

export interface DemoStage {
  name: 'train' | 'evaluate' | 'ensemble' | 'map' | 'distil' | 'report'
  number: number
  stages: number
  title: string
  /** What it means, for someone who has not read the paper. */
  meaning: string
}

export interface DemoPlan {
  from: NewRunRequest['from']
  data: string
  networks: number
  images: number
  sizes: readonly number[]
  mapped: number
  mapImages: number
  teachers: number
  student: Partial<DistilOptions>
}

export const demoPlan: DemoPlan = {
  from: 'mnist-quick',
  data: 'mnist',
  networks: 200,
  images: 1000,
  sizes: [1, 5, 10, 50, 100, 200],
  mapped: 1000,
  mapImages: 200,
  teachers: 100,
  student: {},
}

export interface DemoOutcome {
  run: string
  /** What was found in a sentence each, with what it stands on. */
  found: string[]
  /** Wall-clock seconds of this call. */
  seconds: number
  /** Resident memory of all processes together at their highest, bytes; this process's highest is counted throughout. */
  peakBytes: number
  evaluate: EvaluationResult
  ensemble: EnsembleResult
  distil: DistilResult & { path: string }
  map: MapResult & { path: string }
  reports: string[]
  figures: string[]
}

/** The training stage was paused: there is nothing to show yet. */
export interface DemoPaused {
  paused: TrainingOutcome
}

interface Services {
  runs: RunService
  analyses: AnalysisService
  reports: ReportService
  /** To {@link demoPlan}. */
  demoChanges: Partial<DemoPlan> | undefined
}

const tag = 'demo'

const meanings: Record<DemoStage['name'], [title: string, meaning: string]> = {
  train: [
    'Train a hypernetwork',
    'It learns to turn random numbers into the weights of a digit classifier: a whole manifold of good networks, not one.',
  ],
  evaluate: [
    'Sample networks and test each',
    'Every network is new, made in a moment from random numbers alone; none was trained by itself.',
  ],
  ensemble: [
    'Let them vote',
    'Networks that err differently correct each other: the vote should beat the mean member, and more so the more there are.',
  ],
  map: ['Map the manifold', 'Each network is a vector of weights; t-SNE puts those that are near each other side by side on a page.'],
  distil: [
    'Distil the ensemble',
    'One small network learns what the ensemble says of each image: most of the gain at the price of one network.',
  ],
  report: ['Write the report', 'Everything found, and what another person needs to find the same.'],
}

export class DemoService extends LabService<LabContext & Services> {
  /** @throws LabError what a stage fails with; giving the command again goes on from there */
  async run(request: DemoRequest): Promise<DemoOutcome | DemoPaused> {
    const { runs, analyses, reports } = this.context
    const plan = request.plan ?? { ...demoPlan, ...this.context.demoChanges }
    const began = this.context.elapsed()
    const stage = (name: DemoStage['name']) => {
      const names = Object.keys(meanings) as DemoStage['name'][]
      const [title, meaning] = meanings[name]
      request.onStage?.({ name, number: names.indexOf(name) + 1, stages: names.length, title, meaning })
    }

    stage('train')
    const wanted: NewRunRequest = { from: plan.from, data: plan.data, name: 'demo', tags: [tag] }
    const run =
      request.run === undefined
        ? ((await this.#unfinished(wanted, request.formats)) ?? (await runs.create(wanted)))
        : this.context.store.runs.get(request.run)
    request.onMade?.({ kind: 'run', id: run.id })
    if (run.state !== 'finished') {
      const trained = await runs.train(run.id)
      if (trained.reason === 'paused') return { paused: trained }
    }

    stage('evaluate')
    const images = { split: 'validation', images: plan.images } as const
    const made = <K extends AnalysisKind>({ result }: Outcome<K>): Outcome<K>['result'] => {
      request.onMade?.({ kind: result.kind, id: result.id })
      return result
    }
    const evaluated = made(await analyses.run(run.id, { ...images, kind: 'evaluation', count: plan.networks }))
    stage('ensemble')
    const voted = made(await analyses.run(run.id, { ...images, kind: 'ensemble', count: plan.networks, options: { sizes: plan.sizes } }))
    stage('map')
    const mapping = { count: plan.mapped, split: 'validation', images: plan.mapImages, options: { method: 'tsne' } } as const
    const mapped = made(this.#stored(run.id, 'map', plan.mapped) ?? (await analyses.run(run.id, { ...mapping, kind: 'map' })))
    const mapPath = await writeColumns(this.context.store, mapped, 'csv')
    stage('distil')
    const teaching = { ...images, count: plan.teachers, options: plan.student }
    const student = made(this.#stored(run.id, 'distillation') ?? (await analyses.run(run.id, { ...teaching, kind: 'distillation' })))
    stage('report')
    const written = await reports.write(run.id, {
      formats: request.formats,
      folder: request.folder ?? join(this.context.store.runs.folder(run.id), 'report'),
    })

    const told = [evaluated, voted, student, mapped] as const
    return {
      run: run.id,
      found: told.map((one) => `${findAnalysis(one.kind)!.headline(one)} (${basisInWords(basisOf(one))})`),
      seconds: (this.context.elapsed() - began) / 1000,
      peakBytes: this.context.jobs.peakBytes + process.resourceUsage().maxRSS * 1024,
      evaluate: evaluated.result,
      ensemble: voted.result,
      distil: { ...student.result, path: student.file?.path ?? '' },
      map: { ...mapped.result, path: mapPath },
      ...written,
    }
  }

  /** Whether a run is a demo's that its report has not ended, and can be gone on with. */
  isUnfinished(run: RunSummary, formats: readonly ReportFormat[] = []): boolean {
    if (!run.tags.includes(tag) || run.state === 'stopped' || (run.state === 'failed' && run.error?.code === 'diverged')) return false
    const written = this.context.store.reports.list(run.id)
    return formats.length === 0 ? written.length === 0 : !formats.every((format) => written.some((report) => report.format === format))
  }

  /** The newest demo of the same document without a report yet, if it can be gone on with. */
  async #unfinished(wanted: NewRunRequest, formats: readonly ReportFormat[]): Promise<RunSummary | undefined> {
    const { store } = this.context
    const document = JSON.stringify(await this.context.runs.document(wanted))
    return store.runs
      .list(tag)
      .find((run) => this.isUnfinished(run, formats) && JSON.stringify(store.runs.get(run.id).document) === document)
  }

  /** The newest of a kind that is not made again where it is there. */
  #stored<K extends AnalysisKind>(run: string, kind: K, count?: number): Outcome<K> | undefined {
    const all = this.context.store.results.list(run, { kind, during: false })
    const result = all.findLast((one) => count === undefined || one.count === count)
    return result === undefined ? undefined : { result: result as Outcome<K>['result'], reused: true }
  }
}
