/** `report`. */
import { statSync } from 'node:fs'
import { basename, dirname, extname } from 'node:path'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Command } from 'commander'
import { LabError } from '../../../shared/errors.ts'
import type { ReportFormat } from '../../lab/records.ts'
import type { ReportRequest } from '../../lab/exports/reports.ts'
import { checkpointStep, formatsOption } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import type { CliHost } from '../cli-host.ts'

interface Options extends CommonOptions {
  format: ReportFormat[]
  out: string
  at?: number
}

export function addReportCommand(program: Command, host: CliHost): void {
  program
    .command('report <run>')
    .summary('HTML, PDF or Markdown about a run')
    .description(
      'Writes all that was made from a run: settings, curves, accuracies, map, votes, student, and what another person needs to find the same. What was not made is left out, so evaluate, ensemble, distil and map first.',
    )
    .addOption(formatsOption())
    .option('--out <path>', 'folder, made if absent; or the file of one form: .html, .pdf, .md or .zip (figures)', '.')
    .option('--at <step>', 'report on the checkpoint at this step (default: the one the newest result is from)', checkpointStep)
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} report latest --format html,pdf,md --out report\n  ${host.program} report latest --out report.pdf`,
    )
    .action((id: string, options: Options, command: Command) =>
      session(host, options, {}, async (lab, output) => {
        const where = whereTo(options, command.getOptionValueSource('format') !== 'default')
        const written = await lab.reports.write(id, { ...where, ...omitUndefined({ at: options.at }) })
        output.result({ run: lab.runs.get(id).id, ...written }, written.reports.join('\n'))
      }),
    )
}

const formOf: Readonly<Record<string, ReportFormat>> = { '.html': 'html', '.pdf': 'pdf', '.md': 'md', '.zip': 'figures' }

/**
 * A file, where the path ends as a form's do and is no folder that is there already; else a folder.
 * @param asked whether the person named the forms
 * @throws LabError `invalid-argument` where a file of another form than the one that is asked for is named
 */
function whereTo({ format: formats, out }: Options, asked: boolean): Pick<ReportRequest, 'formats' | 'folder' | 'name'> {
  const form = formOf[extname(out).toLowerCase()]
  if (form === undefined || /[/\\]$/.test(out) || statSync(out, { throwIfNoEntry: false })?.isDirectory() === true)
    return { formats, folder: out }
  if (asked && formats.join() !== form)
    throw new LabError(
      'invalid-argument',
      `--out names one file, ${basename(out)}, and --format asks for ${formats.join(', ')}.`,
      'Name a folder, or leave --format out.',
    )
  return { formats: [form], folder: dirname(out), name: basename(out) }
}
