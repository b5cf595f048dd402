/** `train`, `resume` and `fork`. */
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { Option, type Command } from 'commander'
import { documentFile } from '../../../shared/given-json.ts'
import { LabError } from '../../../shared/errors.ts'
import { availableNetworks } from '../../../shared/network-count.ts'
import { shuffleSeed } from '../../../shared/shuffle.ts'
import { splitDoubtCodeSchema, type SplitDoubtCode } from '../../../shared/split-doubts.ts'
import { splitFromSchema, type SplitFrom, type SplitRequest } from '../../../shared/split-request.ts'
import { presets } from '../../../shared/presets.ts'
import { describeAllowed, schemaAt, settableKeys, valueAt } from '../../../shared/document-keys.ts'
import { readDocument, readGivenJson } from '../../lab/imports/given-file.ts'
import { parseAssignment } from '../../lab/experiment/set-values.ts'
import type { Assignment } from '../../lab/experiment/set-values.ts'
import type { Lab } from '../../lab/lab.ts'
import type { TrainingOutcome } from '../../lab/runs/training.ts'
import type { MadeRepeat } from '../../lab/runs/repeats.ts'
import { maxSeeds } from '../../../shared/seeds.ts'
import { checkpointStep, collect, name, runSplit, seed, seeds, splitDoubtCodes, steps } from '../option-values.ts'
import { FailedResult } from '../output.ts'
import type { Output } from '../output.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { count, duration, plural } from '../../../shared/wording.ts'
import { table } from '../tables.ts'
import type { CliHost } from '../cli-host.ts'

const defaultPreset = 'mnist-quick'

interface TrainOptions extends CommonOptions {
  preset?: string
  document?: string
  data?: string
  set?: string[]
  steps?: number
  seed?: number
  split?: Omit<SplitRequest, 'from' | 'seed' | 'accept'>
  splitFrom?: SplitFrom
  splitSeed?: number
  accept?: SplitDoubtCode[]
  seeds?: number[]
  name?: string
}

interface ForkOptions extends CommonOptions {
  at?: number
  set?: string[]
  steps?: number
  seed?: number
  name?: string
}

