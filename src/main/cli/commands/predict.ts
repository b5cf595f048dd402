/** `predict`. */
import type { Command } from 'commander'
import { percent } from '../../../shared/wording.ts'
import type { CliHost } from '../cli-host.ts'
import { networkIndex, wholeNumber } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { table } from '../tables.ts'
import { addNetworkOptions, networkChoice } from './choices.ts'
import type { NetworkOptions } from './choices.ts'

interface Options extends CommonOptions, NetworkOptions {
  network: number
  count: number
}

export function addPredictCommand(program: Command, host: CliHost): void {
  const command = program
    .command('predict <run> <image>')
    .summary('what networks say of an image of yours')
    .description(
      'Brings an image (PNG, JPEG, WebP, BMP, TIFF) to the size and channels of the data set and asks one sampled network and an ensemble what it shows. The image is not kept. Images that differ from those trained on (dark on light, say) are answered all the same.',
    )
    .option('--network <i>', 'index of the sampled network', networkIndex, 0)
    .option('-n, --count <n>', 'networks in the ensemble, whose mean probability is shown', wholeNumber(1, 1000), 20)
  addNetworkOptions(command)
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} predict latest seven.png\n  ${host.program} predict latest seven.png --network 17 -n 100`,
    )
    .action((id: string, image: string, options: Options) =>
      session(host, options, { readOnly: true }, async (lab, output) => {
        const file = lab.imports.begin()
        try {
          lab.imports.addPaths(file, [image])
          const { network, count } = options
          const said = await lab.predictions.predict(id, { ...networkChoice(options), index: network, count, import: file })
          const { pixels: _pixels, ...figures } = said
          const order = said.classNames.map((_, at) => at).sort((a, b) => said.ensemble[b] - said.ensemble[a])
          const rows = order.map((at) => [said.classNames[at], percent(said.network[at]), percent(said.ensemble[at])])
          output.result({ ...figures }, table(['class', `network ${network}`, `mean of ${said.count}`], rows))
        } finally {
          await lab.imports.cancel(file)
        }
      }),
    )
}
