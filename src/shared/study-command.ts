/** The command that begins a study, as terminal and window tell it. */
import { assigned, commandLine } from './command-line.ts'
import { writeSeeds } from './seeds.ts'
import type { Budget, Study } from './study.ts'
import { isSweep } from './sweep.ts'

/**
 * Begins a study in another lab as it was begun, or goes on with it.
 * @param dataset its name there @param verb `submit`: gives a sweep to Slurm
 */
export function studyCommand(name: string, study: Study, dataset: string, verb: 'run' | 'submit' = 'run'): string {
  const { presets: names, settings, vary = [], random, seeds, budget, networks, split, images, analyses } = study
  const varies = isSweep(study)
  const words = [varies ? 'sweep' : 'study', verb, name, ...(verb === 'submit' ? ['--slurm'] : [])]
  const budgeted = budgetOptions(budget, varies)
  // What options do not say is said by the study's file alone.
  if (budgeted === null) return commandLine(words)
  const drawn =
    random === undefined
      ? []
      : [
          ...random.ranges.flatMap(({ key, low, high, log }) => ['--random', `${key}=${low}..${high}${log ? ':log' : ''}`]),
          ...['--trials', String(random.trials), '--random-seed', String(random.seed)],
        ]
  return commandLine([
    ...words,
    ...[varies ? '--preset' : '--presets', names.join(), '--data', dataset],
    ...settings.flatMap(({ key, value }) => ['--set', assigned(key, value)]),
    ...vary.flatMap(({ key, values }) => ['--vary', `${key}=${values.map((value) => JSON.stringify(value)).join()}`]),
    ...drawn,
    ...['--seeds', writeSeeds(seeds), ...budgeted, ...(networks === null ? [] : ['-n', String(networks)])],
    ...['--split', split, '--images', String(images), '--analyses', analyses.join()],
  ])
}

function budgetOptions(budget: Budget, varies: boolean): string[] | null {
  if (budget.kind === 'steps') return ['--steps', String(budget.steps)]
  if (budget.kind === 'preset') return varies ? [] : ['--as-presets']
  if (varies) return null
  if (budget.kind === 'images') return ['--train-images', String(budget.images)]
  return Number.isInteger(budget.seconds / 60) ? ['--minutes', String(budget.seconds / 60)] : null
}
