/** The commands that do again what was done: for reports, and for whoever prefers typing. */
import { defaultDistilOptions, type DistilOptions } from '../../../shared/distil-options.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { coloursOfMap } from '../../../shared/map-colours.ts'
import { presets } from '../../../shared/presets.ts'
import type { Split } from '../../../shared/results.ts'
import type { Run, Store } from '../../store/types.ts'
import { differences } from '../../../shared/document-differences.ts'
import { whyNotSettable } from '../../../shared/document-keys.ts'
import { fitToData } from '../experiment/fit-to-data.ts'
import { defaultMapOptions } from '../../../shared/map-options.ts'
import { resultsOfCheckpoint } from './checkpoint-results.ts'
import type { CheckpointResults } from './checkpoint-results.ts'

/** How the command line is called from a clone of the project. */
export const program = 'npm run lab --'

/** `--set` options that turn one document into the other. */
export function settingsBetween(from: Experiment, to: Experiment): string[] {
  return differences([from, to]).flatMap(({ key, values: [, value] }) =>
    whyNotSettable(key) === undefined && value !== null ? ['--set', `${key}=${JSON.stringify(value)}`] : [],
  )
}

/** Trains a run again, with the runs that it was forked from; none when one of these is gone. */
export function trainingCommands(store: Store, run: Run): string[] {
  if (run.parent !== null) {
    if (store.runs.summary(run.parent.run) === null) return []
    const parent = store.runs.get(run.parent.run)
    const fork = ['fork', parent.id, '--at', String(run.parent.step), ...settingsBetween(parent.document, run.document)]
    return [...trainingCommands(store, parent), commandLine(fork)]
  }
  const dataset = store.datasets.get(run.document.data.id)
  const preset = Object.hasOwn(presets, run.document.preset) ? presets[run.document.preset] : undefined
  if (preset === undefined) return []
  const fitted = fitToData(preset, { ...dataset, split: dataset.suggestedSplit })
  return [commandLine(['train', '--preset', run.document.preset, '--data', dataset.name, ...settingsBetween(fitted, run.document)])]
}

/** Which networks on which images, as results keep them. */
interface What {
  seed?: number | null | undefined
  at?: number | undefined
  split?: Split | undefined
  /** Absent: all. */
  images?: number | undefined
  networks?: readonly number[] | null | undefined
}

export function evaluateCommand(run: string, what: What & { count: number }): string {
  return commandLine(['evaluate', run, '-n', String(what.count), ...imageOptions(what), ...choiceOptions(what)])
}

export function ensembleCommand(run: string, what: What & { sizes: readonly number[]; count?: number | undefined }): string {
  const from = isAbsent(what.networks) && what.count !== undefined ? ['-n', String(what.count)] : networkOptions(what)
  return commandLine(['ensemble', run, '--sizes', what.sizes.join(','), ...from, ...imageOptions(what), ...choiceOptions(what)])
}

export function distilCommand(run: string, what: What & { count: number; options?: Partial<DistilOptions> | undefined }): string {
  const flags: Record<keyof DistilOptions, string> = {
    labelled: '--labelled',
    steps: '--steps',
    imageBatch: '--image-batch',
    learningRate: '--learning-rate',
    temperature: '--temperature',
    labelWeight: '--label-weight',
    width: '--width',
  }
  const options = Object.entries(what.options ?? {}).flatMap(([key, value]) => [flags[key as keyof DistilOptions], String(value)])
  const from = isAbsent(what.networks) ? ['-n', String(what.count)] : networkOptions(what)
  return commandLine(['distil', run, ...from, ...imageOptions(what), ...options, ...choiceOptions(what)])
}

interface MapWhat extends What {
  count: number
  method: 'pca' | 'tsne'
  options?: Readonly<Record<string, string | number | undefined>> | undefined
  colours?: { split?: Split | undefined; images?: number | undefined } | null | undefined
}

