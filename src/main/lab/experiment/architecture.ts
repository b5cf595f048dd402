/** What must stay as it is where weights are taken over. */
import { methodOf } from '../../../methods/registry.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { differences, documentValue } from '../../../shared/document-differences.ts'

/** Keys on which the sizes of what is trained depend. */
export const sizeKeys = (document: Experiment): string[] => [
  'target.input',
  'target.layers',
  'method.kind',
  ...methodOf(document.method).fixedInFork.map((key) => `method.${key}`),
]

/** Weights of one architecture do not fit another. @throws LabError `invalid-argument` naming the key that differs */
export function requireSameArchitecture(before: Experiment, after: Experiment): void {
  for (const key of sizeKeys(before)) {
    if (JSON.stringify(documentValue(after, key)) === JSON.stringify(documentValue(before, key))) continue
    throw new LabError(
      'invalid-argument',
      `${key} cannot change in a fork: the checkpoint's weights would not fit.`,
      'Train a new run with it instead.',
      { action: 'train', settings: { [key]: null } },
    )
  }
}

/** Weights have seen the images that trained them. @throws LabError `invalid-argument` */
export function requireSameSplit(before: Experiment, after: Experiment): void {
  const changed = differences([before, after]).find(({ key }) => key.startsWith('data.'))
  if (changed === undefined) return
  throw new LabError(
    'invalid-argument',
    'A fork keeps the split of its parent: images that trained would be tested on.',
    'Begin a new run for another split.',
    { settings: { [changed.key]: null } },
  )
}
