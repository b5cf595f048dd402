/** `report`. */
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { Command } from 'commander'
import type { ReportFormat } from '../../lab/records.ts'
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
    .option('--out <dir>', 'folder, made if absent', '.')
    .option('--at <step>', 'report on the checkpoint at this step (default: the one the newest result is from)', checkpointStep)
    .addHelpText('after', `\nExamples:\n  ${host.program} report latest --format html,pdf,md --out report`)
    .action((id: string, options: Options) =>
      session(host, options, {}, async (lab, output) => {
        const { format: formats, out: folder, at } = options
        const written = await lab.reports.write(id, omitUndefined({ formats, folder, at }))
        output.result({ run: lab.runs.get(id).id, ...written }, written.reports.join('\n'))
      }),
    )
}
