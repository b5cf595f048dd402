/** The commands that do again what was done: for reports, and for whoever prefers typing. */
import type { Experiment } from '../../shared/experiment.ts'
import { presets } from '../../shared/presets.ts'
import type { Run, Store } from '../store/types.ts'
import { valueAt } from './experiment/document.ts'
import { settableKeys } from './experiment/document-keys.ts'
import { fitToData } from './experiment/fit-to-data.ts'
import type { CheckpointResults } from './results-of-checkpoint.ts'

/** How the command line is called from a clone of the project. */
export const program = 'npm run lab --'

/** `--set` options that turn one document into the other. */
export function settingsBetween(from: Experiment, to: Experiment): string[] {
  return settableKeys().flatMap((key) => {
    const path = key.split('.')
    const value = JSON.stringify(valueAt(to, path))
    return value === JSON.stringify(valueAt(from, path)) ? [] : ['--set', quote(`${key}=${value}`)]
  })
}

/** Trains a run again, with the runs that it was forked from. */
export function trainingCommands(store: Store, run: Run): string[] {
  if (run.parent !== null) {
    const parent = store.runs.get(run.parent.run)
    const fork = ['fork', parent.id, '--at', String(run.parent.step), ...settingsBetween(parent.document, run.document)]
    return [...trainingCommands(store, parent), join(fork)]
  }
  const dataset = store.datasets.get(run.document.data.id)
  const preset = Object.hasOwn(presets, run.document.preset) ? presets[run.document.preset] : undefined
  if (preset === undefined) return []
  const fitted = fitToData(preset, { ...dataset, split: dataset.suggestedSplit })
  return [join(['train', '--preset', run.document.preset, '--data', quote(dataset.name), ...settingsBetween(fitted, run.document)])]
}

/** Makes a run's results again. They follow its training, so that it is the newest run. */
export function resultCommands({ evaluation, ensemble, student, map }: CheckpointResults, step: number): string[] {
  const at = ['--at', String(step)]
  const commands: string[][] = []
  if (evaluation !== undefined) {
    const { n, images, split } = evaluation.result
    commands.push([
      'evaluate',
      'latest',
      '-n',
      String(n),
      '--split',
      split,
      '--images',
      String(images),
      ...seedOption(evaluation.seed),
      ...at,
    ])
  }
  if (ensemble !== undefined) {
    const { sizes, count, split, images, seed } = ensemble
    commands.push([
      'ensemble',
      'latest',
      '--sizes',
      sizes.join(','),
      '-n',
      String(count),
      '--split',
      split,
      '--images',
      String(images),
      ...seedOption(seed),
      ...at,
    ])
  }
  if (student !== undefined) {
    const { split, images, steps } = student.result
    commands.push([
      'distil',
      'latest',
      '-n',
      String(student.count),
      '--split',
      split,
      '--images',
      String(images),
      '--steps',
      String(steps),
      ...seedOption(student.seed),
      ...at,
    ])
  }
  if (map !== undefined) {
    commands.push(['map', 'latest', '-n', String(map.count), '--method', map.result.method, ...seedOption(map.seed), ...at])
  }
  return commands.map(join)
}

const seedOption = (seed: number | null) => (seed === null ? [] : ['--seed', String(seed)])
const join = (words: readonly string[]) => [program, ...words].join(' ')

/** For a POSIX shell. */
function quote(word: string): string {
  return /^[\w.,:=/+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
