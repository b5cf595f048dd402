/** `export`. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { LabError } from '../../../shared/errors.ts'
import { assertFormat, exportFormats } from '../../lab/exports/exports.ts'
import type { ExportSubject } from '../../../shared/export-subject.ts'
import type { ExportFormat } from '../../lab/exports/exports.ts'
import { makeOutputFolder, prepareOutput } from '../../lab/exports/output.ts'
import { count } from '../../../shared/wording.ts'
import { networkCount, networkIndex, wholeNumber } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import type { CliHost } from '../cli-host.ts'
import { addNetworkOptions, networkChoice } from './choices.ts'
import type { NetworkOptions } from './choices.ts'

interface Options extends CommonOptions, NetworkOptions {
  network?: number
  student?: number | true
  ensemble?: number
  hypernetwork?: boolean
  format: ExportFormat
  out: string
}

export function addExportCommand(program: Command, host: CliHost): void {
  const command = program
    .command('export <run>')
    .summary('networks for use elsewhere, or what makes them')
    .description(
      'Writes one network: a sampled one by its index, or a student, the newest where none is named. As a model (TensorFlow.js, ONNX) it takes images [n, height, width, channels] with values from 0 to 1 and gives probabilities [n, classes]; as arrays (NPZ, safetensors) it is layers.I.kernel [height, width, in, out] and layers.I.bias. An ensemble is one ONNX model that gives the mean of the probabilities of its networks, and votes: the share of them that each class is the answer of. The hypernetwork is a model (ONNX, TensorFlow.js) from z [n, latent] to the arrays of n networks, gauge fixed, or its own parameters (NPZ, safetensors). docs/python.md shows what to do with each.',
    )
    .option('--network <i>', 'index of a sampled network', networkIndex)
    .option('--student [id]', 'the newest student, or that of a distillation by the number of its result', wholeNumber(1))
    .option('--ensemble <k>', 'the first K networks as one model', networkCount(1))
    .option('--hypernetwork', 'what makes the networks')
    .addOption(new Option('--format <format>', 'what to write').choices(exportFormats).makeOptionMandatory())
    .requiredOption('--out <path>', 'file to write; for tfjs a folder')
  addNetworkOptions(command)
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} export latest --network 17 --format npz --out network-17.npz\n  ${host.program} export latest --student --format safetensors --out student.safetensors\n  ${host.program} export latest --student --format tfjs --out student\n  ${host.program} export latest --ensemble 100 --format onnx --out ensemble.onnx\n  ${host.program} export latest --hypernetwork --format onnx --out hypernetwork.onnx`,
    )
    .action((id: string, options: Options) =>
      session(host, options, { readOnly: true }, async (lab, output) => {
        const subjects: ExportSubject[] = [
          ...(options.network === undefined ? [] : [{ network: options.network }]),
          ...(options.student === undefined ? [] : [options.student === true ? ('student' as const) : { student: options.student }]),
          ...(options.ensemble === undefined ? [] : [{ ensemble: options.ensemble }]),
          ...(options.hypernetwork === true ? ['hypernetwork' as const] : []),
        ]
        if (subjects.length !== 1) {
          throw new LabError(
            'invalid-argument',
            'Say what to write: a sampled network, the student, an ensemble or the hypernetwork.',
            'Give one of --network I, --student, --ensemble K and --hypernetwork.',
          )
        }
        lab.runs.get(id)
        assertFormat(subjects[0], options.format)
        if (options.format === 'tfjs') makeOutputFolder(options.out)
        else await prepareOutput(options.out)
        const result = await lab.exports.toFile(id, {
          ...networkChoice(options),
          what: subjects[0],
          format: options.format,
          path: options.out,
        })
        output.result(
          result,
          `${count(result.weights)} ${options.hypernetwork === true ? 'numbers' : 'weights'}: ${result.path}\n${result.checked}`,
        )
      }),
    )
}
