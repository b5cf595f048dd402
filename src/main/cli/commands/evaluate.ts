/** `evaluate`. */
import type { Command } from 'commander'
import { wholeNumber } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { duration, percent } from '../../../shared/wording.ts'
import { pairs } from '../tables.ts'
import type { CliHost } from '../cli-host.ts'
import { addImageOptions, addNetworkOptions, imageChoice, networkChoice } from './choices.ts'
import type { ImageOptions, NetworkOptions } from './choices.ts'

interface Options extends CommonOptions, NetworkOptions, ImageOptions {
  count: number
  fresh?: boolean
}

export function addEvaluateCommand(program: Command, host: CliHost): void {
  const command = program
    .command('evaluate <run>')
    .summary('accuracy and loss of sampled networks')
    .description(
      'Samples networks and tests each on the same images: mean accuracy, spread, best and worst, loss, and how diverse they are.\nWhat each network says of each image is kept, so that "ensemble" needs no second pass, and asking again is instant.',
    )
    .requiredOption('-n, --count <n>', 'how many networks', wholeNumber(1))
  addImageOptions(addNetworkOptions(command))
    .option('--fresh', 'run the networks again although the result is kept')
    .addHelpText(
      'after',
      `
Loss is in nats; entropy is the nearest-neighbour estimate of log density over the n networks: more is more diverse.

Examples:
  ${host.program} evaluate latest -n 200
  ${host.program} evaluate calm-otter -n 200 --split test --images all   the figure for a paper
Then: ensemble RUN, distil RUN.`,
    )
    .action((id: string, options: Options) =>
      session(host, options, {}, async (lab, output) => {
        const { data } = lab.runs.get(id).document
        const result = await lab.evaluation.evaluate(id, {
          ...networkChoice(options),
          ...imageChoice(command, options, data.split[options.split]),
          count: options.count,
          fresh: options.fresh === true,
        })
        const { n, images, split, mean, std, min, max, loss, entropy, seconds, reused } = result
        output.result(
          result,
          pairs([
            ['networks', `${n}, each on ${images} ${split} images (${reused ? 'computed before, in' : 'in'} ${duration(seconds)})`],
            ['accuracy', `${percent(mean)} on average, spread ${percent(std)}, from ${percent(min)} to ${percent(max)}`],
            ['loss', `${loss.toFixed(4)} nats`],
            ['entropy', entropy.toFixed(1)],
          ]),
        )
      }),
    )
}
