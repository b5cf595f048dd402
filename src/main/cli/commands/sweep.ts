/** `sweep run`, `sweep show`, `sweep list`, `sweep export`, `sweep remove`, and those for Slurm: studies that vary settings. */
import { Option, type Command } from 'commander'
import type { StudyDetails } from '../../../shared/contract/studies.ts'
import { commandLine } from '../../../shared/command-line.ts'
import { LabError } from '../../../shared/errors.ts'
import type { GivenKind } from '../../../shared/given-json.ts'
import { quoted } from '../../../shared/names.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { presets } from '../../../shared/presets.ts'
import { writeSeeds } from '../../../shared/seeds.ts'
import { columnInWords, headOfColumn } from '../../../shared/statistics/over-seeds.ts'
import { budgetInWords, imagesInWords, secondsOf, sweepDefaults, type Study } from '../../../shared/study.ts'
import { baseOf } from '../../../shared/sweep-base.ts'
import { bestOfStudy } from '../../../shared/best-of-study.ts'
import { headOf, isSweep, readRange, readValues, runsAsked, settingInWords, variedKeys } from '../../../shared/sweep.ts'
import { count, duration, plural } from '../../../shared/wording.ts'
import type { SlurmOptions } from '../../lab/studies/slurm-template.ts'
import type { Lab } from '../../lab/lab.ts'
import { readDocument, readGiven } from '../../lab/imports/given-file.ts'
import type { CliHost } from '../cli-host.ts'
import { collect, seed, seeds, steps, wholeNumber, words } from '../option-values.ts'
import type { Output } from '../output.ts'
import { slurmTemplate } from '../slurm-job.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { pairs, table } from '../tables.ts'
import { addStudyExport, asFields, askedOptions, keepStudy, leftOut, removeStudy, showOrWrite, stagesTo } from './study.ts'
import { assignments } from './train.ts'

const templateFile: GivenKind = { what: 'template', most: 1_000_000, remedy: 'Give a job script.' }

interface RunOptions extends CommonOptions {
  preset?: string[]
  run?: string
  document?: string
  data?: string
  set?: string[]
  vary?: string[]
  random?: string[]
  trials?: number
  randomSeed?: number
  seeds?: number[]
  steps?: number
  networks?: number
  split: Study['split']
  images: number
  analyses?: string[]
}

/** Without a default: they were typed. */
const typed = ['preset', 'run', 'document', 'data', 'set', 'vary', 'random', 'trials', 'seeds', 'steps', 'networks', 'analyses'] as const

