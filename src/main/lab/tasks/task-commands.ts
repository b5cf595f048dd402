/** The actions that take time, each begun as a task: what a window's buttons do. */
import { subjectInWords } from '../../../shared/export-subject.ts'
import { basename } from 'node:path'
import type { AnalysisKind } from '../../../analyses/registry.ts'
import { networksInWords } from '../../../analyses/networks-in-words.ts'
import { settleRequest } from '../../../analyses/request.ts'
import type { AnalysisRequest } from '../../../analyses/request.ts'
import type { Task } from '../../../shared/contract/tasks.ts'
import { analysisCommand } from '../../../analyses/command.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { commandLine } from '../../../shared/command-line.ts'
import { exportCommand, finalTestCommand, reportCommand, sampleCommand } from '../runs/command-lines.ts'
import type { DemoPlan, DemoService } from './demo.ts'
import type { Downloads, DownloadRequests } from '../exports/downloads.ts'
import { plural } from '../../../shared/wording.ts'
import type { AnalysisService } from '../results/analyses.ts'
import type { FinalTestService } from '../results/final-test.ts'
import { runFileEnding } from '../../../shared/run-file.ts'
import type { RunService } from '../runs/runs.ts'
import type { StudyService } from '../studies/studies.ts'
import { unaskedInWords } from '../../../shared/unasked.ts'
import type { TaskService } from './tasks.ts'
import type { ArtefactService } from '../exports/artefacts.ts'
import { LabService } from '../context/lab-service.ts'

export interface StartServices {
  tasks: TaskService
  runs: RunService
  analyses: AnalysisService
  finalTest: FinalTestService
  demo: DemoService
  downloads: Downloads
  artefacts: ArtefactService
  studies: StudyService
}

/** Every method begins a task and returns at once. @throws LabError `not-found` when there is no such run */
export class TaskCommands extends LabService<StartServices> {
  /** Trains a run to its end or its next pause; a demo goes on with all of it. @throws LabError `conflict` when it has ended or trains already */
  train(id: string): Task {
    const { tasks, runs, demo } = this.context
    const run = runs.get(id)
    runs.assertTrainable(run)
    if (run.step > 0 && demo.isUnfinished(run)) return this.demo(undefined, run.id)
    return tasks.start(
      { kind: 'train', title: `Train ${run.name}`, run: run.id, command: commandLine(['resume', run.id]) },
      async (reporter) => {
        const { step, reason } = await runs.train(run.id)
        reporter.made('run', run.id)
        return reason === 'finished' ? `Finished: ${plural(step, 'step')}` : `${reason === 'paused' ? 'Paused' : 'Stopped'} at step ${step}`
      },
    )
  }

  /** @throws LabError for what the analysis cannot do */
  analyse(id: string, request: AnalysisRequest): Task {
    const { tasks, runs, analyses } = this.context
    const run = runs.get(id)
    const { analysis, count, networks } = settleRequest(request)
    analyses.requireOthers(run.id, request)
    const plan = {
      kind: analysis.command,
      title: analysis.words.task(networksInWords(count, networks), run.name),
      run: run.id,
      command: analysisCommand(analysis, run.id, { ...request, networks }),
    }
    return tasks.start(plan, async (reporter) => {
      const { result, reused } = await analyses.run(run.id, { ...request, kind: analysis.kind as AnalysisKind })
      reporter.values(analysis.values?.(result) ?? {})
      reporter.made(analysis.kind, result.id)
      return reused ? 'Done: it was computed before' : 'Done'
    })
  }