export function addTrainingCommands(program: Command, host: CliHost): void {
  program
    .command('train')
    .summary('train a new run')
    .description(
      'Trains what makes networks, by the method of the preset: a hypernetwork learns to turn random numbers into the weights of good classifiers.\nThe run is stored as it goes; Ctrl+C pauses it with a checkpoint, and "resume" goes on to the same bits as if it had never paused.',
    )
    .option('--preset <p>', `where to start from: ${Object.keys(presets).join(', ')} (default: ${defaultPreset})`)
    .option('--document <file>', 'a whole experiment document (JSON) instead of a preset')
    .option('--data <n>', 'data set: mnist (built in), or one that was added, by name or hash (default: what the preset names)')
    .option(
      '--set <key=value>',
      'change a setting; may be given many times (the settings are listed below); key=@FILE reads its value from a JSON file',
      collect,
    )
    .option('--steps <n>', 'training steps in all: short for --set training.steps=N', steps)
    .option('--seed <s>', 'everything random follows from it: short for --set seed=S', seed)
    .addOption(
      new Option(
        '--seeds <list>',
        `repeat it over seeds, such as 1..5 or 1,4,9 (at most ${maxSeeds}): a run each, one after another; given again, it goes on`,
      )
        .argParser(seeds)
        .conflicts('seed'),
    )
    .option('--split <train,validation,test>', 'deal images anew for this run: shares (0.8,0.1,0.1) or images for each', runSplit)
    .addOption(
      new Option(
        '--split-from <which>',
        'which images are dealt: those imported for training and validation (training), or the test images too (all); imported: none (default: training, where the split is asked for)',
      ).choices(splitFromSchema.options),
    )
    .option('--split-seed <s>', `what the new order follows from (default: ${shuffleSeed})`, seed)
    .option(
      '--accept <code>',
      `what is asked about the split, and taken as it is (may be repeated): equal images on both sides of it, classes that do not train (${splitDoubtCodeSchema.options.join(', ')})`,
      splitDoubtCodes,
    )
    .option('--name <name>', 'a name for the run, beside its id', name)
    .addHelpText('after', () => `\nSettings for --set, with what ${defaultPreset} has:\n${settingsHelp()}\n`)
    .addHelpText(
      'after',
      `
Examples:
  ${host.program} train --preset mnist-quick
  ${host.program} train --preset mnist-paper --steps 2000 --seed 1
  ${host.program} train --steps 2000 --seeds 1..5   mean and deviation over seeds: "show" any of them, or compare
  ${host.program} train --set method.lambda=300 --set method.extractor=[200,200]
  ${host.program} train --set target=@target.json   a target network from a file
  ${host.program} train --data my-shapes --name "shapes, wide"
  ${host.program} train --data my-shapes --split 0.8,0.1,0.1 --split-from all --split-seed 7
Then: evaluate RUN -n 200, ensemble RUN, map RUN, report RUN.`,
    )
    .action((options: TrainOptions) =>
      session(host, options, {}, async (lab, output) => {
        if (options.preset !== undefined && options.document !== undefined) {
          throw new LabError('invalid-argument', 'A run starts from a preset or from a document, not both.', 'Give --preset or --document.')
        }
        const request = {
          from: options.document === undefined ? (options.preset ?? defaultPreset) : { document: await readDocument(options.document) },
          settings: await assignments(options),
          ...omitUndefined({ data: options.data, split: splitRequest(options), name: options.name }),
        }
        if (options.seeds !== undefined) {
          await trainRepeats(host, lab, output, await lab.repeats.make(request, options.seeds))
          return
        }
        const run = await lab.runs.create(request)
        output.note(`Run ${run.id}: ${run.preset}, ${plural(run.steps, 'step')}, seed ${run.document.seed}.`)
        await finish(host, lab, output, run.id)
      }),
    )

  program
    .command('resume <run>')
    .summary('go on with a paused or interrupted run')
    .description(
      'Goes on from the last good checkpoint. On the same machine with the same number of processes, the run ends with the same bits as if it had never stopped.',
    )
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} resume latest\n  ${host.program} resume calm-otter\nA run that has ended goes further with: fork RUN --steps MORE`,
    )
    .action((run: string, options: CommonOptions) =>
      session(host, options, {}, async (lab, output) => {
        const found = lab.runs.get(run)
        const { id, step, steps } = found
        output.note(`Going on with ${id} (step ${count(step)} of ${count(steps)}).`)
        if (lab.demo.isUnfinished(found)) output.note(`It is a demo's: to go on with all that follows as well: ${host.program} demo`)
        await finish(host, lab, output, id)
      }),
    )

  program
    .command('fork <run>')
    .summary('a new run from a checkpoint, with changed settings')
    .description(
      'Begins a new run from a checkpoint of another. Everything but sizes (of the target and what makes its weights) can be changed; the first run stays as it is.',
    )
    .option('--at <step>', 'step of the checkpoint (default: the newest; "show RUN" lists them)', checkpointStep)
    .option('--set <key=value>', 'change a setting; may be given many times; key=@FILE reads its value from a JSON file', collect)
    .option('--steps <n>', 'training steps in all, those before the fork included: short for --set training.steps=N', steps)
    .option('--seed <s>', 'short for --set seed=S', seed)
    .option('--name <name>', 'a name for the new run', name)
    .addHelpText(
      'after',
      `
Examples:
  ${host.program} fork calm-otter --at 300 --set method.lambda=300   more diversity from step 300 on
  ${host.program} fork calm-otter --steps 2000                          train further than it was meant to`,
    )
    .action((parent: string, options: ForkOptions) =>
      session(host, options, {}, async (lab, output) => {
        const { at, name } = options
        const run = await lab.runs.fork(parent, omitUndefined({ settings: await assignments(options), at, name }))
        output.note(`Run ${run.id}: forked from ${run.parent?.run} at step ${run.parent?.step}.`)
        await finish(host, lab, output, run.id)
      }),
    )
}

async function finish(host: CliHost, lab: Lab, output: Output, id: string): Promise<void> {
  const outcome = await lab.runs.train(id)
  if (outcome.reason === 'paused') throw paused(outcome)
  const { run, step, seconds } = outcome
  const tested = availableNetworks(lab.runs.get(run).document, 200)
  output.result(
    { run, step, seconds },
    `Run ${run} finished: ${plural(step, 'step')} in ${duration(seconds)}.\nNext: ${host.program} evaluate ${run} -n ${tested}   (test ${tested} networks sampled from it)`,
  )
}

