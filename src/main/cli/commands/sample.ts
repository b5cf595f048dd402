/** `sample`. */
import { Option } from 'commander'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { readPoint } from './cockpit.ts'
import type { Command } from 'commander'
import type { WeightFormat } from '../../lab/results/sampling.ts'
import { formatOf } from '../../lab/results/sampling.ts'
import { prepareOutput } from '../../lab/exports/output.ts'
import { networkCount, networkIndex } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { duration, plural } from '../../../shared/wording.ts'
import type { CliHost } from '../cli-host.ts'
import { addNetworkOptions, networkChoice } from './choices.ts'
import type { NetworkOptions } from './choices.ts'

interface Options extends CommonOptions, NetworkOptions {
  count: number
  out: string
  first: number
  z?: string
  format?: WeightFormat
}

export function addSampleCommand(program: Command, host: CliHost): void {
  const command = program
    .command('sample <run>')
    .summary('weights of new networks, in a file')
    .description(
      'Samples networks and writes their weights, one row a network, with the receipt of each (checkpoint, seed, index): from it the same network is sampled again, bit for bit.',
    )
    .option('-n, --count <n>', 'how many networks', networkCount(1), 1)
    .requiredOption('--out <file>', 'file to write: .npz or .safetensors')
    .option('--first <i>', 'index of the first network', networkIndex, 0)
    .addOption(new Option('--z <file>', 'the network of a point that cockpit has kept, instead').conflicts(['count', 'first', 'seed']))
    .addOption(new Option('--format <format>', 'when the ending of the file does not say').choices(['npz', 'safetensors']))
  addNetworkOptions(command)
    .addHelpText(
      'after',
      `
The file holds "weights" [n, weights], "index" [n], and "checkpoint", "seed" and "layout"; layout says
where each layer's kernel and bias lie in a row. With --z it holds "z" instead of index and seed.

Examples:
  ${host.program} sample latest -n 1000 --out networks.npz
  python -c "import numpy; print(numpy.load('networks.npz')['weights'].shape)"`,
    )
    .action((run: string, options: Options) =>
      session(host, options, { readOnly: true }, async (lab, output) => {
        const format = options.format ?? formatOf(options.out)
        const { hash } = lab.runs.checkpointRecord(lab.runs.get(run).id, options.at)
        const z = options.z === undefined ? undefined : Float32Array.from((await readPoint(options.z, hash)).z)
        await prepareOutput(options.out)
        const result = await lab.sampling.toFile(run, {
          ...networkChoice(options),
          count: options.count,
          first: options.first,
          path: options.out,
          format,
          ...omitUndefined({ z }),
        })
        output.result(result, `${plural(result.n, 'network')} in ${duration(result.seconds)}: ${result.path}`)
      }),
    )
}
