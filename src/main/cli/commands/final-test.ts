/** `final-test`. */
import type { Command } from 'commander'
import { basisInWords, basisOf } from '../../../analyses/basis.ts'
import { looksAtTest } from '../../../analyses/chosen.ts'
import { findAnalysis } from '../../../analyses/registry.ts'
import type { CliHost } from '../cli-host.ts'
import { checkpointStep } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { pairs } from '../tables.ts'

export function addFinalTestCommand(program: Command, host: CliHost): void {
  program
    .command('final-test <run>')
    .summary('what was chosen on validation images, once on all test images')
    .description(
      'Asks again on all test images what was chosen on validation images: sampled networks, their vote, the student, the calibration, each with the same networks and options, as far as the run has them. Do it once, when nothing is left to choose: every look at the test images is counted, here, by show and in reports.',
    )
    .option('--at <step>', 'of the checkpoint at this step (default: that of the newest result on validation images)', checkpointStep)
    .addHelpText('after', `\nExamples:\n  ${host.program} final-test latest\n  ${host.program} final-test calm-otter --at 800`)
    .action((id: string, { at, ...options }: CommonOptions & { at?: number }) =>
      session(host, options, {}, async (lab, output) => {
        const outcomes = await lab.finalTest.run(id, at)
        const { run, results } = lab.runs.details(id)
        const looks = looksAtTest(results)
        const found = outcomes.map(({ result: { file: _file, ...result }, reused }) => ({ ...result, basis: basisOf(result), reused }))
        const lines = found.map((one): [string, string] => [
          findAnalysis(one.kind)!.title.toLowerCase(),
          `${findAnalysis(one.kind)!.headline(one)} (${basisInWords(one.basis)})${one.reused ? ', computed before' : ''}`,
        ])
        output.result({ run: run.id, results: found, looks }, `${pairs(lines)}\n\n${looks}`)
      }),
    )
}