export function addSweepCommands(program: Command, host: CliHost): void {
  const sweep = program
    .command('sweep')
    .summary('settings varied over a grid or at random, each over seeds')
    .description(
      'Trains one run for each value of settings and each seed, asks all the same, and puts what came out into one table. A sweep is a study that varies settings: its runs are ordinary ones.',
    )

  const run = sweep
    .command('run <sweep>')
    .summary('train and ask what is not there yet')
    .description(
      'Begins the sweep of this name, or goes on with it: what is trained and found already is not made again. SWEEP is a name, or a JSON file as `sweep show --json` gives it. The options of one that is there are what they were.',
    )
  sweepOptions(run)
    .addHelpText(
      'after',
      `
Examples:
  ${host.program} sweep run frontier --preset mnist-quick --vary method.lambda=100,1000,10000
  ${host.program} sweep run frontier                          again: goes on where it was left
  ${host.program} sweep run wider --run calm-otter --vary method.lambda=300,1000 --vary training.learningRate=0.01,0.003
  ${host.program} sweep run search --preset mnist-quick --random method.lambda=10..1e5:log --trials 20 --seeds 1`,
    )
    .action((given: string, options: RunOptions) =>
      session(host, options, {}, async (lab, output) => {
        const name = await keepSweep(lab, output, given, options)
        const details = await lab.studies.run(name, stagesTo(output))
        output.result(asFields(details), inWords(host, details))
      }),
    )

  sweep
    .command('show <sweep>')
    .summary('its table, as far as it has come')
    .description(
      'Shows what came out of each setting, means over seeds with intervals, and which was best on the images that were asked. With --out it goes into a file.',
    )
    .option('--out <file>', 'file to write: .tex (tables), .csv (every number) or .svg (accuracy against diversity)')
    .option('--column <label>', 'of the picture: the number that lies along its height (default: Mean network)')
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} sweep show frontier\n  ${host.program} sweep show frontier --out frontier.svg --column Ensemble`,
    )
    .action((name: string, { out, column, ...options }: CommonOptions & { out?: string; column?: string }) =>
      session(host, options, { readOnly: true }, (lab, output) =>
        showOrWrite(output, lab.studies.get(name), omitUndefined({ out, column }), (details) => inWords(host, details)),
      ),
    )

  const submit = sweep
    .command('submit <sweep>')
    .summary('train what is left of it on a Slurm cluster')
    .description(
      'Writes an array job and gives it to Slurm: each task trains one run in a data folder of its own, below that of the lab, which all nodes must see. A task that is preempted or runs out of time pauses with a checkpoint and goes on when it is queued again. Asked again, it submits what was lost: runs that are neither over nor in the queue (one that failed is over). Afterwards: sweep gather, then sweep run, which asks the networks. A new sweep is made as by sweep run.',
    )
    .option('--slurm', 'to Slurm, by sbatch: the one kind of cluster there is')
    .option('--partition <name>', 'where it runs (default: as the cluster says)')
    .option('--time <limit>', 'of a task, as Slurm writes it: 2:00:00')
    .option('--cores <n>', 'cores of a task', wholeNumber(1, 4096))
    .option('--account <name>', 'who pays for it')
    .option('--template <file>', 'a job script of your own, with places such as {{array}} (default: the one below)')
  sweepOptions(submit)
    .addHelpText(
      'after',
      `\nThe template:\n${slurmTemplate.replace(/^/gm, '  ')}\nExamples:\n  ${host.program} sweep submit frontier --slurm --partition cpu --time 2:00:00 --cores 8`,
    )
    .action((given: string, options: RunOptions & SlurmOptions & { slurm?: true; template?: string }) =>
      session(host, options, {}, async (lab, output) => {
        const { slurm, partition, time, cores, account } = options
        if (slurm === undefined) throw new LabError('invalid-argument', 'It is not said where the sweep is submitted to.', 'Give --slurm.')
        const name = await keepSweep(lab, output, given, options)
        const template = options.template === undefined ? slurmTemplate : await readGiven(options.template, templateFile)
        const { folder, job, tasks, script } = await lab.slurm.submit(name, omitUndefined({ partition, time, cores, account }), template)
        output.result(
          { name, job, tasks, folder, script },
          `${plural(tasks, 'task')} submitted as job ${job}: ${script}\nThen: ${commandLine(['sweep', 'status', name])}; ${commandLine(['sweep', 'gather', name])}`,
        )
      }),
    )

  sweep
    .command('status <sweep>')
    .summary('how its tasks on Slurm stand')
    .description('Shows each task: its run, how far it is, and whether it waits or runs.')
    .action((name: string, options: CommonOptions) =>
      session(host, options, { readOnly: true }, async (lab, output) => {
        const tasks = await lab.slurm.status(name)
        output.result(
          { name, tasks },
          table(
            ['run', 'state', 'step', 'queue', 'gathered'],
            tasks.map(({ run, state, step, steps, queue, gathered }) => [
              run,
              state,
              `${step}/${steps}`,
              queue ?? '',
              gathered ? 'yes' : '',
            ]),
          ),
        )
      }),
    )

  sweep
    .command('gather <sweep>')
    .summary('bring runs that ended on Slurm into the lab')
    .description('Brings runs that are over, with checkpoints, curves and log, into this lab: each whole or not at all, and none twice.')
    .action((name: string, options: CommonOptions) =>
      session(host, options, {}, async (lab, output) => {
        const { gathered, left, trash, lost } = await lab.slurm.gather(name, (id) => output.note(`Gathered ${id}.`))
        output.result(
          { name, gathered, left, trash, lost },
          `${[
            `${plural(gathered.length, 'run')} gathered`,
            left.length === 0 ? 'none is left' : `${plural(left.length, 'run')} not over yet`,
            ...(trash.length === 0 ? [] : [`in the trash here: ${trash.join(', ')}`]),
            ...(lost.length === 0 ? [] : [`their folders cannot be read, submit again: ${lost.join(', ')}`]),
          ].join('; ')}.\nNext: ${commandLine(['sweep', 'run', name])}   (ask the networks, and train here what is left)`,
        )
      }),
    )

  sweep
    .command('list')
    .summary('the sweeps there are')
    .description('Lists the sweeps in the data folder.')
    .action((options: CommonOptions) =>
      session(host, options, { readOnly: true }, (lab, output) => {
        const { studies, lost } = lab.studies.list()
        const sweeps = studies.filter(({ study }) => isSweep(study))
        const rows = sweeps.map(({ name, study, done }) => [
          name,
          variedKeys(study).join(', '),
          study.presets.join(', '),
          writeSeeds(study.seeds),
          `${done} of ${runsAsked(study)}`,
        ])
        const text =
          rows.length === 0
            ? `There are no sweeps yet. Begin one with: ${host.program} sweep run frontier --preset mnist-quick --vary method.lambda=100,1000,10000`
            : table(['name', 'varied', 'presets', 'seeds', 'runs over'], rows)
        output.result({ sweeps, lost }, [text, ...lost.map(({ why }) => why)].join('\n'))
      }),
    )

  addStudyExport(sweep, host, 'sweep')

  sweep
    .command('remove <sweep>')
    .summary('forget a sweep; its runs stay')
    .description('Removes the sweep alone, and the folders of its tasks on Slurm: its runs here and what was found of them stay.')
    .action((name: string, options: CommonOptions) => session(host, options, {}, (lab, output) => removeStudy(lab, output, name)))
}

/** What a new sweep is of. */
function sweepOptions(command: Command): Command {
  command
    .option('--preset <list>', `where to start from, or several with commas between: ${Object.keys(presets).join(', ')}`, words)
    .addOption(new Option('--run <run>', 'start from what this run has').conflicts(['preset', 'document', 'data']))
    .addOption(new Option('--document <file>', 'start from an experiment document (JSON)').conflicts(['preset', 'data']))
    .option('--data <n>', 'data set, by name or hash (default: what the preset names)')
    .option('--set <key=value>', 'change a setting of all; may be given many times; key=@FILE reads its value from a JSON file', collect)
    .option(
      '--vary <key=values>',
      'a setting and its values with commas between; may be given many times: every value with every other’s',
      collect,
    )
    .option(
      '--random <key=low..high>',
      'a setting whose values are drawn between the two, behind :log evenly by size; may be given many times: all are drawn anew for each trial',
      collect,
    )
    .option('--trials <n>', 'how often (default: 20)', wholeNumber(1))
    .option('--random-seed <s>', 'what the draws follow from', seed, 1)
    .option('--seeds <list>', 'seeds of each, such as 1..3 or 1,4,9 (default: 1..3)', seeds)
    .option('--steps <n>', 'training steps of each (default: as the preset says)', steps)
  return askedOptions(command, sweepDefaults)
}

/** @throws LabError `invalid-argument` where nothing is varied, or cannot be read */
async function sweepOf(lab: Lab, options: RunOptions): Promise<Study> {
  const { run, document, preset, vary = [], random = [], set = [], trials, randomSeed, seeds: over, steps: length, analyses } = options
  if (vary.length + random.length === 0)
    throw new LabError('invalid-argument', 'Nothing is varied.', 'Give --vary key=value,value or --random key=low..high.')
  if (random.length === 0 && trials !== undefined)
    throw new LabError(
      'invalid-argument',
      'Trials are of settings drawn at random, and none is.',
      'Give --random key=low..high, or no --trials.',
    )
  const varied = {
    ...(vary.length === 0 ? {} : { vary: vary.map((text) => read(text, '--vary', readValues)) }),
    ...(random.length === 0
      ? {}
      : { random: { ranges: random.map((text) => read(text, '--random', readRange)), trials: trials ?? 20, seed: randomSeed ?? 1 } }),
  }
  const own = run === undefined ? document && (await readDocument(document)) : lab.runs.get(run).document
  const names = preset ?? sweepDefaults.presets
  const base =
    own === undefined
      ? { presets: names, data: options.data ?? presets[names[0]]?.data.id ?? sweepDefaults.data, settings: [] }
      : baseOf(await lab.planning.plan({ from: { document: own } }), variedKeys(varied))
  const settings = (await assignments({ set })) as Study['settings']
  const isSet = (key: string) => settings.some((setting) => setting.key === key) || (length !== undefined && key === 'training.steps')
  return {
    ...sweepDefaults,
    ...base,
    ...varied,
    ...omitUndefined({ seeds: over, analyses, networks: options.networks }),
    ...{ split: options.split, images: options.images },
    ...(length === undefined ? {} : { budget: { kind: 'steps', steps: length } }),
    settings: [...base.settings.filter(({ key }) => !isSet(key)), ...settings],
  }
}

function keepSweep(lab: Lab, output: Output, given: string, options: RunOptions): Promise<string> {
  const isTyped = typed.some((option) => options[option] !== undefined)
  return keepStudy(lab, output, given, isTyped, () => sweepOf(lab, options))
}

/** @throws LabError `invalid-argument` saying what could not be read */
function read<T>(text: string, option: string, reader: (text: string) => T | { refusal: string }): T {
  const found = reader(text)
  if (typeof found !== 'object' || found === null || !('refusal' in found)) return found
  throw new LabError('invalid-argument', `${option} ${quoted(text)}: ${found.refusal}.`, 'Change it.')
}

/** Of a table's columns those that a terminal has room for, where they were asked for. */
const told = ['Mean network', 'Ensemble', 'Vote: majority', 'Entropy', 'Disagreement of two networks']

function inWords(host: CliHost, { name, study, rows, columns, done, unasked }: StudyDetails): string {
  const keys = variedKeys(study)
  const shown = told.flatMap((label) => columns.find((column) => column.label === label) ?? [])
  const several = study.presets.length > 1
  const numbers = shown.map(({ label }) => columnInWords(rows, label))
  const cells = rows.map((row, at) => [
    ...(several ? [row.preset] : []),
    ...keys.map((key) => settingInWords(key, row.settings.find((one) => one.key === key)?.value ?? null)),
    `${row.runs.filter(({ state }) => state === 'finished').length} of ${study.seeds.length}`,
    ...numbers.map((column) => column[at]?.mean ?? '–'),
  ])
  const networks = [...new Set(rows.flatMap((row) => row.networks ?? []))]
  const head = pairs([
    ['sweep', name],
    ['varied', keys.map((key) => (headOf(key) === key ? key : `${headOf(key)} (${key})`)).join(', ')],
    ['from', study.presets.join(', ')],
    ['budget', budgetInWords(study.budget)],
    ['seeds', writeSeeds(study.seeds)],
    ['asked', `${networks.length === 0 ? '' : `${networks.map(count).join(' or ')} networks `}on ${imagesInWords(study)}`],
    [
      'runs',
      `${done} of ${plural(rows.length * study.seeds.length, 'run')} over, trained for ${duration(rows.reduce((sum, row) => sum + secondsOf(row.runs), 0))}`,
    ],
  ])
  const heads = [...(several ? ['preset'] : []), ...keys.map(headOf), 'runs', ...shown.map(headOfColumn)]
  const best = bestOfStudy(rows, shown.slice(0, 2)).map(({ label, title, surely }) => `Best mean of “${label}”: ${title}, ${surely}.`)
  const [first] = shown
  const winner = first === undefined || first.chosen === null ? undefined : rows[first.chosen]
  const next =
    study.split === 'test' || winner === undefined
      ? `Chosen on ${study.split} images, so their numbers for it are no figures to report.`
      : `Chosen on ${study.split} images. To report it, ask for test images once: ${winner.runs.map(({ run }) => `${host.program} final-test ${run}`).join('; ')}`
  return [
    head,
    table(heads, cells),
    'Means over seeds with 95 % intervals (Student’s).',
    ...leftOut(unasked),
    ...(best.length === 0 ? [] : [best.join('\n'), next]),
  ].join('\n\n')
}
