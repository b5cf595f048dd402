/** Reports of a run, written where the person wants them. */
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { join, resolve } from 'node:path'
import { availableNetworks } from '../../../shared/network-count.ts'
import type { ReportFile, ReportFormat, ReportInput } from '../../report/input.ts'
import type { Run } from '../../store/types.ts'
import { commandsOf } from '../runs/command-lines.ts'
import { makeOutputFolder, prepareOutput } from './output.ts'
import type { LabContext } from '../context/lab-context.ts'
import { gatherReport, shownNetworks } from './report-input.ts'
import { stepOfNewestResult } from '../runs/checkpoint-results.ts'
import { lines } from '../runs/run-log.ts'
import type { RepeatService } from '../runs/repeats.ts'
import type { RunService } from '../runs/runs.ts'
import type { SamplingService } from '../results/sampling.ts'
import { LabService } from '../context/lab-service.ts'

export interface ReportRequest {
  formats: readonly ReportFormat[]
  /** Folder, made if absent. */
  folder: string
  /** Name of the report in it, where one form is asked for; default: by the run. */
  name?: string
  /** Step of the checkpoint; default: the one that the newest result was made from, or the newest. */
  at?: number
}

export interface WrittenReports {
  /** One file a format, in their order. */
  reports: string[]
  /** Figures and their data, beside a report that does not hold them itself. */
  figures: string[]
}

export class ReportService extends LabService<LabContext & { runs: RunService; repeats: RepeatService; sampling: SamplingService }> {
  /**
   * Writes one report a format, with everything made from the run so far.
   * @returns absolute paths
   * @throws LabError `not-found` when the run has no checkpoint, `disk`
   */
  async write(id: string, request: ReportRequest): Promise<WrittenReports> {
    const run = this.context.runs.get(id)
    const folder = resolve(request.folder)
    if (request.name === undefined) makeOutputFolder(folder)
    else await prepareOutput(join(folder, request.name))
    const input = await this.input(run, request.at)
    const written: WrittenReports = { reports: [], figures: [] }
    for (const format of request.formats) {
      const [report, ...figures] = await this.build(input, format)
      // The report comes last: where it is, its figures are.
      for (const file of figures)
        written.figures.push(await this.#keep(run.id, file.name.replace(/^.*\./, ''), join(folder, file.name), file.bytes))
      written.reports.push(await this.#keep(run.id, format, join(folder, request.name ?? report.name), report.bytes))
    }
    this.context.store.events.add(run.id, lines.report(written.reports.length + written.figures.length, request.formats))
    return written
  }

  /** The report as one page, to look at; without pictures of filters while the engine is busy. @throws LabError `not-found` */
  async preview(id: string, at?: number): Promise<string> {
    const run = this.context.runs.get(id)
    const input = await this.input(run, at, { sample: this.context.jobs.list().length === 0 })
    const [page] = await this.build(input, 'html')
    return new TextDecoder().decode(page.bytes)
  }

  /** Everything a report says. Sampling the networks whose filters it shows is a job. */
  input(run: Run, at?: number, { sample = true } = {}): Promise<ReportInput> {
    const step = at ?? stepOfNewestResult(this.context.store, run.id)
    return this.context.runs.using(run.id, omitUndefined({ at: step }), async ({ checkpoint, seed }) => {
      const { record } = checkpoint
      const shown = sample
        ? await this.context.sampling.inMemory(run, checkpoint, {
            seed,
            first: 0,
            count: availableNetworks(checkpoint.document, shownNetworks),
          })
        : new Float32Array(0)
      return gatherReport(this.context, {
        run,
        checkpoint: record,
        shown,
        commands: commandsOf(this.context.store, run, record, true),
        repeats: this.context.repeats.of(run),
        found: (members, results) => this.context.repeats.found(members, results),
      })
    })
  }

  /** One report as files, the report first. */
  build(input: ReportInput, format: ReportFormat): Promise<ReportFile[]> {
    return this.context.thread.run('report', { input, format })
  }

  async #keep(run: string, format: string, path: string, bytes: Uint8Array): Promise<string> {
    return (await this.context.store.reports.write(run, format, path, bytes)).path
  }
}