  /** What was chosen on validation images, on all test images. @throws LabError `conflict`: nothing was chosen */
  finalTest(id: string, at?: number): Task {
    const { tasks, runs, finalTest } = this.context
    const run = runs.get(id)
    const of = finalTest.chosen(run.id, at).length
    const title = `Final test evaluation of ${run.name}`
    return tasks.start({ kind: 'final-test', title, run: run.id, command: finalTestCommand(run.id, at) }, async (reporter) => {
      reporter.stage('On all test images', { number: 0, of })
      await finalTest.run(run.id, at, ({ result }, done) => {
        reporter.made(result.kind, result.id)
        reporter.stage('On all test images', { number: done, of })
      })
      return 'Done'
    })
  }

  sample(id: string, request: DownloadRequests['sample']): Task {
    const { tasks, runs, downloads } = this.context
    const run = runs.get(id)
    const title = `Sample ${plural(request.count, 'network')} of ${run.name}`
    return tasks.start({ kind: 'sample', title, run: run.id, command: sampleCommand(run.id, request) }, async (reporter) => {
      reporter.made('artefact', (await downloads.sample(run, request)).id)
      return 'Done'
    })
  }

  report(id: string, request: DownloadRequests['report']): Task {
    const { tasks, runs, downloads } = this.context
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
    const { tasks, runs, downloads } = this.context
    const run = runs.get(id)
    const title = `Export ${subjectInWords(request.what).words} of ${run.name}`
    const command = exportCommand(run.id, request)
    return tasks.start({ kind: 'export', title, run: run.id, command }, async (reporter) => {
      const artefact = await downloads.export(run, request, (words) => reporter.stage(words))
      reporter.made('artefact', artefact.id)
      return artefact.checked ?? 'Done'
    })
  }

  /** The run itself as a file, for another lab. */
  exportRun(id: string): Task {
    const { tasks, runs, downloads } = this.context
    const run = runs.get(id)
    const command = commandLine(['runs', 'export', run.id, '--out', `${run.id}${runFileEnding}`])
    return tasks.start({ kind: 'export', title: `Export ${run.name} for another lab`, run: run.id, command }, async (reporter) => {
      reporter.made('artefact', (await downloads.run(run)).id)
      return 'Done'
    })
  }

  /** Goes on with a study, which is kept. @throws LabError `conflict`: it is under way */
  study(name: string): Task {
    const { tasks, studies } = this.context
    const { command } = studies.get(name)
    studies.assertIdle(name)
    return tasks.start({ kind: 'study', title: `Study ${name}`, run: null, command }, async (reporter) => {
      const { rows, study, unasked } = await studies.run(name, {
        onStage: (words, place) => reporter.stage(words, place),
        onMade: ({ kind, id }) => reporter.made(kind, id),
      })
      const of = rows.length * study.seeds.length
      const without = of - rows.flatMap((row) => row.runs).filter(({ state }) => state === 'finished').length
      const lacks = [
        ...(without === 0 ? [] : [`${without} of ${plural(of, 'run')} did not finish and have no results`]),
        ...unaskedInWords(unasked),
      ]
      return ['Done', ...lacks].join('; ')
    })
  }

  /**
   * @param plan default: the built-in MNIST
   * @param run a demo's, to go on with
   */
  demo(plan?: DemoPlan, run?: string): Task {
    const { tasks, demo, artefacts } = this.context
    return tasks.start({ kind: 'demo', title: 'MNIST demo', run: run ?? null, command: commandLine(['demo']) }, async (reporter) => {
      const outcome = await demo.run({
        formats: ['html', 'pdf'],
        onStage: ({ number, stages, title }) => reporter.stage(`${number} of ${stages}: ${title}`, { number: number - 1, of: stages }),
        onMade: ({ kind, id }) => {
          if (kind === 'run') reporter.about(String(id))
          reporter.made(kind, id)
        },
        ...omitUndefined({ plan, run }),
      })
      if ('paused' in outcome)
        return `Paused at step ${outcome.paused.step}: the demo goes on from there, with all that follows, when its run is resumed`
      for (const path of outcome.reports) reporter.made('artefact', (await artefacts.adopt(outcome.run, path, basename(path))).id)
      return 'Done'
    })
  }
}
