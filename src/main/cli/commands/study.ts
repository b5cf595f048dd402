/** `study run`, `study show`, `study list`, `study export` and `study remove`. */
import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { comparable } from '../../../analyses/comparable.ts'
import type { StudyDetails } from '../../../shared/contract/studies.ts'
import { LabError } from '../../../shared/errors.ts'
import { studyFile } from '../../../shared/given-json.ts'
import { maxNetworks } from '../../../shared/network-count.ts'
import { presets } from '../../../shared/presets.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { splitSchema } from '../../../shared/split.ts'
import { columnInWords, headOfColumn, seedsOfAll, seedValueAsFields, valueOf } from '../../../shared/statistics/over-seeds.ts'
import { writeSeeds } from '../../../shared/seeds.ts'
import {
  budgetInWords,
  imagesInWords,
  referee,
  secondsOf,
  stepsInWords,
  usualImages,
  type Budget,
  type Study,
} from '../../../shared/study.ts'
import { bytes, count, duration, plural } from '../../../shared/wording.ts'
import { prepareOutput } from '../../lab/exports/output.ts'
import { readGivenJson } from '../../lab/imports/given-file.ts'
import { runsAsked, variedKeys } from '../../../shared/sweep.ts'
import { unaskedInWords } from '../../../shared/unasked.ts'
import type { StudyProgress } from '../../lab/studies/studies.ts'
import type { Lab } from '../../lab/lab.ts'
import type { CliHost } from '../cli-host.ts'
import { collect, seeds, wholeNumber, words } from '../option-values.ts'
import type { Output } from '../output.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { pairs, table } from '../tables.ts'
import { exportedInWords } from './runs.ts'
import { assignments } from './train.ts'

interface RunOptions extends CommonOptions {
  presets?: string[]
  data: string
  seeds?: number[]
  set?: string[]
  minutes?: number
  trainImages?: number
  steps?: number
  asPresets?: true
  networks?: number
  split: Study['split']
  images: number
  analyses?: string[]
}

/** Without a default: they were typed. */
const typedOptions = ['presets', 'seeds', 'set', 'minutes', 'trainImages', 'steps', 'asPresets', 'networks', 'analyses'] as const

export function addStudyCommands(program: Command, host: CliHost): void {
  const study = program
    .command('study')
    .summary('several methods under one budget, side by side')
    .description(
      'Trains several methods over the same seeds with the same budget, asks the networks of each the same, and puts all into one table.',
    )

  const run = study
    .command('run <study>')
    .summary('train and ask what is not there yet')
    .description(
      'Begins the study of this name, or goes on with it: what is trained and found already is not made again. STUDY is a name, or a JSON file as `study show --json` gives it. A new one is of every method unless options say otherwise; the options of one that is there are what they were.',
    )
    .option('--presets <list>', `which, with commas between, of ${Object.keys(presets).join(', ')} (default: one of each method)`, words)
    .option('--data <n>', 'data set, by name or hash', referee.data)
    .option(
      '--set <key=value>',
      'change a setting of every preset; may be given many times; key=@FILE reads its value from a JSON file',
      collect,
    )
    .option('--seeds <list>', 'seeds of each, such as 1..3 or 1,4,9 (default: 1..3)', seeds)
    .option('--minutes <m>', "budget instead: minutes of training each, by this machine's clock", wholeNumber(1, 10_000))
    .addOption(
      new Option('--train-images <n>', `budget: training images shown to all networks of a run together (default: ${usualImages})`)
        .argParser(wholeNumber(1, 1e12))
        .conflicts(['minutes', 'steps', 'asPresets']),
    )
    .addOption(
      new Option('--steps <n>', 'budget instead: training steps')
        .argParser(wholeNumber(1, 10_000_000))
        .conflicts(['minutes', 'trainImages', 'asPresets']),
    )
    .addOption(new Option('--as-presets', 'budget instead: as long as each preset says').conflicts(['minutes']))
  askedOptions(run, referee)
    .addHelpText(
      'after',
      `
Examples:
  ${host.program} study run referee                       every method, ${count(usualImages)} training images each, three seeds
  ${host.program} study run small --presets mnist-quick,mnist-ensemble --steps 200 --seeds 1..2
  ${host.program} study run referee                       again: goes on where it was left`,
    )
    .action((given: string, options: RunOptions) =>
      session(host, options, {}, async (lab, output) => {
        const isTyped = typedOptions.some((option) => options[option] !== undefined)
        const name = await keepStudy(lab, output, given, isTyped, () => studyOf(options))
        const details = await lab.studies.run(name, stagesTo(output))
        output.result(asFields(details), inWords(details))
      }),
    )

  study
    .command('show <study>')
    .summary('its table, as far as it has come')
    .description(
      'Shows what came out of each method, with ranks where intervals of differences over seeds carry them. With --out it goes into a file.',
    )
    .option('--out <file>', 'file to write: .tex (a table), .csv (every number) or .svg (mean ranks over seeds)')
    .option('--column <label>', 'the number that the picture is of (default: the first that can be ranked)')
    .addHelpText('after', `\nExamples:\n  ${host.program} study show referee\n  ${host.program} study show referee --out referee.tex`)
    .action((name: string, { out, column, ...options }: CommonOptions & { out?: string; column?: string }) =>
      session(host, options, { readOnly: true }, (lab, output) =>
        showOrWrite(output, lab.studies.get(name), omitUndefined({ out, column }), inWords),
      ),
    )

  study
    .command('list')
    .summary('the studies there are')
    .description('Lists the studies in the data folder.')
    .action((options: CommonOptions) =>
      session(host, options, { readOnly: true }, (lab, output) => {
        const { studies, lost } = lab.studies.list()
        const rows = studies.map(({ name, study: one, done }) => [
          name,
          String(one.presets.length),
          variedKeys(one).join(', '),
          writeSeeds(one.seeds),
          budgetInWords(one.budget),
          `${done} of ${runsAsked(one)}`,
        ])
        const text =
          rows.length === 0
            ? `There are no studies yet. Begin one with: ${host.program} study run referee`
            : table(['name', 'presets', 'varied', 'seeds', 'budget', 'runs over'], rows)
        output.result({ studies, lost }, [text, ...lost.map(({ why }) => why)].join('\n'))
      }),
    )

  addStudyExport(study, host, 'study')

  study
    .command('remove <study>')
    .summary('forget a study; its runs stay')
    .description('Removes the study alone: its runs and what was found of them stay.')
    .action((name: string, options: CommonOptions) => session(host, options, {}, (lab, output) => removeStudy(lab, output, name)))
}

