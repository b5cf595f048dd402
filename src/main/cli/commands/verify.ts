/** `verify`. */
import type { Command } from 'commander'
import { FailedResult } from '../output.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { table } from '../tables.ts'
import type { CliHost } from '../cli-host.ts'

/** Errors shown to a person, the largest first. */
const shown = 12

export function addVerifyCommand(program: Command, host: CliHost): void {
  program
    .command('verify <golden>')
    .summary("the engine's numbers against golden ones")
    .description(
      'Computes weights, logits, losses and gradients of a small hypernetwork whose numbers are in a JSON file, and prints the largest relative errors. Exits with 1 when one is above 1e-4.',
    )
    .addHelpText('after', `\nExamples:\n  ${host.program} verify golden/authors.json`)
    .action((golden: string, options: CommonOptions) =>
      session(host, options, { readOnly: true }, async (lab, output) => {
        const result = await lab.verification.verify(golden)
        const largest = result.checks.toSorted((a, b) => b.relativeError - a.relativeError).slice(0, shown)
        const text = [
          table(
            ['check', 'relative error'],
            largest.map(({ name, relativeError }) => [name, relativeError.toExponential(2)]),
          ),
          result.ok
            ? `All ${result.checks.length} checks agree.`
            : `They do not agree: ${result.worst.name} by ${result.worst.relativeError.toExponential(2)}. Compare the versions of TensorFlow, and report it.`,
        ].join('\n')
        output.result(result, text)
        if (!result.ok) throw new FailedResult()
      }),
    )
}
