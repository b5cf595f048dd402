/** The commands that do again what was done: for reports, and for whoever prefers typing. */
import type { Analysis } from '../../../analyses/analysis.ts'
import { optionWords } from '../../../analyses/option-facts.ts'
import { findAnalysis } from '../../../analyses/registry.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { presets } from '../../../shared/presets.ts'
import type { Split } from '../../../shared/split.ts'
import type { Run, Store, StoredResult } from '../../store/types.ts'
import { differences } from '../../../shared/document-differences.ts'
import { whyNotSettable } from '../../../shared/document-keys.ts'
import { fitToData } from '../experiment/fit-to-data.ts'
import { resultsOfCheckpoint } from './checkpoint-results.ts'

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

/** Which networks, as results and requests name them. */
interface What {
  seed?: number | null | undefined
  at?: number | undefined
}

/** What an analysis was asked, or what a result of it was found from. */
interface Asked extends What {
  count?: number | undefined
  networks?: readonly number[] | null | undefined
  split?: Split | null | undefined
  /** Absent: all. */
  images?: number | null | undefined
  options?: Readonly<Record<string, unknown>> | undefined
}

export function analysisCommand(analysis: Analysis, run: string, asked: Asked): string {
  const { count, networks, split, images, options = {} } = asked
  const which = isAbsent(networks) ? (count === undefined ? [] : ['-n', String(count)]) : ['--networks', networks.join(',')]
  const on = isAbsent(split) ? withoutImages(analysis) : ['--split', split, '--images', String(images ?? 'all')]
  const chosen = optionWords(analysis, options, networks?.length ?? count ?? 1)
  return commandLine([analysis.command, run, ...which, ...on, ...chosen, ...choiceOptions(asked)])
}

const withoutImages = ({ images }: Analysis) => (images?.without === undefined ? [] : [`--no-${images.without.flag}`])

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

/** Makes results again. They follow the training of their run, so that it is the newest one. */
export function resultCommands(results: readonly StoredResult[], at: number): string[] {
  return results.flatMap((result) => {
    const analysis = findAnalysis(result.kind)
    return analysis === undefined ? [] : [analysisCommand(analysis, 'latest', { ...result, at })]
  })
}

/** Everything, in order: trains a run again, makes the results of one of its checkpoints again, and reports them. */
export function commandsOf(store: Store, run: Run, checkpoint: { step: number; hash: string } | undefined): string[] {
  const training = trainingCommands(store, run)
  if (checkpoint === undefined) return training
  const { shown } = resultsOfCheckpoint(store, run.id, checkpoint.hash)
  return [...training, ...resultCommands(shown, checkpoint.step), reportCommand('latest', { formats: ['html', 'pdf', 'md'] })]
}

function choiceOptions({ seed, at }: What): string[] {
  return [...(isAbsent(seed) ? [] : ['--seed', String(seed)]), ...(at === undefined ? [] : ['--at', String(at)])]
}

/** What is not there, however that is said. */
const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined

/** The words as a line to type or copy. */
export const commandLine = (words: readonly string[]) => [program, ...words.map(quote)].join(' ')

/** For a POSIX shell. */
function quote(word: string): string {
  return /^[\w.,:=/+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
