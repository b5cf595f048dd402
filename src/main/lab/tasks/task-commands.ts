/** The actions that take time, each begun as a task: what a window's buttons do. */
import { basename } from 'node:path'
import type { Task } from '../../../shared/contract/tasks.ts'
import {
  commandLine,
  distilCommand,
  ensembleCommand,
  evaluateCommand,
  exportCommand,
  mapCommand,
  reportCommand,
  sampleCommand,
} from '../runs/command-lines.ts'
import { chosenNetworks } from '../runs/network-choice.ts'
import type { DemoPlan, DemoService } from './demo.ts'
import type { DistillationService, DistilRequest } from '../results/distillation.ts'
import type { EnsembleRequest, EnsembleService } from '../results/ensembles.ts'
import type { EvaluateRequest, EvaluationService } from '../results/evaluation.ts'
import type { Downloads, DownloadRequests } from '../exports/downloads.ts'
import type { MapRequest, MapService } from '../results/maps.ts'
import type { RunService } from '../runs/runs.ts'
import type { TaskService } from './tasks.ts'
import type { ArtefactService } from '../exports/artefacts.ts'

export interface StartServices {
  tasks: TaskService
  runs: RunService
  evaluation: EvaluationService
  ensembles: EnsembleService
  distillation: DistillationService
  maps: MapService
  demo: DemoService
  downloads: Downloads
  artefacts: ArtefactService
}

/** Every method begins a task and returns at once. @throws LabError `not-found` when there is no such run */
export class TaskCommands {
  readonly #services: StartServices

  constructor(services: StartServices) {
    this.#services = services
  }

  /** Trains a run to its end or its next pause. @throws LabError `conflict` when it has ended or trains already */
  train(id: string): Task {
    const { tasks, runs } = this.#services
    const run = runs.get(id)
    runs.assertTrainable(run)
    return tasks.start(
      { kind: 'train', title: `Train ${run.name}`, run: run.id, command: commandLine(['resume', run.id]) },
      async (reporter) => {
        const { step, reason } = await runs.train(run.id)
        reporter.made('run', run.id)
        return reason === 'finished' ? `Finished: ${step} steps` : `${reason === 'paused' ? 'Paused' : 'Stopped'} at step ${step}`
      },
    )
  }

  evaluate(id: string, request: EvaluateRequest): Task {
    const { tasks, runs, evaluation } = this.#services
    const run = runs.get(id)
    const title = `Test ${networks(request.count)} of ${run.name}`
    return tasks.start({ kind: 'evaluate', title, run: run.id, command: evaluateCommand(run.id, request) }, async (reporter) => {
      const { record, reused } = await evaluation.record(run.id, request)
      reporter.values({ accuracy: record.result.mean })
      reporter.made('evaluation', record.id)
      return reused ? 'Done: it was computed before' : 'Done'
    })
  }

  vote(id: string, request: EnsembleRequest): Task {
    const { tasks, runs, ensembles } = this.#services
    const run = runs.get(id)
    const count = request.networks === undefined ? (request.count ?? Math.max(...request.sizes)) : chosenNetworks(request.networks).length
    const title = `Let ${networks(count)} of ${run.name} vote`
    return tasks.start({ kind: 'ensemble', title, run: run.id, command: ensembleCommand(run.id, chosen(request)) }, async (reporter) => {
      const record = await ensembles.record(run.id, request)
      reporter.made('ensemble', record.id)
      return 'Done'
    })
  }

  distil(id: string, request: DistilRequest): Task {
    const { tasks, runs, distillation } = this.#services
    const run = runs.get(id)
    const count = request.networks === undefined ? request.count : chosenNetworks(request.networks).length
    const title = `Distil ${networks(count)} of ${run.name}`
    return tasks.start({ kind: 'distil', title, run: run.id, command: distilCommand(run.id, chosen(request)) }, async (reporter) => {
      const record = await distillation.record(run.id, request)
      reporter.values({ student: record.result.student, ensemble: record.result.ensemble })
      reporter.made('student', record.id)
      return 'Done'
    })
  }

  map(id: string, request: MapRequest): Task {
    const { tasks, runs, maps } = this.#services
    const run = runs.get(id)
    const title = `Map ${networks(request.count)} of ${run.name}`
    return tasks.start({ kind: 'map', title, run: run.id, command: mapCommand(run.id, request) }, async (reporter) => {
      const { record } = await maps.map(run.id, request)
      reporter.made('map', record.id)
      return 'Done'
    })
  }

  sample(id: string, request: DownloadRequests['sample']): Task {
    const { tasks, runs, downloads } = this.#services
    const run = runs.get(id)
    const title = `Sample ${networks(request.count)} of ${run.name}`
    return tasks.start({ kind: 'sample', title, run: run.id, command: sampleCommand(run.id, request) }, async (reporter) => {
      reporter.made('artefact', (await downloads.sample(run, request)).id)
      return 'Done'
    })
  }

  report(id: string, request: DownloadRequests['report']): Task {
    const { tasks, runs, downloads } = this.#services
    const run = runs.get(id)
    return tasks.start(
      { kind: 'report', title: `Report on ${run.name}`, run: run.id, command: reportCommand(run.id, request) },
      async (reporter) => {
        for await (const artefact of downloads.report(run, request, (words) => reporter.stage(words)))
          reporter.made('artefact', artefact.id)
        return 'Done'
      },
    )
  }

  export(id: string, request: DownloadRequests['export']): Task {
    const { tasks, runs, downloads } = this.#services
    const run = runs.get(id)
    const { what, format } = request
    const network = typeof what === 'object' && 'network' in what ? what.network : null
    const title = `Export ${network === null ? 'a student' : `network ${network}`} of ${run.name}`
    const command = exportCommand(run.id, { ...request, network, format })
    return tasks.start({ kind: 'export', title, run: run.id, command }, async (reporter) => {
      const artefact = await downloads.export(run, request, (words) => reporter.stage(words))
      reporter.made('artefact', artefact.id)
      return artefact.checked ?? 'Done'
    })
  }

  /** @param plan default: the built-in MNIST */
  demo(plan?: DemoPlan): Task {
    const { tasks, demo, artefacts } = this.#services
    return tasks.start({ kind: 'demo', title: 'The whole of it on MNIST', run: null, command: commandLine(['demo']) }, async (reporter) => {
      const outcome = await demo.run({
        formats: ['html', 'pdf'],
        onStage: ({ number, stages, title }) => reporter.stage(`${number} of ${stages}: ${title}`),
        onMade: ({ kind, id }) => {
          if (kind === 'run') reporter.about(String(id))
          reporter.made(kind, id)
        },
        ...(plan === undefined ? {} : { plan }),
      })
      if ('paused' in outcome) return `Paused at step ${outcome.paused.step}: begin the demo again to go on`
      for (const path of outcome.reports) reporter.made('artefact', (await artefacts.adopt(outcome.run, path, basename(path))).id)
      return 'Done'
    })
  }
}

/** As the request is carried out: each network once, in order. */
function chosen<T extends { networks?: readonly number[] }>(request: T): T {
  return request.networks === undefined ? request : { ...request, networks: chosenNetworks(request.networks) }
}

const networks = (count: number) => `${count} network${count === 1 ? '' : 's'}`
