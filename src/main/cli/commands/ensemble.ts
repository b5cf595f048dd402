/** `ensemble`. */
import type { Command } from 'commander'
import type { EnsembleResult } from '../../../shared/results.ts'
import { indices, sizes, wholeNumber } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { percent } from '../../../shared/wording.ts'
import { table } from '../tables.ts'
import type { CliHost } from '../cli-host.ts'
import { addImageOptions, addNetworkOptions, imageChoice, networkChoice } from './choices.ts'
import type { ImageOptions, NetworkOptions } from './choices.ts'

interface Options extends CommonOptions, NetworkOptions, ImageOptions {
  sizes: number[]
  count?: number
  networks?: number[]
}

export function addEnsembleCommand(program: Command, host: CliHost): void {
  const command = program
    .command('ensemble <run>')
    .summary('three votes of many networks, by size')
    .description(
      'Lets sampled networks vote: by majority, by their mean probabilities, or by the most confident one. Each size is tried on many random ensembles; the bands are the 5th and 95th percentile.',
    )
    .option('--sizes <list>', 'networks an ensemble, with commas between', sizes, [1, 5, 10, 50, 100])
    .option('-n, --count <n>', 'networks to draw the ensembles from (default: the largest size)', wholeNumber(1))
    .option('--networks <list>', 'draw from these networks alone, by index, with commas between', indices)
  addImageOptions(addNetworkOptions(command))
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} ensemble latest --sizes 1,5,10,100\n  ${host.program} ensemble latest --sizes 10,100 -n 200 --split test --images all\n  ${host.program} ensemble latest --sizes 1,3 --networks 4,17,30`,
    )
    .action((id: string, options: Options) =>
      session(host, options, {}, async (lab, output) => {
        const { data } = lab.runs.get(id).document
        const result = await lab.ensembles.vote(id, {
          ...networkChoice(options),
          ...imageChoice(command, options, data.split[options.split]),
          sizes: options.sizes,
          ...(options.count === undefined ? {} : { count: options.count }),
          ...(options.networks === undefined ? {} : { networks: options.networks }),
        })
        output.result(result, describeEnsemble(result))
      }),
    )
}

export function describeEnsemble({ n, images, split, sizes, disagreement, calibrationError }: EnsembleResult): string {
  const band = (size: EnsembleResult['sizes'][number], vote: 'majority' | 'meanProbability' | 'mostConfident') =>
    `${percent(size[vote])}${size.draws > 1 ? ` (${percent(size.low[vote])} to ${percent(size.high[vote])})` : ''}`
  const rows = sizes.map((size) => [String(size.size), band(size, 'majority'), band(size, 'meanProbability'), band(size, 'mostConfident')])
  return [
    table(['size', 'majority', 'mean probability', 'most confident'], rows),
    `From ${n} networks on ${images} ${split} images; two of them disagree on ${percent(disagreement)} of images; calibration error of all ${percent(calibrationError)}.`,
  ].join('\n')
}
