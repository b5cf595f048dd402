/** What a person takes away, made as files of the run: weights of many networks, reports, single networks. */
import { rm } from 'node:fs/promises'
import type { ReportFormat } from '../../report/input.ts'
import type { ArtefactRecord, Run } from '../../store/types.ts'
import type { ArtefactService } from './artefacts.ts'
import type { NetworkChoice } from '../runs/network-choice.ts'
import { subjectInWords } from '../../../shared/export-subject.ts'
import type { ExportRequest, ExportService } from './exports.ts'
import { zipFiles, zipFolder } from '../formats/zip.ts'
import { runFileEnding } from '../../../shared/run-file.ts'
import type { MovingService } from '../runs/moving.ts'
import type { ReportService } from './reports.ts'
import type { SamplingService, WeightFormat } from '../results/sampling.ts'
import { LabService } from '../context/lab-service.ts'

export interface DownloadRequests {
  sample: NetworkChoice & { count: number; format: WeightFormat }
  report: { formats: readonly ReportFormat[]; at?: number }
  export: Omit<ExportRequest, 'path'>
}

export class Downloads extends LabService<{
  artefacts: ArtefactService
  sampling: SamplingService
  reports: ReportService
  exports: ExportService
  moving: MovingService
}> {
  /** Weights of many networks. */
  sample(run: Run, request: DownloadRequests['sample']): Promise<ArtefactRecord> {
    const name = `${run.id}-${request.count}-networks.${request.format}`
    return this.context.artefacts.make(run.id, name, async (path) => {
      await this.context.sampling.toFile(run.id, { ...request, path })
      return null
    })
  }

  /** A file a format; those that are several files come as an archive. */
  async *report(run: Run, { formats, at }: DownloadRequests['report'], onStage: (words: string) => void): AsyncGenerator<ArtefactRecord> {
    const input = await this.context.reports.input(run, at)
    for (const format of new Set(formats)) {
      onStage(`Writing the report (${format})`)
      const files = await this.context.reports.build(input, format)
      if (files.length === 1) yield await this.context.artefacts.bytes(run.id, files[0].name, files[0].bytes)
      else yield await this.context.artefacts.bytes(run.id, files[0].name.replace(/\.\w+$/, `-${format}.zip`), zipFiles(files))
    }
  }

  /** The run itself, for another lab. */
  run({ id }: Run): Promise<ArtefactRecord> {
    return this.context.artefacts.make(id, `${id}${runFileEnding}`, async (path) => {
      await this.context.moving.export([id], path)
      return null
    })
  }

  /** One network, an ensemble, or what makes them. A TensorFlow.js model, which is a folder, comes as an archive. */
  async export(run: Run, request: DownloadRequests['export'], onStage: (words: string) => void): Promise<ArtefactRecord> {
    const { what, format } = request
    const name = `${run.id}-${subjectInWords(what).stem}`
    onStage('Writing the file')
    if (format !== 'tfjs') {
      return this.context.artefacts.make(
        run.id,
        `${name}.${format}`,
        async (path) => (await this.context.exports.toFile(run.id, { ...request, path })).checked,
      )
    }
    return this.context.artefacts.make(run.id, `${name}-tfjs.zip`, async (path) => {
      const folder = `${path}.folder`
      try {
        const { checked } = await this.context.exports.toFile(run.id, { ...request, path: folder })
        await zipFolder(folder, path)
        return checked
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })
  }
}