export function mapCommand(run: string, what: MapWhat): string {
  const options = ['perplexity', 'iterations', 'components'].flatMap((name) => {
    const value = what.options?.[name]
    return value === undefined ? [] : [`--${name}`, String(value)]
  })
  const { colours } = what
  const images = colours === undefined ? [] : colours === null ? ['--no-colours'] : imageOptions(colours)
  return commandLine(['map', run, '-n', String(what.count), '--method', what.method, ...options, ...images, ...choiceOptions(what)])
}

export function sampleCommand(run: string, what: What & { count: number; format: string }): string {
  return commandLine(['sample', run, '-n', String(what.count), '--out', `networks.${what.format}`, ...choiceOptions(what)])
}

export function reportCommand(run: string, what: { formats: readonly string[]; at?: number | undefined }): string {
  return commandLine(['report', run, '--format', what.formats.join(','), '--out', 'report', ...choiceOptions(what)])
}

export function exportCommand(run: string, what: What & { network: number | null; format: string }): string {
  const which = what.network === null ? ['--student'] : ['--network', String(what.network)]
  const name = what.network === null ? 'student' : `network-${what.network}`
  const path = what.format === 'tfjs' ? name : `${name}.${what.format}`
  return commandLine(['export', run, ...which, '--format', what.format, '--out', path, ...choiceOptions(what)])
}

/** Makes a run's results again. They follow its training, so that it is the newest run. */
export function resultCommands({ evaluation, ensemble, student, map }: CheckpointResults, at: number): string[] {
  const run = 'latest'
  const commands: string[] = []
  if (evaluation !== undefined) {
    const { n: count, images, split } = evaluation.result
    commands.push(evaluateCommand(run, { count, images, split, seed: evaluation.seed, at }))
  }
  if (ensemble !== undefined) {
    const { sizes, count, split, images, seed, networks } = ensemble
    commands.push(ensembleCommand(run, { sizes, count, split, images, seed, networks, at }))
  }
  if (student !== undefined) {
    const { count, seed, networks } = student
    const { split, images, steps, options: how } = student.result
    const options = { steps, ...differing(how ?? {}, { ...defaultDistilOptions, steps }) }
    commands.push(distilCommand(run, { count, split, images, options, seed, networks, at }))
  }
  if (map !== undefined) {
    const options = differing(map.options, { ...defaultMapOptions(map.count) })
    const colours = coloursOfMap(map.options) ?? undefined
    commands.push(mapCommand(run, { count: map.count, method: map.result.method, options, colours, seed: map.seed, at }))
  }
  return commands
}

/** Everything, in order: trains a run again, makes the results of one of its checkpoints again, and reports them. */
export function commandsOf(store: Store, run: Run, checkpoint: { step: number; hash: string } | undefined): string[] {
  const training = trainingCommands(store, run)
  if (checkpoint === undefined) return training
  const made = resultsOfCheckpoint(store, run.id, checkpoint.hash)
  return [...training, ...resultCommands(made, checkpoint.step), reportCommand('latest', { formats: ['html', 'pdf', 'md'] })]
}

const imageOptions = ({ split, images }: Pick<What, 'split' | 'images'>) => [
  ...(split === undefined ? [] : ['--split', split]),
  '--images',
  String(images ?? 'all'),
]
const networkOptions = ({ networks }: What) => (isAbsent(networks) ? [] : ['--networks', networks.join(',')])

function choiceOptions({ seed, at }: What): string[] {
  return [...(isAbsent(seed) ? [] : ['--seed', String(seed)]), ...(at === undefined ? [] : ['--at', String(at)])]
}

/** Those of the options that are not as they are unless one says otherwise. */
function differing<T extends object>(options: T, standard: Readonly<Record<string, unknown>>): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => standard[name] !== value)) as Partial<T>
}

/** What is not there, however that is said. */
const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined

/** The words as a line to type or copy. */
export const commandLine = (words: readonly string[]) => [program, ...words.map(quote)].join(' ')

/** For a POSIX shell. */
function quote(word: string): string {
  return /^[\w.,:=/+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
