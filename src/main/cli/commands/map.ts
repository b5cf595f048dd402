/** `map`. */
import { dirname, resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { makeOutputFolder } from '../../lab/exports/output-folder.ts'
import { defaultMapOptions, defaultPerplexity } from '../../../shared/map-options.ts'
import { imageCount, positiveNumber, wholeNumber } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { duration } from '../../../shared/wording.ts'
import { pairs } from '../tables.ts'
import type { CliHost } from '../cli-host.ts'
import { addNetworkOptions, networkChoice } from './choices.ts'
import type { NetworkOptions } from './choices.ts'

interface Options extends CommonOptions, NetworkOptions {
  count: number
  method: 'pca' | 'tsne'
  perplexity?: number
  iterations: number
  components: number
  split: 'validation' | 'test'
  images: number | 'all'
  colours: boolean
  out?: string
  format?: 'csv' | 'json'
}

const defaultCount = 1000
const defaults = defaultMapOptions(defaultCount)

export function addMapCommand(program: Command, host: CliHost): void {
  const command = program
    .command('map <run>')
    .summary('networks as points in the plane')
    .description(
      'Samples networks and lays their weights out in the plane. Each point comes with its accuracy, loss, disagreement with the majority vote, norm and distance to its nearest neighbour.',
    )
    .option('-n, --count <n>', 'how many networks', wholeNumber(3), defaultCount)
    .addOption(
      new Option('--method <method>', 't-SNE keeps neighbours together; PCA keeps large distances')
        .choices(['tsne', 'pca'])
        .default('tsne'),
    )
    .option(
      '--perplexity <p>',
      `neighbours that t-SNE minds, about (default: ${defaultPerplexity}, less for fewer than ${3 * defaultPerplexity + 1} networks)`,
      positiveNumber(),
    )
    .option('--iterations <i>', 'iterations of t-SNE', wholeNumber(1), defaults.iterations)
    .option('--components <c>', 'principal components that t-SNE works on', wholeNumber(2), defaults.components)
    .addOption(new Option('--split <split>', 'images of which split').choices(['validation', 'test']).default('validation'))
    .option('--images <m>', 'images of the split that give each point its accuracy, loss and disagreement', imageCount, 200)
    .option('--no-colours', 'coordinates only: no network is tested')
    .option('--out <file>', 'file to write: .csv or .json (default: kept in the data folder, as CSV)')
    .addOption(new Option('--format <format>', 'when the ending of the file does not say').choices(['csv', 'json']))
  addNetworkOptions(command)
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} map latest -n 1000 --out map.csv\n  ${host.program} map latest -n 3000 --method pca --no-colours --out map.json`,
    )
    .action((id: string, options: Options) =>
      session(host, options, {}, async (lab, output) => {
        const run = lab.runs.get(id)
        const out = options.out === undefined ? undefined : resolve(options.out)
        if (out !== undefined) await makeOutputFolder(dirname(out))
        const { count, method, perplexity, iterations, components } = options
        const { split } = options
        const available = run.document.data.split[split]
        const asked = options.images === 'all' ? available : options.images
        const images = command.getOptionValueSource('images') === 'default' ? Math.min(asked, available) : asked
        const map = await lab.maps.map(id, {
          ...networkChoice(options),
          count,
          method,
          options: { ...(perplexity === undefined ? {} : { perplexity }), iterations, components },
          colours: options.colours ? { split, images } : null,
        })
        const format = options.format ?? (options.out?.endsWith('.json') === true ? 'json' : 'csv')
        const path = await lab.maps.write(map, format, out)
        const { n, seconds, klDivergence, explained, values } = map
        output.result(
          { n, seconds, klDivergence, path, method, explained, values: Object.keys(values) },
          pairs([
            ['networks', `${n} in ${duration(seconds)}`],
            ...(klDivergence === null
              ? []
              : [['divergence', `${klDivergence.toFixed(4)} nats (Kullback-Leibler, less is truer)`] as const]),
            ...(explained === null
              ? []
              : [['explained', `${explained.map((part) => `${(100 * part).toFixed(1)} %`).join(' and ')} of variance`] as const]),
            ['columns', ['index', 'x', 'y', ...Object.keys(values)].join(', ')],
            ['file', path],
          ]),
        )
      }),
    )
}