/** How a repeat that was there already stands. */
function stateOf(lab: Lab, run: MadeRepeat['run']): string {
  if (!lab.repeats.isOpen(run)) return `${run.state} already`
  return run.step === 0 ? 'not begun' : `goes on at step ${run.step}`
}

/** One after another; of one that diverges the others know nothing. */
async function trainRepeats(host: CliHost, lab: Lab, output: Output, repeats: readonly MadeRepeat[]): Promise<void> {
  const [{ run: first }] = repeats
  output.note(`${plural(repeats.length, 'run')} over seeds of ${first.preset}, ${plural(first.steps, 'step')} each.`)
  for (const { seed, run, isNew } of repeats) {
    const state = isNew ? 'new' : stateOf(lab, run)
    output.item('run', { run: run.id, seed, state })
    output.note(`Seed ${seed}: run ${run.id}, ${state}.`)
  }
  for (const { run } of repeats.filter((repeat) => lab.repeats.isOpen(repeat.run))) {
    try {
      const outcome = await lab.runs.train(run.id)
      if (outcome.reason === 'paused')
        throw paused(outcome, 'Give the same command again: it goes on there, and then with the other seeds.')
    } catch (thrown) {
      if (!(thrown instanceof LabError) || thrown.code !== 'diverged') throw thrown
      output.note(thrown.message)
    }
  }
  const ended = repeats.map(({ seed, run }) => ({ ...lab.runs.get(run.id), seed }))
  const lost = ended.filter(({ state }) => state !== 'finished')
  const rows = ended.map(({ seed, id, state, step, seconds }) => [String(seed), id, state, String(step), duration(seconds)])
  const next = `Next: ${host.program} evaluate ${first.id} -n ${availableNetworks(ended[0].document, 200)} --over-seeds   (test networks of all of them)`
  output.result(
    { runs: ended.map(({ seed, id, state, step, seconds }) => ({ run: id, seed, state, step, seconds })) },
    `${table(['seed', 'run', 'state', 'step', 'trained'], rows)}\n${next}`,
  )
  if (lost.length > 0) throw new FailedResult()
}

/** A pause is what the person asked for, and still not the end that the command was given for. */
export function paused({ run, step }: TrainingOutcome, remedy?: string): LabError {
  const help = remedy === undefined ? { action: 'resume' as const, run } : undefined
  return new LabError('cancelled', `Run ${run} is paused at step ${step}, with a checkpoint.`, remedy ?? 'Go on with it.', help)
}

/** What `--set`, `--steps` and `--seed` ask for. @throws LabError `invalid-argument`, `bad-input` */
export async function assignments({ set = [], steps, seed }: { set?: string[]; steps?: number; seed?: number }): Promise<Assignment[]> {
  return [
    ...(await Promise.all(set.map(parseAssignment).map(fromFile))),
    ...(steps === undefined ? [] : [{ key: 'training.steps', value: steps }]),
    ...(seed === undefined ? [] : [{ key: 'seed', value: seed }]),
  ]
}

/** `key=@FILE`: the value that stands in a JSON file. @throws LabError `bad-input` */
async function fromFile({ key, value }: Assignment): Promise<Assignment> {
  if (value === '@') throw new LabError('invalid-argument', `--set ${key}=@ names no file.`, 'Write the path of a JSON file behind the @.')
  return { key, value: typeof value === 'string' && value.startsWith('@') ? await readGivenJson(value.slice(1), documentFile) : value }
}

/** Undefined: nothing is asked of it. */
function splitRequest({ split = {}, splitFrom: from, splitSeed, accept }: TrainOptions): SplitRequest | undefined {
  const request = omitUndefined({ ...split, from, seed: splitSeed, accept })
  return Object.keys(request).length === 0 ? undefined : request
}

function settingsHelp(): string {
  const preset = presets[defaultPreset]
  const clip = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 3)}...` : text)
  const rows = settableKeys(preset).map((key) => {
    const path = key.split('.')
    return [key, clip(JSON.stringify(valueAt(preset, path)), 24), clip(describeAllowed(schemaAt(path, preset)!), 64)]
  })
  return table(['key', 'value', 'allowed'], rows).replace(/^/gm, '  ')
}
