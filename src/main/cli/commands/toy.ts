/** `toy`. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { optionFacts } from '../../../analyses/option-facts.ts'
import { count, number } from '../../../shared/wording.ts'
import { ToyProblem, toySettings } from '../../../toy/toy-problem.ts'
import { surfaces } from '../../../toy/surface.ts'
import { prepareOutput } from '../../lab/exports/output.ts'
import { toyFormat, writeToy } from '../../lab/exports/toy.ts'
import type { CliHost } from '../cli-host.ts'
import { optionOf, wholeNumber } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { pairs } from '../tables.ts'

/** Steps between two looks at whether the person has had enough. */
const atOnce = 200

export function addToyCommand(program: Command, host: CliHost): void {
  const command = program
    .command('toy')
    .summary("the paper's toy problem, in the plane")
    .description(
      'Trains a generator from one number z to points of the plane that are to be high on a surface and far from each other: the method, where it can be seen. In the window it is drawn while it trains.',
    )
  for (const facts of optionFacts({ options: toySettings })) command.addOption(optionOf(facts))
  command
    .option('--steps <n>', 'training steps', wholeNumber(0, 1_000_000), 10_000)
    .option('--out <file>', 'file to write: .svg (the curve over the surface) or .csv (1,000 points)')
    .addHelpText(
      'after',
      `
Surfaces:
${Object.entries(surfaces)
  .map(([kind, formula]) => `  ${kind.padEnd(12)}${formula}`)
  .join('\n')}

Examples:
  ${host.program} toy --out toy.svg
  ${host.program} toy --surface ring --seed 3 --diversity 0.5`,
    )
    .action((options: CommonOptions & Record<string, unknown> & { steps: number }) =>
      session(host, options, { readOnly: true }, async (_lab, output) => {
        const { steps, out } = options
        const path = out === undefined ? undefined : resolve(out)
        if (path !== undefined) {
          toyFormat(path)
          await prepareOutput(path)
        }
        const problem = new ToyProblem(
          toySettings.parse(Object.fromEntries(Object.keys(toySettings.shape).map((key) => [key, options[key]]))),
        )
        while (problem.step < steps) {
          problem.train(Math.min(atOnce, steps - problem.step))
          await new Promise(setImmediate)
        }
        const { toyFigures } = await import('../../../toy/figure.ts')
        const found = toyFigures(problem.curve())
        if (path !== undefined) await writeToy(problem, path)
        output.result(
          { ...problem.settings, steps, ...found, ...(path === undefined ? {} : { path }) },
          pairs([
            ['surface', surfaces[problem.settings.surface]],
            ['steps', count(steps)],
            ['mean of f', `${number(found.mean)} over 1,000 z, the least ${number(found.least)}`],
            ['length', number(found.length)],
            ...(path === undefined ? [] : [['file', path] as const]),
          ]),
        )
      }),
    )
}
