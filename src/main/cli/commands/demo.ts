/** `demo`. */
import type { Command } from 'commander'
import { studentInWords } from '../../../analyses/distillation/student-in-words.ts'
import type { ReportFormat } from '../../lab/records.ts'
import type { DemoOutcome } from '../../lab/tasks/demo.ts'
import { makeOutputFolder } from '../../lab/exports/output.ts'
import { formatsOption } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { bracketsInWords, percentWithin } from '../../../shared/statistics/in-words.ts'
import { bytes, duration } from '../../../shared/wording.ts'
import { pairs } from '../tables.ts'
import type { CliHost } from '../cli-host.ts'
import { paused } from './train.ts'

interface Options extends CommonOptions {
  format: ReportFormat[]
}

export function addDemoCommand(program: Command, host: CliHost): void {
  program
    .command('demo')
    .summary('everything on MNIST: train, sample, map, ensemble, distil, report')
    .description(
      'Does everything on the built-in MNIST, in a few minutes, and says at each stage what it means. Interrupted, it goes on where it was when given again; once its report is written, the next one begins anew.',
    )
    .option('--out <dir>', "folder for the report (default: the run's own in the data folder)")
    .addOption(formatsOption())
    .addHelpText('after', `\nExamples:\n  ${host.program} demo\n  ${host.program} demo --out my-first-report`)
    .action((options: Options) =>
      session(host, options, {}, async (lab, output) => {
        if (options.out !== undefined) makeOutputFolder(options.out)
        const outcome = await lab.demo.run({
          formats: options.format,
          ...(options.out === undefined ? {} : { folder: options.out }),
          onStage: (stage) => output.stage(stage),
        })
        if ('paused' in outcome) throw paused(outcome.paused)
        output.result(outcome, describe(outcome, host.program))
      }),
    )
}

function describe({ run, seconds, peakBytes, found, distil, map, reports }: DemoOutcome, program: string): string {
  return [
    '',
    pairs([
      ['run', `${run}, ${duration(seconds)}, at most ${bytes(peakBytes)} of memory`],
      ['map', `${map.n} networks (${map.method}): ${map.path}`],
    ]),
    '',
    ...found.map((sentence) => `${sentence}.`),
    studentInWords(distil, percentWithin),
    bracketsInWords,
    '',
    'The report:',
    ...reports.map((path) => `  ${path}`),
    '',
    `Next: ${program} show ${run}, ${program} final-test ${run}, or a run of your own: ${program} train --help`,
  ].join('\n')
}
