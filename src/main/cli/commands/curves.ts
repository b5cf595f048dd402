/** `curves`. */
import { Option, type Command } from 'commander'
import { plural } from '../../../shared/wording.ts'
import { curveFormats, writeCurves, type CurveFormat } from '../../lab/exports/curves.ts'
import { formatByEnding } from '../../lab/formats/ending.ts'
import type { CliHost } from '../cli-host.ts'
import { words } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'

interface Options extends CommonOptions {
  out: string
  format?: CurveFormat
  names?: string[]
}

export function addCurvesCommand(program: Command, host: CliHost): void {
  program
    .command('curves <run>')
    .summary('the curves of a run, for dashboards of your own')
    .description(
      'Writes what was measured at each step: as CSV or JSON lines with name, step, value and time, or as events of TensorBoard, in a folder of the run’s own below the one that is named. It may be asked while the run trains.',
    )
    .requiredOption('--out <path>', 'file to write: .csv or .jsonl; for tensorboard a folder')
    .addOption(new Option('--format <format>', 'when the ending of the file does not say').choices(curveFormats))
    .option('--names <list>', 'these curves alone, with commas between, as "show" names them', words)
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} curves latest --out curves.csv\n  ${host.program} curves latest --format tensorboard --out logs\n  tensorboard --logdir logs`,
    )
    .action((run: string, { out, format, names, ...options }: Options) =>
      session(host, { ...options, out }, { readOnly: true }, async (lab, output) => {
        const { id } = lab.runs.get(run)
        const chosen = format ?? formatByEnding(out, ['csv', 'jsonl'] as const, 'format')
        const written = await writeCurves(lab.store, id, { path: out, format: chosen, names })
        output.result(written, `${plural(written.points, 'point')} of ${plural(written.names.length, 'curve')}: ${written.path}`)
      }),
    )
}
