/** The commands that do again what was done: for reports, and for whoever prefers typing. */
import { subjectInWords, type ExportSubject } from '../../../shared/export-subject.ts'
import { analysisCommand, choiceOptions } from '../../../analyses/command.ts'
import type { What } from '../../../analyses/command.ts'
import { findAnalysis } from '../../../analyses/registry.ts'
import { assigned, commandLine } from '../../../shared/command-line.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { writeSeeds } from '../../../shared/seeds.ts'
import { presets } from '../../../shared/presets.ts'
import type { Store } from '../../store/open-store.ts'
import type { Run, StoredResult } from '../../store/types.ts'
import { differences } from '../../../shared/document-differences.ts'
import { schemaAt, whyNotSettable } from '../../../shared/document-keys.ts'
import { fitToData, type DataShape } from '../experiment/fit-to-data.ts'
import type { ImportedSpec } from '../../../methods/imported/schema.ts'
import { resultsOfCheckpoint } from './checkpoint-results.ts'

/** `--set` options that turn one document into the other. */
export function settingsBetween(from: Experiment, to: Experiment): string[] {
  return differences([from, to]).flatMap(({ key, values: [, given] }) => {
    // What is left out is as it is anyway.
    const value = given ?? schemaAt(key.split('.'), to)?.default ?? null
    return whyNotSettable(key) === undefined && value !== null ? ['--set', assigned(key, value)] : []
  })
}

/** @param settings `--set` options beside the preset @param seeds a run for each */
export function trainCommand(preset: string, dataset: string, settings: readonly string[], seeds?: readonly number[]): string {
  const repeated = seeds === undefined ? [] : ['--seeds', writeSeeds(seeds)]
  return commandLine(['train', '--preset', preset, '--data', dataset, ...settings, ...repeated])
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
  const { method } = run.document
  if (method.kind === 'imported') return [importCommand(method, run.document, { ...dataset, split: dataset.suggestedSplit })]
  const preset = Object.hasOwn(presets, run.document.preset) ? presets[run.document.preset] : undefined
  if (preset === undefined) return []
  const fitted = fitToData(preset, { ...dataset, split: dataset.suggestedSplit })
  return [trainCommand(run.document.preset, dataset.name, settingsBetween(fitted, run.document))]
}

/** Whose target networks are of where nothing else is said. */
export const importPreset = 'mnist-ensemble'

/** Imports networks again; several files are for the person to name. */
export function importCommand({ source, layout, modules = [], accept }: ImportedSpec, document: Experiment, data: DataShape): string {
  const fitted = fitToData(presets[importPreset], data)
  const { method, training, evaluation, preset } = document
  const settings = settingsBetween({ ...fitted, method, training, evaluation, preset }, document)
  const order = modules.length === 0 ? [] : ['--modules', modules.join()]
  const meant = accept === undefined ? [] : ['--accept', accept]
  const files = / and \S/.test(source) ? 'FILES' : source
  return commandLine(['networks', 'import', files, '--data', data.name, ...settings, '--layout', layout, ...order, ...meant])
}

export function sampleCommand(run: string, what: What & { count: number; format: string }): string {
  return commandLine(['sample', run, '-n', String(what.count), '--out', `networks.${what.format}`, ...choiceOptions(what)])
}

export function reportCommand(run: string, what: { formats: readonly string[]; at?: number | undefined }): string {
  return commandLine(['report', run, '--format', what.formats.join(','), '--out', 'report', ...choiceOptions(what)])
}

export const finalTestCommand = (run: string, at?: number): string => commandLine(['final-test', run, ...choiceOptions({ at })])

export function exportCommand(run: string, request: What & { what: ExportSubject; format: string }): string {
  const { what } = request
  const { stem } = subjectInWords(what)
  const options =
    typeof what === 'string' || 'student' in what
      ? [what === 'hypernetwork' ? '--hypernetwork' : '--student', ...(typeof what === 'string' ? [] : [String(what.student)])]
      : 'network' in what
        ? ['--network', String(what.network)]
        : ['--ensemble', String(what.ensemble)]
  const path = request.format === 'tfjs' ? stem : `${stem}.${request.format}`
  return commandLine(['export', run, ...options, '--format', request.format, '--out', path, ...choiceOptions(request)])
}

/** Makes results again. They follow the training of their run, so that it is the newest one. */
export function resultCommands(results: readonly StoredResult[], at: number): string[] {
  return results.flatMap((result) => {
    const analysis = findAnalysis(result.kind)
    return analysis === undefined ? [] : [analysisCommand(analysis, 'latest', { ...result, at })]
  })
}

/**
 * Everything, in order: trains a run again, makes the results of one of its checkpoints again, and reports them.
 * @param every not only those that are told of first, but all that a report counts or has in its table
 */
export function commandsOf(store: Store, run: Run, checkpoint: { step: number; hash: string } | undefined, every = false): string[] {
  const training = trainingCommands(store, run)
  if (checkpoint === undefined) return training
  const { shown, all } = resultsOfCheckpoint(store, run.id, checkpoint.hash)
  const told = every
    ? all.filter((one) => shown.includes(one) || one.split === 'test' || findAnalysis(one.kind)?.figures !== undefined)
    : shown
  return [...training, ...new Set(resultCommands(told, checkpoint.step)), reportCommand('latest', { formats: ['html', 'pdf', 'md'] })]
}
