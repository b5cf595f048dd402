/** `networks import`. */
import { Option, type Command } from 'commander'
import { kernelLayouts } from '../../../methods/imported/schema.ts'
import { commandWords } from '../../../shared/command-line.ts'
import { layoutSchema, networkDoubts, trialInWords, type NetworkOptions, type NetworkPreview } from '../../../shared/network-import.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { presets } from '../../../shared/presets.ts'
import { count, plural } from '../../../shared/wording.ts'
import { importPreset } from '../../lab/runs/command-lines.ts'
import { targetInFile, type NetworkImportRequest } from '../../lab/runs/network-imports.ts'
import { documentFile } from '../../../shared/given-json.ts'
import { readGivenJson } from '../../lab/imports/given-file.ts'
import type { CliHost } from '../cli-host.ts'
import { collect, name } from '../option-values.ts'
import { FailedResult, type Output } from '../output.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { pairs } from '../tables.ts'
import { assignments } from './train.ts'

interface Options extends CommonOptions {
  data?: string
  target?: string
  set?: string[]
  layout?: NonNullable<NetworkOptions['layout']>
  modules?: string
  accept?: 'guessing'
  name?: string
  preview?: true
}

export function addNetworkCommands(program: Command, host: CliHost): void {
  const networks = program
    .command('networks')
    .summary('networks trained elsewhere: import')
    .description('Networks that were trained elsewhere, so that everything can be asked of them that is asked of a run.')

  networks
    .command('import <file...>')
    .summary('files of networks as a run')
    .description(
      `Makes a run of networks that were trained elsewhere, each of the target: safetensors, NPZ or ONNX, of a network each, or of several (under a number each, or one behind another in each array). Layers are told by names, order and shapes; numbers become float32. The networks are tried on validation images. Where the files may be read in more than one way, or a network is hardly better than guessing, nothing is kept, the exit code is 2, and the options that answer it are named.\nNothing trains them: network i is the i-th of the files, in their order.`,
    )
    .option('--data <n>', "data set that they classify, by name or hash (default: what the target's preset or document names)")
    .option(
      '--target <t>',
      `the network that they are: that of a preset or run, or a JSON file with a target or document (default: ${importPreset})`,
    )
    .option('--set <key=value>', 'change a setting, such as target.layers=@layers.json; may be given many times', collect)
    .addOption(
      new Option(
        '--layout <layout>',
        `how the axes of kernels lie; ${layoutSchema.options.map((one) => `${one}: ${kernelLayouts[one].words}`).join('; ')}`,
      ).choices(layoutSchema.options),
    )
    .option('--modules <names>', "names of the layers in the files, with commas between, in the order of the target's")
    .addOption(
      new Option('--accept <code>', `what is asked about, and meant so: guessing (${networkDoubts.guessing})`).choices(['guessing']),
    )
    .option('--name <name>', 'a name for the run, beside its id', name)
    .option('--preview', 'only show what was recognised; keep nothing')
    .addHelpText(
      'after',
      `
Examples:
  ${host.program} networks import population.safetensors --layout pytorch
  ${host.program} networks import nets/*.npz --data my-shapes --target calm-otter --preview
  ${host.program} networks import networks.npz   (what "sample" wrote: the same networks again)
Then: evaluate latest, ensemble latest, map latest, report latest. docs/pytorch/train-population.py trains such networks.`,
    )
    .action((paths: string[], options: Options) =>
      session(host, options, {}, async (lab, output) => {
        const { data, layout, modules, accept } = options
        const { from, settings } = await targetOf(options.target ?? importPreset, (id) => lab.runs.get(id).document)
        const request = {
          paths,
          from,
          settings: [...(settings ?? []), ...(await assignments(options))],
          options: omitUndefined({ layout, accept, modules: modules?.split(',').map((one) => one.trim()) }),
          ...omitUndefined({ data, name: options.name }),
        }
        const { preview, run } =
          options.preview === true
            ? { preview: await lab.networkImports.look(request), run: null }
            : await lab.networkImports.import(request)
        if (run === null) tell(preview, output)
        else
          output.result(
            { run: run.id, ...preview },
            `${describe(preview)}\nRun ${run.id}: ${plural(preview.networks, 'network')}, imported.\nNext: ${host.program} evaluate ${run.id} -n ${preview.networks}`,
          )
      }),
    )
}

/** Of a preset, a file or a run. @throws LabError `bad-input` for a file that cannot be read, `not-found` */
async function targetOf(words: string, documentOf: (run: string) => object): Promise<Pick<NetworkImportRequest, 'from' | 'settings'>> {
  if (Object.hasOwn(presets, words)) return { from: words, settings: [] }
  if (!/\.json$|[/\\]/.test(words)) return { from: { document: documentOf(words) }, settings: [] }
  return targetInFile(await readGivenJson(words, documentFile), words)
}

function tell(preview: NetworkPreview, output: Output): void {
  output.result(
    preview,
    [
      describe(preview),
      '',
      ...preview.doubts.flatMap(({ message, choices }) => [
        `Question: ${message}`,
        ...choices.map(({ words, options }) => `  ${optionsOf(options)}   ${words}`),
        '',
      ]),
      preview.doubts.length === 0
        ? 'Nothing was kept. Import them by leaving out --preview.'
        : 'Nothing was kept. Give the command again with an answer to each question.',
    ].join('\n'),
  )
  if (preview.doubts.length > 0) throw new FailedResult(2)
}

const optionsOf = (options: NetworkOptions): string =>
  commandWords(Object.entries(options).flatMap(([key, value]) => [`--${key}`, Array.isArray(value) ? value.join() : value]))

function describe({ networks, weights, source, modules, notes, readings }: NetworkPreview): string {
  return [
    pairs([
      ['files', source],
      ['networks', `${count(networks)} of ${plural(weights, 'weight')} each`],
      ['layers', modules.join(', ')],
      ...readings.map(({ layout, ...trial }): [string, string] => [layout, trialInWords(trial)]),
    ]),
    ...notes.map((note) => `note: ${note}`),
  ].join('\n')
}
