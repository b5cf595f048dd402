/**
 * The whole of it on the built-in MNIST, stage by stage. An interrupted demo is gone on with: what its
 * run has already (checkpoints, evaluations, votes, student, map) is used, not made again. Once its
 * report is written a demo is complete, and the next one begins anew.
 */
import { join } from 'node:path'
import type { DistilOptions } from '../../../shared/distil-options.ts'
import type { DistilResult, EnsembleResult, EvaluationResult, MapResult } from '../../../shared/results.ts'
import type { ReportFormat } from '../../report/input.ts'
import type { MapRecord, RunSummary } from '../../store/types.ts'
import type { DistillationService } from '../results/distillation.ts'
import type { EnsembleService } from '../results/ensembles.ts'
import type { EvaluationService } from '../results/evaluation.ts'
import type { MapService } from '../results/maps.ts'
import type { LabContext } from '../context/lab-context.ts'
import type { ReportService } from '../exports/reports.ts'
import type { NewRunRequest, RunService } from '../runs/runs.ts'
import type { TrainingOutcome } from '../runs/training.ts'

export interface DemoRequest {
  /** Folder of the reports; default: one of the run's own. */
  folder?: string
  formats: readonly ReportFormat[]
  /** Told as each stage begins. */
  onStage?(stage: DemoStage): void
  /** Told of each thing as it is there. */
  onMade?(made: { kind: 'run' | 'evaluation' | 'ensemble' | 'student' | 'map'; id: string | number }): void
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
  evaluation: EvaluationService
  ensembles: EnsembleService
  distillation: DistillationService
  maps: MapService
  reports: ReportService
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

export class DemoService {
  readonly #context: LabContext
  readonly #services: Services
  readonly #plan: DemoPlan

  /** @param changes to {@link demoPlan} */
  constructor(context: LabContext, services: Services, changes: Partial<DemoPlan> = {}) {
    this.#context = context
    this.#services = services
    this.#plan = { ...demoPlan, ...changes }
  }

  /** @throws LabError what a stage fails with; giving the command again goes on from there */
  async run(request: DemoRequest): Promise<DemoOutcome | DemoPaused> {
    const { runs, evaluation, ensembles, distillation, reports } = this.#services
    const plan = request.plan ?? this.#plan
    const began = this.#context.now()
    const stage = (name: DemoStage['name']) => {
      const names = Object.keys(meanings) as DemoStage['name'][]
      const [title, meaning] = meanings[name]
      request.onStage?.({ name, number: names.indexOf(name) + 1, stages: names.length, title, meaning })
    }

    stage('train')
    const wanted: NewRunRequest = { from: plan.from, data: plan.data, name: 'demo', tags: [tag] }
    const run = (await this.#unfinished(wanted, request.formats)) ?? (await runs.create(wanted))
    request.onMade?.({ kind: 'run', id: run.id })
    if (run.state !== 'finished') {
      const trained = await runs.train(run.id)
      if (trained.reason === 'paused') return { paused: trained }
    }

    stage('evaluate')
    const images = { split: 'validation', images: plan.images } as const
    const evaluated = (await evaluation.record(run.id, { ...images, count: plan.networks })).record
    request.onMade?.({ kind: 'evaluation', id: evaluated.id })
    stage('ensemble')
    const voted = await ensembles.record(run.id, { ...images, count: plan.networks, sizes: plan.sizes })
    request.onMade?.({ kind: 'ensemble', id: voted.id })
    stage('map')
    const mapped = await this.#map(run.id, plan)
    request.onMade?.({ kind: 'map', id: mapped.record.id })
    stage('distil')
    const student =
      distillation.newest(run.id) ?? (await distillation.record(run.id, { ...images, count: plan.teachers, options: plan.student }))
    request.onMade?.({ kind: 'student', id: student.id })
    stage('report')
    const written = await reports.write(run.id, {
      formats: request.formats,
      folder: request.folder ?? join(this.#context.store.runs.folder(run.id), 'report'),
    })

    return {
      run: run.id,
      seconds: (this.#context.now() - began) / 1000,
      peakBytes: this.#context.jobs.peakBytes + process.resourceUsage().maxRSS * 1024,
      evaluate: evaluated.result,
      ensemble: voted.result,
      distil: { ...student.result, path: student.path },
      map: { ...mapped.record.result, path: mapped.path },
      ...written,
    }
  }

  /** The newest demo of the same document without a report yet, if it can be gone on with. */
  async #unfinished(wanted: NewRunRequest, formats: readonly ReportFormat[]): Promise<RunSummary | undefined> {
    const { store } = this.#context
    const document = JSON.stringify(await this.#services.runs.document(wanted))
    return store.runs.list({ tag }).find((run) => {
      const written = store.reports.list(run.id)
      if (run.state === 'stopped' || formats.every((format) => written.some((report) => report.format === format))) return false
      if (run.state === 'failed' && run.error?.code === 'diverged') return false
      return JSON.stringify(store.runs.get(run.id).document) === document
    })
  }

  async #map(run: string, plan: DemoPlan): Promise<{ record: MapRecord; path: string }> {
    const { maps } = this.#services
    const stored = this.#context.store.maps.list(run).findLast(({ count, result }) => count === plan.mapped && result.method === 'tsne')
    const map =
      stored === undefined
        ? await maps.map(run, { count: plan.mapped, method: 'tsne', colours: { split: 'validation', images: plan.mapImages } })
        : await maps.open(stored)
    return { record: map.record, path: await maps.write(map, 'csv') }
  }
}
