/** A command for each analysis, made from its definition. */
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { extname, resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import type { Analysis } from '../../../analyses/analysis.ts'
import { basisInWords, basisOf } from '../../../analyses/basis.ts'
import { idleOption, optionFacts, type OptionFacts } from '../../../analyses/option-facts.ts'
import { analyses } from '../../../analyses/registry.ts'
import type { AnalysisKind } from '../../../analyses/registry.ts'
import type { StoredResult } from '../../lab/records.ts'
import type { Lab } from '../../lab/lab.ts'
import { prepareOutput } from '../../lab/exports/output.ts'
import { formatByEnding } from '../../lab/formats/ending.ts'
import { columnsOf, writeColumns } from '../../lab/results/columns.ts'
import { readDocument } from '../../lab/imports/given-file.ts'
import type { CliHost } from '../cli-host.ts'
import { indices, networkCount, optionOf } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { pairs, table } from '../tables.ts'
import { LabError } from '../../../shared/errors.ts'
import { seedValueAsFields } from '../../../shared/statistics/over-seeds.ts'
import { plural } from '../../../shared/wording.ts'
import type { Run } from '../../lab/records.ts'
import type { Output } from '../output.ts'
import { overSeedsInWords } from './runs.ts'
import { addImageOptions, addNetworkOptions, imageChoice, networkChoice } from './choices.ts'
import type { ImageOptions, NetworkOptions } from './choices.ts'

interface Options extends CommonOptions, NetworkOptions, ImageOptions {
  count?: number
  networks?: number[]
  where?: string
  fresh?: boolean
  overSeeds?: boolean
  format?: 'csv' | 'json'
}

export function addAnalysisCommands(program: Command, host: CliHost): void {
  for (const analysis of analyses) addAnalysisCommand(program, host, analysis)
}

function addAnalysisCommand(program: Command, host: CliHost, analysis: Analysis): void {
  const { networks, images, examples, help = '' } = analysis
  const command = program.command(`${analysis.command} <run>`).summary(analysis.summary).description(analysis.description)
  const count = new Option('-n, --count <n>', networks.help).argParser(networkCount(networks.min))
  if (networks.default !== undefined) count.default(networks.default)
  command.addOption(networks.count === undefined ? count.makeOptionMandatory() : count)
  if (networks.choose !== undefined) {
    command
      .option('--networks <list>', networks.choose, indices)
      .addOption(
        new Option('--where <filter>', 'the same by what a map or test says of them, such as "accuracy > 0.95 and nearest > 10"').conflicts(
          'networks',
        ),
      )
  }
  const own = optionFacts(analysis)
  for (const facts of own) command.addOption(optionOf(facts))
  if (images !== null) {
    addImageOptions(command, images)
    if (images.without !== undefined) command.option(`--no-${images.without.flag}`, images.without.help)
  }
  addNetworkOptions(command)
  if (analysis.reuses) command.option('--fresh', 'compute it again although the result is stored')
  command.addOption(
    new Option('--over-seeds', 'the same of every repeat of the run, with mean and deviation over seeds').conflicts([
      'networks',
      'where',
      'out',
    ]),
  )
  if (analysis.columns !== undefined) {
    command
      .option('--out <file>', 'file to write: .csv or .json (default: kept in the data folder, as CSV)')
      .addOption(new Option('--format <format>', 'when the ending of the file does not say').choices(['csv', 'json']))
  }
  const lines = examples.map((example) => `  ${host.program} ${analysis.command} ${example}`)
  command.addHelpText('after', `\n${help === '' ? '' : `${help}\n\n`}Examples:\n${lines.join('\n')}`)
  command.action((id: string, options: Options & Record<string, unknown>) =>
    session(host, options, {}, async (lab, output) => {
      const out = options.out === undefined ? undefined : resolve(options.out)
      const format =
        options.format ??
        (out === undefined || extname(out) === '' ? 'csv' : formatByEnding<'csv' | 'json'>(out, ['csv', 'json'], 'format'))
      tellIdle(command, own, options, output)
      const run = lab.runs.get(id)
      if (out !== undefined) await prepareOutput(out)
      const on =
        images === null || (images.without !== undefined && options[images.without.flag] === false)
          ? {}
          : chosenImages(command, options, run)
      const networks = options.where === undefined ? options.networks : await lab.analyses.where(id, options.where, networkChoice(options))
      const request = {
        ...networkChoice(options),
        ...on,
        ...omitUndefined({ count: options.count, networks }),
        kind: analysis.kind as AnalysisKind,
        // What was not typed may depend on the number of networks.
        options: Object.fromEntries(
          await Promise.all(
            own
              .filter(({ key }) => command.getOptionValueSource(key) === 'cli')
              .map(async (facts) => [facts.key, await withDocuments(facts, options[facts.key])] as const),
          ),
        ),
        fresh: options.fresh === true,
      }
      if (options.overSeeds === true) {
        await overSeeds(lab, output, analysis, run, request)
        return
      }
      const { result, reused } = await lab.analyses.run(id, request)
      const written = analysis.columns === undefined ? null : await write(lab, result, format, out)
      const path = written?.path ?? result.file?.path
      output.result(
        {
          ...{ run: result.run, step: result.step, checkpoint: result.checkpoint, seed: result.seed },
          basis: basisOf(result),
          ...result.result,
          options: result.options,
          ...(analysis.reuses ? { reused } : {}),
          ...(path === undefined ? {} : { path }),
          ...(written === null ? {} : { values: written.names.filter((name) => name !== 'x' && name !== 'y') }),
        },
        inWords(analysis, result, { reused, path, names: written?.names }),
      )
    }),
  )
}

/** Targets that are named by a document's file are written out. @throws LabError `bad-input` */
async function withDocuments({ type }: OptionFacts, value: unknown): Promise<unknown> {
  const read = async (name: string) => (extname(name) === '.json' ? JSON.stringify(await readDocument(name)) : name)
  if (type === 'target') return read(String(value))
  return type === 'targets' ? Promise.all((value as string[]).map(read)) : value
}

/** What was typed and changes nothing is said, and passed over: commands of older results may have it. */
function tellIdle(command: Command, own: readonly OptionFacts[], options: Record<string, unknown>, output: Output): void {
  for (const facts of own) {
    const wanted = command.getOptionValueSource(facts.key) === 'cli' ? idleOption(facts, options) : undefined
    if (wanted !== undefined) output.note(`${optionOf(facts).long} has no effect without ${wanted}.`)
  }
}

/** The same of each repeat, one after another; those without a checkpoint are named. */
async function overSeeds(
  lab: Lab,
  output: Output,
  analysis: Analysis,
  run: Run,
  request: Parameters<Lab['analyses']['run']>[1],
): Promise<void> {
  const repeats = lab.repeats.of(run)
  if (repeats.length === 0) {
    throw new LabError(
      'invalid-argument',
      `${run.id} has no repeats: there is no run that differs from it in the seed alone.`,
      'Repeat it with the command that made it, and --seeds in the place of its seed.',
    )
  }
  const [ready, bare] = [repeats.filter(hasCheckpoint(lab)), repeats.filter((one) => !hasCheckpoint(lab)(one))]
  for (const { id, seed } of bare) output.note(`Seed ${seed} (${id}) is left out: it has no checkpoint yet.`)
  const found: StoredResult[] = []
  for (const { id, seed } of ready) {
    const { result } = await lab.analyses.run(id, request)
    output.item('found', { run: id, seed, basis: basisOf(result), ...result.result })
    output.note(`Seed ${seed} (${id}): ${analysis.headline(result)}.`)
    found.push(result)
  }
  const together = lab.repeats.found(repeats, found)
  const fields = { ...together, values: together.values.map(seedValueAsFields) }
  const told = together.values.length === 0 ? `${analysis.title} of ${plural(found.length, 'run')}: it has no number to compare.` : ''
  output.result(fields, told === '' ? overSeedsInWords(together) : told)
}

const hasCheckpoint =
  (lab: Lab) =>
  ({ id }: { id: string }): boolean =>
    lab.store.checkpoints.list(id).some(({ damaged }) => !damaged)

const chosenImages = (
  command: Command,
  options: Options,
  { document }: { document: { data: { split: Record<Options['split'], number> } } },
) => imageChoice(command, options, document.data.split[options.split])

async function write(
  lab: Lab,
  result: StoredResult,
  format: 'csv' | 'json',
  path: string | undefined,
): Promise<{ path: string; names: string[] }> {
  return {
    path: await writeColumns(lab.store, result, format, path),
    names: Object.keys(await columnsOf(lab.store, result)),
  }
}

/** As the terminal shows it: pairs, tables, sentences, a blank line between. */
function inWords(
  analysis: Analysis,
  result: StoredResult,
  { reused, path, names }: { reused: boolean; path: string | undefined; names: string[] | undefined },
): string {
  const { rows = [], tables = [], notes = [] } = analysis.show(result)
  const { checkpoint } = result
  const entries = [
    ...rows,
    ['basis', `${basisInWords(basisOf(result))}, checkpoint ${String(checkpoint).slice(0, 12)}`] as const,
    ...(names === undefined ? [] : [['columns', inShort(['index', ...names])] as const]),
    ...(path === undefined ? [] : [[names === undefined ? 'kept in' : 'file', path] as const]),
  ]
  const sentences = [...notes, ...(reused ? ['It was computed before.'] : [])]
  const blocks = [
    entries.length === 0 ? '' : pairs(entries),
    ...tables.map(({ title, columns, rows: cells }) => `${tables.length > 1 ? `${title}\n` : ''}${table(columns, cells)}`),
    sentences.join('\n'),
  ]
  return blocks.filter((block) => block !== '').join('\n\n')
}

/** Names that stand in one line. */
const shownNames = 12
const inShort = (names: readonly string[]): string =>
  names.length <= shownNames ? names.join(', ') : `${names.slice(0, shownNames).join(', ')} and ${names.length - shownNames} more`