/**
 * Keeps a study, where there is none of the name. @param given name, or a file @param isTyped what decides a new one was typed
 * @returns its name
 */
export async function keepStudy(lab: Lab, output: Output, given: string, isTyped: boolean, studyOf: () => Promise<Study>): Promise<string> {
  const isThere = lab.store.studies.has(given)
  if (!isThere && given.toLowerCase().endsWith('.json')) {
    const { name, study } = await readStudy(given)
    return (await lab.studies.keep(name, study)).name
  }
  if (isThere) {
    if (isTyped) output.note(`The study ${given} is there already: what was typed beside its name changes nothing.`)
    return given
  }
  return (await lab.studies.keep(given, await studyOf())).name
}

async function studyOf(options: RunOptions): Promise<Study> {
  const { presets: chosen, seeds: over, analyses, data, split, images, networks = null, set = [] } = options
  return {
    ...referee,
    ...omitUndefined({ presets: chosen, seeds: over, analyses }),
    ...{ data, split, images, networks, budget: budgetOf(options) },
    settings: (await assignments({ set })) as Study['settings'],
  }
}

/** Says what is done next, and how far it is. */
export const stagesTo = (output: Output): StudyProgress => ({
  onStage: (said, { number, of }) => output.note(`${number + 1} of ${of}: ${said}`),
  onUnasked: (said, { message }) => output.note(`Left out: ${said}. ${message}`),
})

/** What is asked of the networks, which every study has. */
export const askedOptions = (command: Command, defaults: Pick<Study, 'split' | 'images' | 'analyses'>): Command =>
  command
    .option(
      '-n, --networks <n>',
      'networks asked of each, at most (default: as many as the one with fewest has, at most 50)',
      wholeNumber(1, maxNetworks),
    )
    .addOption(new Option('--split <s>', 'which images').choices(splitSchema.options).default(defaults.split))
    .option('--images <n>', 'how many of them, at most', wholeNumber(1), defaults.images)
    .option(
      '--analyses <list>',
      `what is asked, with commas between, of ${comparable.map(({ kind }) => kind).join(', ')} (default: ${defaults.analyses.join(',')})`,
      words,
    )

/** Shows a study, or writes it into a file. */
export async function showOrWrite(
  output: Output,
  details: StudyDetails,
  { out, column }: { out?: string; column?: string },
  inWords: (details: StudyDetails) => string,
): Promise<void> {
  if (out === undefined) {
    output.result(asFields(details), inWords(details))
    return
  }
  const { name } = details
  const path = resolve(out)
  // What draws is loaded when a file is asked for.
  const { studyFormatOf, writeStudy } = await import('../../lab/studies/files.ts')
  const format = studyFormatOf(path)
  await prepareOutput(path)
  await writeStudy(details, path, format, column)
  output.result(
    { name, path },
    pairs([
      ['study', name],
      ['file', path],
    ]),
  )
}

