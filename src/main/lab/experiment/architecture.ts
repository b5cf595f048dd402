/** What must stay as it is where weights are taken over. */
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'

/** Weights of one architecture do not fit another. @throws LabError `invalid-argument` naming the key that differs */
export function requireSameArchitecture(before: Experiment, after: Experiment): void {
  const shape = ({ target, hypernetwork }: Experiment) => ({
    'target.input': target.input,
    'target.layers': target.layers,
    'hypernetwork.latent': hypernetwork.latent,
    'hypernetwork.extractor': hypernetwork.extractor,
    'hypernetwork.code': hypernetwork.code,
    'hypernetwork.generators': hypernetwork.generators,
  })
  const was = shape(before)
  for (const [key, value] of Object.entries(shape(after))) {
    if (JSON.stringify(value) !== JSON.stringify(was[key as keyof typeof was])) {
      throw new LabError(
        'invalid-argument',
        `${key} cannot change in a fork: the checkpoint's weights would not fit.`,
        'Train a new run with it instead.',
        { action: 'train', settings: { [key]: null } },
      )
    }
  }
}
