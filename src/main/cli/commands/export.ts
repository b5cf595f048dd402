/** `export`. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { LabError } from '../../../shared/errors.ts'
import { exportFormats } from '../../lab/exports/exports.ts'
import type { ExportFormat } from '../../lab/exports/exports.ts'
import { makeOutputFolder, prepareOutput } from '../../lab/exports/output.ts'
import { networkIndex } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import type { CliHost } from '../cli-host.ts'
import { addNetworkOptions, networkChoice } from './choices.ts'
import type { NetworkOptions } from './choices.ts'

interface Options extends CommonOptions, NetworkOptions {
  network?: number
  student?: boolean
  format: ExportFormat
  out: string
}

export function addExportCommand(program: Command, host: CliHost): void {
  const command = program
    .command('export <run>')
    .summary('one network for use elsewhere')
    .description(
      'Writes one network: a sampled one by its index, or the newest student. As a model (TensorFlow.js, ONNX) it takes images [n, height, width, channels] with values from 0 to 1 and gives probabilities [n, classes]; as arrays (NPZ, safetensors) it is layers.I.kernel [height, width, in, out] and layers.I.bias.',
    )
    .option('--network <i>', 'index of a sampled network', networkIndex)
    .option('--student', 'the newest student')
    .addOption(new Option('--format <format>', 'what to write').choices(exportFormats).makeOptionMandatory())
    .requiredOption('--out <path>', 'file to write; for tfjs a folder')
  addNetworkOptions(command)
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} export latest --network 17 --format npz --out network-17.npz\n  ${host.program} export latest --student --format safetensors --out student.safetensors\n  ${host.program} export latest --student --format tfjs --out student`,
    )
    .action((id: string, options: Options) =>
      session(host, options, { readOnly: true }, async (lab, output) => {
        if ((options.network === undefined) === (options.student !== true)) {
          throw new LabError(
            'invalid-argument',
            'Say which network: a sampled one or the student.',
            'Give either --network I or --student.',
          )
        }
        lab.runs.get(id)
        if (options.format === 'tfjs') makeOutputFolder(options.out)
        else await prepareOutput(options.out)
        const result = await lab.exports.toFile(id, {
          ...networkChoice(options),
          what: options.network === undefined ? 'student' : { network: options.network },
          format: options.format,
          path: options.out,
        })
        output.result(result, `${result.weights} weights: ${result.path}\n${result.checked}`)
      }),
    )
}