/** `export`, of studies as of sweeps. */
export const addStudyExport = (command: Command, host: CliHost, kind: 'study' | 'sweep'): Command =>
  command
    .command(`export <${kind}>`)
    .summary('it and its runs as one file, for another lab')
    .description(
      `Writes the ${kind} and the runs that there are of it into one file, with data sets, checkpoints, results and notes. Another lab imports it with \`runs import\`, and can go on with the ${kind}.`,
    )
    .requiredOption('--out <file>', `file to write, such as ${kind}.weightscape`)
    .action((name: string, { out, ...options }: CommonOptions & { out: string }) =>
      session(host, options, { readOnly: true }, async (lab, output) => {
        const ids = lab.studies.get(name).rows.flatMap(({ runs }) => runs.map(({ run }) => run))
        await prepareOutput(out)
        const written = await lab.moving.export(ids, out, [name])
        output.result(written, exportedInWords(written))
      }),
    )

export async function removeStudy(lab: Lab, output: Output, name: string): Promise<void> {
  await lab.slurm.remove(name)
  output.result({ name }, `The study ${name} is gone; its runs stay.`)
}

function budgetOf({ minutes, trainImages, steps, asPresets }: RunOptions): Budget {
  if (asPresets) return { kind: 'preset' }
  if (steps !== undefined) return { kind: 'steps', steps }
  if (trainImages !== undefined) return { kind: 'images', images: trainImages }
  return minutes === undefined ? referee.budget : { kind: 'seconds', seconds: 60 * minutes }
}

/** @throws LabError `not-found`, `bad-input` */
async function readStudy(path: string): Promise<{ name: string; study: Study }> {
  const { name, study } = Object(await readGivenJson(path, studyFile)) as { name?: unknown; study?: unknown }
  const missing = typeof name !== 'string' ? 'name' : study === undefined ? 'study' : null
  if (missing !== null) throw new LabError('bad-input', `The study ${path} has no "${missing}".`, studyFile.remedy)
  return { name, study } as { name: string; study: Study }
}

/** Why numbers lack, where any do. */
export const leftOut = (unasked: StudyDetails['unasked']): string[] => (unasked.length === 0 ? [] : [unaskedInWords(unasked).join('\n')])

export const asFields = (details: StudyDetails) => ({
  ...details,
  rows: details.rows.map((row) => ({ ...row, values: row.values.map(seedValueAsFields) })),
})

function inWords({ name, study, rows, columns, done, unasked }: StudyDetails): string {
  const runs = rows.length * study.seeds.length
  const head = pairs([
    ['study', name],
    ['budget', budgetInWords(study.budget)],
    ['seeds', writeSeeds(study.seeds)],
    ['asked on', imagesInWords(study)],
    ['runs', `${done} of ${plural(runs, 'run')} over`],
  ])
  const training = table(
    ['method', 'runs', 'steps', 'trained', 'networks asked', 'checkpoint', 'one more network'],
    rows.map(({ title, runs: made, networks, bytes: size, another }) => [
      title,
      made.map(({ run, state }) => (state === 'finished' ? run : `${run} (${state})`)).join(', ') || 'not begun',
      stepsInWords(made),
      duration(secondsOf(made)),
      networks === null ? '' : count(networks),
      size === null ? '' : bytes(size),
      another === null ? '' : `${(1000 * another).toPrecision(2)} ms`,
    ]),
  )
  const tables = columns.map(({ label, unit, best, ranks, overSeeds: ranked }) => {
    const all = columnInWords(rows, label)
    const seeds = seedsOfAll(rows.map((row) => valueOf(row, label)))
    const cells = rows.map(({ title }, at) => {
      const told = all[at]
      return [
        title,
        told?.mean ?? '–',
        told?.deviation ?? '',
        ...(seeds === null ? [told?.over ?? ''] : []),
        ranks[at] === null ? '' : String(ranks[at]),
        ranked === null ? '' : ranked.means[at].toFixed(2),
      ]
    })
    const critical = ranked?.critical ?? null
    const note =
      critical === null ? '' : `\nMean ranks that lie less than ${critical.toFixed(2)} apart cannot be told apart (Nemenyi, 5 %).`
    const heads = ['method', 'mean', 'over seeds', ...(seeds === null ? ['seeds'] : []), 'rank', 'mean rank']
    return `${headOfColumn({ label, unit })} (${best} is best${seeds === null ? '' : `; ${seeds}`})\n${table(heads, cells)}${note}`
  })
  return [head, training, ...leftOut(unasked), ...tables].join('\n\n')
}
